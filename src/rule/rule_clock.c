/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

/* As many as a sample (10) are missing from the KPIs then: no longer only a curiosity. */
static void judge(const struct model *m, struct findings *f)
{
    uint64_t n = m->scores->counts.future;
    if (!m->scores->known || !n)
        return;
    struct alert *a = finding_add(f, n >= MIN_SCORED ? SEVERITY_WARNING : SEVERITY_INFO, "");
    finding_numbers(a, (double)n, n >= MIN_SCORED ? MIN_SCORED - 1 : 0);
    a->value_text = arena_text(f->arena, "%s record%s", text_count(f->arena, (int64_t)n), plural(n));
    a->limit_text = n >= MIN_SCORED ? "> 9" : "> 0";
    a->what = arena_text(f->arena, "%s in the future", a->value_text);
    a->why =
        arena_text(f->arena, "%s has %s more than 60 s later than this machine's clock (%s); no window counts them.",
                   doc_name(m, DOC_HISTORY), a->value_text, text_minute(f->arena, m->now_ms));
    finding_do(a, "timedatectl");
    finding_do(a, "does the miner write local time where UTC is meant?");
}

const struct rule rule_clock = {
    .name = "clock",
    .help = "task records are more than 60 s in the future; a warning from 10 on",
    .judge = judge,
};
