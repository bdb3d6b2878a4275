/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

/* rig-files 4.1 and 4.2 #4: the last 10 scored against the up to 50 before them; its levels, not those of a week. */
static const struct rule_limits limits = {
    .warning = 0.20, .critical = 0.50, .clear_warning = 0.15, .clear_critical = 0.40};

static void judge(const struct model *m, struct findings *f)
{
    const struct scores *s = m->scores;
    const double warning = finding_limit(f, &rule_score_drop_10, SEVERITY_WARNING);
    const double worst = finding_limit(f, &rule_score_drop_10, SEVERITY_CRITICAL);
    enum severity severity = severity_above(s->drop_last10, warning, worst);
    if (!s->known || severity == SEVERITY_OK || s->last10.count < MIN_SCORED || s->prev50.count < MIN_SCORED)
        return;
    bool critical = severity == SEVERITY_CRITICAL;
    struct alert *a = finding_add(f, severity, "");
    finding_numbers(a, s->drop_last10, critical ? worst : warning);
    a->value_text = text_percent_apart(f->arena, s->drop_last10, a->limit, 1);
    a->limit_text = arena_text(f->arena, "> %g%%", a->limit * 100);
    a->what = arena_text(f->arena, "Score fell by %s in the last 10 tasks", a->value_text);
    a->why = arena_text(f->arena, "The last %lld scored tasks average %s, the %lld before them %s (%s).",
                        (long long)s->last10.count, text_fixed(f->arena, s->last10.mean, 2), (long long)s->prev50.count,
                        text_fixed(f->arena, s->prev50.mean, 2), doc_name(m, DOC_HISTORY));
    finding_do(a, arena_text(f->arena, "tail -n 10 %s", doc_word(f->arena, m, DOC_HISTORY)));
    finding_do(a, "compare LLMs and strategies in the scores pane: which one fell?");
    finding_do(a, "change preferred_llm or prompt_strategy in config/subnet-profiles.json");
}

const struct rule rule_score_drop_10 = {
    .name = "score_drop_10",
    .help = "the last 10 scores average more than 20 % (critical: 50 %) below the 50 before them",
    .judge = judge,
    .limits = &limits,
};
