/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

/* The state file's age is the daemon's heartbeat: the daemon rule speaks about it in every state but these two. */
static bool told_by_daemon(const struct model *m)
{
    return m->daemon->state != DAEMON_UP && m->daemon->state != DAEMON_UNKNOWN;
}

static void judge_doc(const struct model *m, struct findings *f, enum doc_id id)
{
    const struct origin *o = &m->origin[id];
    int64_t limit = doc_rows[id].stale_ms;
    int64_t age = o->mtime_ms == NOT_KNOWN ? NOT_KNOWN : m->now_ms - o->mtime_ms;
    struct alert *a = finding_add(f, SEVERITY_WARNING, doc_rows[id].key);
    a->value_text = text_span(f->arena, age);
    a->limit_text = arena_text(f->arena, "> %s", text_span(f->arena, limit));
    if (age != NOT_KNOWN) {
        finding_numbers(a, (double)(age / 1000), (double)(limit / 1000));
        a->since_ms = o->mtime_ms + limit;
    }
    a->what = arena_text(f->arena, "%s is %s old", doc_name(m, id), a->value_text);
    a->why = arena_text(f->arena, "%s was last written at %s; it should never be older than %s.", doc_name(m, id),
                        text_minute(f->arena, o->mtime_ms), text_span(f->arena, limit));
    finding_do(a, arena_text(f->arena, "ls -l %s; date", doc_word(f->arena, m, id)));
    finding_do(a, id == DOC_AUCTION ? "does the auction miner run? pgrep -af 'davy-mine|aps_miner'"
                                    : "bash scripts/check-status.sh");
}

static void judge(const struct model *m, struct findings *f)
{
    for (enum doc_id id = 0; id < DOC_COUNT; id++) {
        if (m->origin[id].state == ORIGIN_STALE && !(id == DOC_STATE && told_by_daemon(m)))
            judge_doc(m, f, id);
    }
}

const struct rule rule_source_stale = {
    .name = "source_stale",
    .help = "a file that is written all the time was not written for longer than its time",
    .judge = judge,
};
