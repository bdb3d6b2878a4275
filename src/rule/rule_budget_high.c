/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

#include <math.h>

/* 80/95 of rig-files 4.2 #6; 90 % is behaviour of the miner, which refuses tasks from there on, not a third level. All
 * strict, while reliability 3.2 says >=: a budget at exactly 80 % was asked to be quiet (rig-files 7.54). */
static const struct rule_limits limits = {.warning = 80, .critical = 95, .clear_warning = 78, .clear_critical = 93};
static const double REFUSING = 90, NEARLY = 97.5, EXHAUSTED = 100;

static void steps(struct findings *f, const struct model *m, const struct budget *b, struct alert *a)
{
    finding_do(a, arena_text(f->arena, "jq '.budgets' %s", doc_word(f->arena, m, DOC_BUDGETS)));
    finding_do(a, arena_text(f->arena, "raise monthly_allowance of %s there, if you want to pay more", b->api));
    finding_do(a, "or move tasks to another LLM: preferred_llm in config/subnet-profiles.json");
}

static void judge_unknown(const struct model *m, struct findings *f, const struct budget *b)
{
    struct alert *a = finding_add(f, SEVERITY_WARNING, b->api);
    a->state = "unknown";
    a->value_text = "n/a";
    a->limit_text = arena_text(f->arena, "> %g%%", finding_limit(f, &rule_budget_high, SEVERITY_WARNING));
    a->what = arena_text(f->arena, "%s budget not known", b->display);
    a->why =
        arena_text(f->arena, "The entry %s of %s cannot be used: %s.", b->api, doc_name(m, DOC_BUDGETS), b->problem);
    finding_do(a, arena_text(f->arena, "correct the entry %s in %s", b->api, doc_name(m, DOC_BUDGETS)));
}

/* rig-files 4.2 #9: nothing used of nothing allowed is neutral. */
static void judge_no_allowance(const struct model *m, struct findings *f, const struct budget *b)
{
    if (b->used <= 0)
        return;
    struct alert *a = finding_add(f, SEVERITY_CRITICAL, b->api);
    finding_numbers(a, (double)b->used, 0);
    a->value_text = arena_text(f->arena, "%s tokens", text_count(f->arena, b->used));
    a->limit_text = "> 0 tokens";
    a->what = arena_text(f->arena, "%s spends without allowance", b->display);
    a->why = arena_text(f->arena, "%s tokens of %s were used this month and its monthly_allowance is 0 (%s).",
                        text_count(f->arena, b->used), b->api, doc_name(m, DOC_BUDGETS));
    steps(f, m, b, a);
}

/* "; at 15,000 tokens a day it is exhausted in 1d 14h, 9d 2h before the reset" */
static const char *outlook(struct arena *a, const struct model *m, const struct budget *b)
{
    int64_t end = m->budgets->cycle_end_ms;
    if (b->exhausted_ms == NOT_KNOWN || b->exhausted_ms <= m->now_ms || isnan(b->burn_per_day))
        return "";
    const char *start = arena_text(a, "; at %s tokens a day it is exhausted in %s",
                                   text_count(a, (int64_t)llround(fmin(b->burn_per_day, 1e15))),
                                   text_span(a, b->exhausted_ms - m->now_ms));
    if (end == NOT_KNOWN)
        return start;
    return b->exhausted_ms < end ? arena_text(a, "%s, %s before the reset", start, text_span(a, end - b->exhausted_ms))
                                 : arena_text(a, "%s, after the reset", start);
}

/* 99.9999 is not yet "100.0", and 80.0001 no longer "80.0"; exactly 100 is "100.0". */
static const char *percent_text(struct arena *a, double pct, double limit)
{
    if (limit >= EXHAUSTED)
        return text_fixed(a, pct, 1);
    return text_apart(a, pct, pct > NEARLY ? EXHAUSTED : limit, 1);
}

static void headline(struct findings *f, const struct budget *b, struct alert *a)
{
    bool exhausted = b->used_pct >= EXHAUSTED - 1e-9;
    bool refusing = b->refusing || above(b->used_pct, REFUSING);
    a->limit = exhausted ? EXHAUSTED : finding_limit(f, &rule_budget_high, a->severity);
    a->limit_text = exhausted ? ">= 100%" : arena_text(f->arena, "> %g%%", a->limit);
    a->value_text = arena_text(f->arena, "%s%%", percent_text(f->arena, b->used_pct, a->limit));
    a->what = exhausted ? arena_text(f->arena, "%s budget exhausted, miner refusing tasks", b->display)
                        : arena_text(f->arena, "%s budget at %s%s", b->display, a->value_text,
                                     refusing ? ", miner refusing tasks" : "");
}

static void judge_row(const struct model *m, struct findings *f, const struct budget *b)
{
    enum severity severity = severity_above(b->used_pct, finding_limit(f, &rule_budget_high, SEVERITY_WARNING),
                                            finding_limit(f, &rule_budget_high, SEVERITY_CRITICAL));
    if (severity == SEVERITY_OK)
        return;
    struct alert *a = finding_add(f, severity, b->api);
    a->value = b->used_pct;
    headline(f, b, a);
    a->why = arena_text(f->arena, "%s used %s of %s tokens %s (%s, %s)%s.", b->api, text_count(f->arena, b->used),
                        text_count(f->arena, b->allowance),
                        m->budgets->not_reset ? "in this month and before it, since the counter was not reset"
                                              : "this month",
                        a->value_text, doc_name(m, DOC_BUDGETS), outlook(f->arena, m, b));
    steps(f, m, b, a);
}

static void judge(const struct model *m, struct findings *f)
{
    for (size_t i = 0; i < m->budgets->count; i++) {
        const struct budget *b = &m->budgets->row[i];
        if (b->unbudgeted)
            continue;
        if (b->allowance == 0 && b->used != NOT_KNOWN)
            judge_no_allowance(m, f, b);
        else if (b->problem && isnan(b->used_pct))
            judge_unknown(m, f, b);
        else
            judge_row(m, f, b);
    }
}

const struct rule rule_budget_high = {
    .name = "budget_high",
    .help = "an API used more than 80 % (critical: 95 %) of its monthly tokens, or any without an allowance",
    .judge = judge,
    .limits = &limits,
};
