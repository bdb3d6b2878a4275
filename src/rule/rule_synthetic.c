/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

static void judge(const struct model *m, struct findings *f)
{
    uint64_t n = m->scores->counts.synthetic;
    if (!m->scores->known || !n)
        return;
    bool counted = m->settings->count_synthetic;
    struct alert *a = finding_add(f, SEVERITY_INFO, "");
    finding_numbers(a, (double)n, 0);
    a->value_text = arena_text(f->arena, "%s row%s", text_count(f->arena, (int64_t)n), plural(n));
    a->limit_text = "> 0";
    a->what = arena_text(f->arena, "%s synthetic row%s %s", text_count(f->arena, (int64_t)n), plural(n),
                         counted ? "counted" : "ignored");
    a->why = arena_text(f->arena, "%s has rows test_N: performance_tracker.py adds five each time it runs%s.",
                        doc_name(m, DOC_HISTORY), counted ? ", and scores.count_synthetic counts them" : "");
    finding_do(a, "leave performance_tracker.py out of reports and cron jobs");
}

const struct rule rule_synthetic = {
    .name = "synthetic",
    .help = "the history holds rows of the tracker's self-test (test_N)",
    .judge = judge,
};
