/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated runtime's metadata on standard output: chain_runtime VERSION. For tests that play a node. */
#include "sim/runtime.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    struct arena a = {0};
    struct bytes metadata = runtime_metadata(&a, argc > 1 ? (unsigned)atoi(argv[1]) : 15);
    bool ok = fwrite(metadata.at, 1, metadata.len, stdout) == metadata.len && fflush(stdout) == 0;
    arena_release(&a);
    return !ok;
}
