/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

/* Stalled is the model's word: longer than max(10 min, 3 x typical), stage 0 than 2 x its announced wait (rig-files 3.4).
 * Critical from twice that limit on; reliability 3.2 waits for 5/2 of it, and an owner has waited long enough by then. */
static const int64_t CRITICAL_TIMES = 2;

static const char *for_user(struct arena *a, const char *username)
{
    return username && *username ? arena_text(a, " for %s", username) : "";
}

static void judge_line(const struct model *m, struct findings *f, const struct stage_line *line)
{
    const struct stages *s = m->stages;
    int64_t elapsed = line->duration_ms != NOT_KNOWN ? line->duration_ms : s->elapsed_ms;
    bool timed = elapsed != NOT_KNOWN && line->limit_ms > 0;
    bool critical = timed && elapsed / CRITICAL_TIMES > line->limit_ms;
    int64_t limit = critical ? line->limit_ms * CRITICAL_TIMES : line->limit_ms;
    struct alert *a = finding_add(f, critical ? SEVERITY_CRITICAL : SEVERITY_WARNING, line->name);
    a->value_text = text_span(f->arena, elapsed);
    if (timed) {
        finding_numbers(a, (double)(elapsed / 1000), (double)(limit / 1000));
        a->since_ms = m->now_ms - elapsed + line->limit_ms;
        a->limit_text = arena_text(f->arena, "> %s", text_span(f->arena, limit));
    }
    a->what = arena_text(f->arena, "Stage %d %s stalled for %s", line->number, line->name, a->value_text);
    a->why =
        arena_text(f->arena, "Stage %d%s runs for %s, typically %s%s, limit %s%s (%s); last message: %s", line->number,
                   for_user(f->arena, s->current.username), a->value_text, text_span(f->arena, line->typical_ms),
                   line->typical_of ? " for this account" : "", text_span(f->arena, line->limit_ms),
                   critical ? ", critical at twice that" : "", doc_name(m, s->from_log ? DOC_LOG : DOC_STATUS),
                   s->current.message && *s->current.message ? s->current.message : "(none)");
    do_read_log(f, m, a);
    finding_do(a, "is a module blocked on a full pipe? ps -eo pid,stat,wchan:20,args | grep -i miner");
    do_restart(f, m, a);
}

static void judge(const struct model *m, struct findings *f)
{
    for (int i = 0; m->stages->known && i < STAGE_COUNT; i++) {
        if (m->stages->stage[i].state == STAGE_STALLED)
            judge_line(m, f, &m->stages->stage[i]);
    }
}

const struct rule rule_stage_stale = {
    .name = "stage_stale",
    .help =
        "a stage runs longer than max(10 min, 3 x its typical time), or a wait twice as long as announced; critical "
        "at twice that",
    .judge = judge,
};
