/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

/* No counter on disk: tokens of today (UTC) by llm_used in the history against daily_limit (rig-files 4.3). */
static void judge_row(const struct model *m, struct findings *f, const struct budget *b)
{
    struct alert *a = finding_add(f, SEVERITY_WARNING, b->api);
    finding_numbers(a, (double)b->daily_used, (double)b->daily_limit);
    a->since_ms = NOT_KNOWN;
    a->value_text = arena_text(f->arena, "%s tokens", text_count(f->arena, b->daily_used));
    a->limit_text = arena_text(f->arena, "> %s", text_count(f->arena, b->daily_limit));
    a->what = arena_text(f->arena, "%s is over its daily limit", b->display);
    a->why = arena_text(f->arena, "%s spent %s tokens today (UTC, %s), its daily_limit in %s is %s.", b->api,
                        text_count(f->arena, b->daily_used), doc_name(m, DOC_HISTORY), doc_name(m, DOC_BUDGETS),
                        text_count(f->arena, b->daily_limit));
    finding_do(a, "move tasks to another LLM: preferred_llm in config/subnet-profiles.json");
    finding_do(a, arena_text(f->arena, "or raise daily_limit of %s in %s", b->api, doc_name(m, DOC_BUDGETS)));
}

static void judge(const struct model *m, struct findings *f)
{
    for (size_t i = 0; i < m->budgets->count; i++) {
        const struct budget *b = &m->budgets->row[i];
        if (b->daily_limit > 0 && b->daily_used > b->daily_limit) /* NOT_KNOWN is below 0: no limit */
            judge_row(m, f, b);
    }
}

const struct rule rule_daily_limit = {
    .name = "daily_limit",
    .help = "an API spent more tokens today (UTC) than its daily_limit",
    .judge = judge,
};
