/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

/* The stage miner prints a status line every 30 s and computes it in its main loop: none for 90 s means that the loop
 * stands (rig-files 3.3). A rig that never printed one has no such loop. */
static const int64_t LIMIT_MS = 90000;

static void judge(const struct model *m, struct findings *f)
{
    const struct log *log = m->log;
    if (!log->known || !log->status_line || log->status_ms == NOT_KNOWN || m->now_ms - log->status_ms <= LIMIT_MS)
        return;
    int64_t age = m->now_ms - log->status_ms;
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    finding_numbers(a, (double)(age / 1000), (double)(LIMIT_MS / 1000));
    a->since_ms = log->status_ms + LIMIT_MS;
    a->value_text = text_span(f->arena, age);
    a->limit_text = "> 1m 30s";
    a->what = arena_text(f->arena, "Miner's loop silent for %s", a->value_text);
    a->why = arena_text(f->arena, "The last status line in %s is of %s; one comes every 30 s while the loop runs.",
                        doc_name(m, DOC_LOG), text_minute(f->arena, log->status_ms));
    do_read_log(f, m, a);
    finding_do(a, "see what runs: ps -eo pid,stat,etime,args | grep -i miner");
    do_restart(f, m, a);
}

const struct rule rule_loop_stuck = {
    .name = "loop_stuck",
    .help = "no status line in the log for more than 90 s, although there were some",
    .judge = judge,
};
