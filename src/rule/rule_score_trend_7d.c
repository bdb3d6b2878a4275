/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

static const struct rule_limits limits = {
    .warning = 0.20, .critical = 0.50, .clear_warning = 0.15, .clear_critical = 0.40};

static void judge(const struct model *m, struct findings *f)
{
    const struct scores *s = m->scores;
    const double warning = finding_limit(f, &rule_score_trend_7d, SEVERITY_WARNING);
    const double worst = finding_limit(f, &rule_score_trend_7d, SEVERITY_CRITICAL);
    enum severity severity = severity_above(s->trend_7d, warning, worst);
    if (!s->known || severity == SEVERITY_OK || s->d7.count < MIN_SCORED || s->prev7d.count < MIN_SCORED)
        return;
    bool critical = severity == SEVERITY_CRITICAL;
    struct alert *a = finding_add(f, severity, "");
    finding_numbers(a, s->trend_7d, critical ? worst : warning);
    a->value_text = text_percent_apart(f->arena, s->trend_7d, a->limit, 1);
    a->limit_text = arena_text(f->arena, "> %g%%", a->limit * 100);
    a->what = arena_text(f->arena, "Score is down %s on the week before", a->value_text);
    a->why = arena_text(f->arena, "The last 7 days average %s over %lld tasks, the 7 days before %s over %lld (%s).",
                        text_fixed(f->arena, s->d7.mean, 2), (long long)s->d7.count,
                        text_fixed(f->arena, s->prev7d.mean, 2), (long long)s->prev7d.count, doc_name(m, DOC_HISTORY));
    finding_do(a, "look for the day it began in the scores pane");
    finding_do(a, "compare LLMs and strategies there: which one fell?");
    finding_do(a, "change preferred_llm or prompt_strategy in config/subnet-profiles.json");
}

const struct rule rule_score_trend_7d = {
    .name = "score_trend_7d",
    .help = "the mean score of 7 days is more than 20 % (critical: 50 %) below that of the 7 days before",
    .judge = judge,
    .limits = &limits,
};
