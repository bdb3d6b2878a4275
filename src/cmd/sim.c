/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-sim: simulators for the demo and the tests. */
#include <stdio.h>

int main(void)
{
    fputs("davy-sim: say `davy-sim --help`\n", stderr);
    return 3;
}
