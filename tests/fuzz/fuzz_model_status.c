/* SPDX-License-Identifier: GPL-2.0-or-later */
/* miner_status.json, and the stages made of it. */
#include "model_check.h"

#include "base/timetext.h"
#include "model/stages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_event(struct arena *a, const struct stage_event *e)
{
    demand(e->number >= -1 && e->number < STAGE_COUNT);
    demand(e->name && e->status_text && e->message && e->username && e->details);
    demand_safe(a, e->name);
    demand_safe(a, e->status_text);
    demand_safe(a, e->message);
    demand_safe(a, e->username);
    demand(text_width(e->details) <= 200);
}

static void check_part(const struct stages *s)
{
    demand(s->run_count <= STAGE_RUNS && s->elapsed_ms >= NOT_KNOWN);
    for (int i = 0; i < STAGE_COUNT; i++) {
        demand(s->stage[i].number == i && s->stage[i].limit_ms > 0);
        demand(s->stage[i].duration_ms == NOT_KNOWN || s->stage[i].duration_ms >= 0);
        demand((s->stage[i].typical_ms == NOT_KNOWN) == (s->stage[i].typical_ms < 0));
    }
    for (size_t i = 0; i < s->run_count; i++)
        demand(i == 0 || s->run[i].state != RUN_OPEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct decode_in in = {.bytes = {(const char *)data, size},
                           .name = "miner_status.json",
                           .mtime_ms = INT64_C(1795322856000),
                           .local_offset_s = 36000};
    const struct status_doc *doc = status_decode(&a, &in, &e);
    demand_verdict(doc, &e, in.name);
    for (size_t i = 0; doc && i < doc->history_count; i++)
        check_event(&a, &doc->history[i]);
    if (doc && doc->has_current)
        check_event(&a, &doc->current);
    struct docs docs = {.status_doc = doc};
    struct origin origin[DOC_COUNT] = {0};
    check_part(stages_at(&a, &docs, origin, NULL, in.mtime_ms + 4000));
    arena_release(&a);
    return 0;
}
