/* SPDX-License-Identifier: GPL-2.0-or-later */
/* miner.pid: what is taken is a number that a process can have, and the digits of the file. */
#include "model_check.h"

#include <stdio.h>

#include "model/daemon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct decode_in in = {
        .bytes = {(const char *)data, size}, .name = "miner.pid", .mtime_ms = 5, .local_offset_s = 0};
    const struct pid_doc *doc = pid_decode(&a, &in, &e);
    demand_verdict(doc, &e, in.name);
    if (doc) {
        char digits[32];
        snprintf(digits, sizeof digits, "%lld", (long long)doc->pid);
        demand(doc->pid > 1 && doc->pid <= 1 << 22 && doc->mtime_ms == 5);
        demand(bytes_find(in.bytes, digits) < size);
    }
    arena_release(&a);
    return 0;
}
