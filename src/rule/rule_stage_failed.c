/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

/* The newest closed run: the next account starts seconds after a failure and must not hide it. */
static const struct stage_run *last_closed(const struct stages *s)
{
    for (size_t i = 0; i < s->run_count; i++) {
        if (s->run[i].state != RUN_OPEN)
            return &s->run[i];
    }
    return NULL;
}

static void judge(const struct model *m, struct findings *f)
{
    const struct stage_run *run = last_closed(m->stages);
    if (!run || run->state != RUN_FAILED)
        return;
    const char *user = run->username && *run->username ? run->username : "(no user)";
    const char *stage = stage_name(run->last_stage);
    struct alert *a = finding_add(f, SEVERITY_INFO, user);
    a->since_ms = run->end_ms;
    a->what =
        arena_text(f->arena, "Last run failed in stage %d%s%s", run->last_stage, stage ? " " : "", stage ? stage : "");
    bool timed = run->end_ms != NOT_KNOWN;
    a->why = arena_text(f->arena, "The run of %s ended%s%s: %s", user, timed ? " at " : "",
                        timed ? text_minute(f->arena, run->end_ms) : "",
                        run->message && *run->message ? run->message : "no message");
    if (doc_seen(m, DOC_LOG))
        finding_do(
            a, arena_text(f->arena, "grep -n 'Stage %d' %s | tail", run->last_stage, doc_word(f->arena, m, DOC_LOG)));
    else
        do_read_log(f, m, a);
}

const struct rule rule_stage_failed = {
    .name = "stage_failed",
    .help = "the last finished run failed",
    .judge = judge,
};
