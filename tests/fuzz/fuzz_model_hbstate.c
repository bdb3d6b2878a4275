/* SPDX-License-Identifier: GPL-2.0-or-later */
/* heartbeat-state.json: each key has a verdict, and no value makes a check fresh that is not. */
#include "model_check.h"

#include "base/timetext.h"
#include "model/heartbeat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct arena *a, const struct heartbeat *h, int64_t now)
{
    demand(h->overdue_count <= h->due_count && h->due_count <= h->check_count);
    demand(h->last_ms == NOT_KNOWN || h->last_ms <= now + 60000);
    for (size_t i = 0; i < h->check_count; i++) {
        const struct hb_line *l = &h->check[i];
        demand_safe(a, l->name);
        demand_safe(a, l->note);
        demand((l->state == DUE_NOTE) == (l->note != NULL));
        demand(l->state != DUE_OK || (l->at_ms != NOT_KNOWN && l->at_ms <= now + 60000));
        demand(l->age_ms == NOT_KNOWN || l->age_ms >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct settings settings = {.heartbeat_due_s = 7200, .heartbeat_overdue_s = 15000};
    struct decode_in in = {.bytes = {(const char *)data, size}, .name = "heartbeat-state.json"};
    const struct hbstate_doc *doc = hbstate_decode(&a, &in, &e);
    demand_verdict(doc, &e, in.name);
    struct docs docs = {.hbstate_doc = doc};
    check(&a, heartbeat_at(&a, &docs, &settings, INT64_C(1795322860000)), INT64_C(1795322860000));
    arena_release(&a);
    return 0;
}
