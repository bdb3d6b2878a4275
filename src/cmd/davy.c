/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy: the dashboard and its one-shot commands. */
#include <stdio.h>

int main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    puts("davy " DAVY_VERSION);
    return 0;
}
