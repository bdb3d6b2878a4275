/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recommendations: each from a named rule over facts, most important first. A rule that has too little to go by is silent;
 * with no data nothing is recommended (rig-files.md 7.55). */
#include "base/numtext.h"
#include "base/timetext.h"
#include "view/report_parts.h"

#include <math.h>

/* Scores of groups that differ by less, relatively, are alike; a group with less of the tasks does not matter. */
#define APART 0.05
#define MATTERS 0.10
#define LOW_SCORE 0.6
#define GOOD_SCORE 0.7
#define GOOD_SUCCESS 0.7
#define BAD_ROI 0.0005
#define GOOD_ROI 0.001
enum { SAMPLES = 10, ADVICE_MOST = 5 };
#define DAY_MS 86400000.0

struct advice_rule {
    const char *name;
    const char *(*say)(const struct report *r); /* NULL: nothing */
};

static const struct score_window *tasks_of(const struct report *r)
{
    const struct scores *s = r->model->scores;
    return r->kind == REPORT_WEEKLY ? &s->d7 : &s->h24;
}

/* ---- what is recommended ---- */

static const char *no_data(const struct report *r)
{
    const struct scores *s = r->model->scores;
    if (!s->known)
        return "Nothing can be recommended: no task history was read. davy doctor tells where it is looked for.";
    int64_t count = tasks_of(r)->count;
    return count >= SAMPLES
               ? NULL
               : arena_text(r->arena, "Nothing can be said about scores: %lld of the %d scored tasks that it takes.",
                            (long long)count, SAMPLES);
}

static const char *see_to_alert(const struct report *r)
{
    const struct model *m = r->model;
    size_t critical = model_count(m, SEVERITY_CRITICAL);
    if (critical == 0)
        return NULL;
    const char *todo = m->alert[0].todo[0] ? arena_text(r->arena, " (%s)", m->alert[0].todo[0]) : "";
    const char *more =
        critical > 1 ? arena_text(r->arena, "; %zu more %s critical", critical - 1, critical == 2 ? "is" : "are") : "";
    return arena_text(r->arena, "First see to: %s%s%s.", m->alert[0].what, todo, more);
}

static const char *budget_runs_out(const struct report *r)
{
    const struct budgets *b = r->model->budgets;
    double reset_days = (double)(b->cycle_end_ms - r->model->now_ms) / DAY_MS;
    const struct budget *first = NULL;
    for (size_t i = 0; b->known && i < b->count; i++)
        if (b->row[i].days_left < reset_days && (!first || b->row[i].days_left < first->days_left))
            first = &b->row[i];
    if (!first)
        return NULL;
    if (first->state == BUDGET_EXHAUSTED)
        return arena_text(r->arena, "%s is exhausted for %s more days: raise its allowance or move its tasks.",
                          first->display, report_fixed(r, reset_days, 1));
    return arena_text(r->arena,
                      "Spend less on %s: at %s tokens a day it is exhausted in %s d, before its reset in %s d.",
                      first->display, report_count(r, (int64_t)first->burn_per_day),
                      report_fixed(r, first->days_left, 1), report_fixed(r, reset_days, 1));
}

/* The best group, and the one worth leaving for it. */
static const struct score_group *worse_than_best(const struct score_group *g, size_t count)
{
    const struct score_group *worst = NULL;
    if (count == 0 || !g[0].best)
        return NULL;
    for (size_t i = 1; i < count; i++)
        if (g[i].count >= SAMPLES && g[i].share > MATTERS && g[i].mean < g[0].mean * (1 - APART))
            worst = &g[i];
    return worst;
}

static const char *move_tasks(const struct report *r, const char *what, const struct score_group *g, size_t count)
{
    const struct score_group *worst = worse_than_best(g, count);
    return worst ? arena_text(r->arena, "Use %s %s instead of %s where you can: average %s against %s.", what,
                              g[0].name, worst->name, report_fixed(r, g[0].mean, 2), report_fixed(r, worst->mean, 2))
                 : NULL;
}

static const char *better_llm(const struct report *r)
{
    struct score_groups g = report_groups(r);
    return move_tasks(r, "the LLM", g.llm, g.llm_count);
}

static const char *better_strategy(const struct report *r)
{
    struct score_groups g = report_groups(r);
    return move_tasks(r, "the strategy", g.strategy, g.strategy_count);
}

static const char *losing_subnet(const struct report *r)
{
    struct score_groups g = report_groups(r);
    for (size_t i = 0; i < g.subnet_count; i++)
        if (g.subnet[i].roi < BAD_ROI - 1e-9 && g.subnet[i].share > MATTERS)
            return arena_text(r->arena, "Take fewer tasks of subnet %s: it earns %s TAO per 1K tokens.",
                              g.subnet[i].name, report_fixed(r, g.subnet[i].roi, 4));
    return NULL;
}

static const char *low_score(const struct report *r)
{
    const struct score_window *w = tasks_of(r);
    return w->count >= SAMPLES && w->mean < LOW_SCORE - 1e-9
               ? arena_text(r->arena, "The average score %s is low: adjust prompt strategies.",
                            report_fixed(r, w->mean, 2))
               : NULL;
}

static const char *low_success(const struct report *r)
{
    const struct score_window *w = tasks_of(r);
    return w->count >= SAMPLES && w->success < 0.5 - 1e-9
               ? arena_text(r->arena, "Only %s of the tasks succeed: review which tasks are taken.",
                            report_percent(r, w->success))
               : NULL;
}

static const char *keep_course(const struct report *r)
{
    return r->advice_count == 0 ? "Keep the course: nothing in the numbers asks for a change." : NULL;
}

/* In the order of importance. */
static const struct advice_rule advice_rules[] = {
    {"see-to-alert", see_to_alert},   {"no-data", no_data},         {"budget-runs-out", budget_runs_out},
    {"losing-subnet", losing_subnet}, {"better-llm", better_llm},   {"better-strategy", better_strategy},
    {"low-score", low_score},         {"low-success", low_success}, {"keep-course", keep_course},
};

void report_advise(struct report *r)
{
    size_t most = sizeof advice_rules / sizeof *advice_rules;
    r->advice = arena_array(r->arena, most, sizeof *r->advice);
    for (size_t i = 0; i < most && r->advice_count < ADVICE_MOST; i++) {
        const char *text = advice_rules[i].say(r);
        if (text)
            r->advice[r->advice_count++] = (struct report_advice){advice_rules[i].name, text};
    }
}

/* ---- what next week is about ---- */

static const char *stop_decline(const struct report *r)
{
    char text[NUM_TEXT];
    const struct scores *s = r->model->scores;
    double change = report_relative(s->d7.mean, s->prev7d.mean);
    bool enough = s->d7.count >= SAMPLES && s->prev7d.count >= SAMPLES;
    return enough && change < -APART
               ? arena_text(r->arena, "Stop the decline of the score (%s in a week).", num_delta(text, change))
               : NULL;
}

static const char *stay_in_budget(const struct report *r)
{
    const struct budgets *b = r->model->budgets;
    for (size_t i = 0; b->known && i < b->count; i++)
        if (b->row[i].projected_pct > 100)
            return arena_text(r->arena, "Stay within the budget of %s: it is heading for %s of its allowance.",
                              b->row[i].display, report_percent(r, b->row[i].projected_pct / 100));
    return NULL;
}

static const char *reach_success(const struct report *r)
{
    const struct score_window *w = tasks_of(r);
    return w->count >= SAMPLES && w->success < GOOD_SUCCESS
               ? arena_text(r->arena, "Raise the success rate from %s above 70%%.", report_percent(r, w->success))
               : NULL;
}

static const char *reach_score(const struct report *r)
{
    const struct score_window *w = tasks_of(r);
    return w->count >= SAMPLES && w->mean < GOOD_SCORE
               ? arena_text(r->arena, "Raise the average score from %s above 0.70.", report_fixed(r, w->mean, 2))
               : NULL;
}

static const char *reach_roi(const struct report *r)
{
    const struct scores *s = r->model->scores;
    return s->roi < GOOD_ROI && !s->roi_placeholder
               ? arena_text(r->arena, "Raise the ROI from %s above 0.0010 TAO per 1K tokens.",
                            report_fixed(r, s->roi, 4))
               : NULL;
}

const char *report_focus(const struct report *r)
{
    static const struct advice_rule goals[] = {
        {"stop-decline", stop_decline}, {"stay-in-budget", stay_in_budget}, {"reach-success", reach_success},
        {"reach-score", reach_score},   {"reach-roi", reach_roi},
    };
    for (size_t i = 0; i < sizeof goals / sizeof *goals; i++)
        if (goals[i].say(r))
            return goals[i].say(r);
    return tasks_of(r)->count >= SAMPLES ? "Hold what was reached: no known target is missed."
                                         : "n/a (too few scored tasks)";
}
