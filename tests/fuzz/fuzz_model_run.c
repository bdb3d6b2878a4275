/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-run's state file. */
#include "model_check.h"

#include "base/timetext.h"
#include "model/modules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct origin origin[DOC_COUNT] = {0};
    struct decode_in in = {.bytes = {(const char *)data, size}, .name = "run.json"};
    const struct run_doc *doc = run_decode(&a, &in, &e);
    demand_verdict(doc, &e, in.name);
    struct docs docs = {.run_doc = doc};
    const struct modules *m = modules_at(&a, &docs, origin, INT64_C(1795322856000));
    for (size_t i = 0; i < m->count; i++) {
        demand_safe(&a, m->one[i].name);
        demand_safe(&a, m->one[i].state);
        demand(m->one[i].uptime_ms == NOT_KNOWN || m->one[i].uptime_ms >= 0);
    }
    arena_release(&a);
    return 0;
}
