/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Metrics of scores and budgets. */
#include "sink/prometheus.h"

#include <math.h>
#include <string.h>

static void give_lines(struct exposition *x, const struct model *m)
{
    const struct history_counts *c = &m->scores->counts;
    const struct {
        const char *name;
        uint64_t count;
    } classes[] = {{"blank", c->blank},     {"executed", c->executed},   {"future", c->future},
                   {"invalid", c->invalid}, {"malformed", c->malformed}, {"pending", c->pending},
                   {"scored", c->scored},   {"synthetic", c->synthetic}};
    for (size_t i = 0; m->scores->known && i < sizeof classes / sizeof *classes; i++)
        labelled(x, classes[i].name, (double)classes[i].count);
}

enum { WINDOWS = 6 };
static void each_window(struct exposition *x, const struct model *m, double (*value)(const struct score_window *w))
{
    const struct scores *s = m->scores;
    const struct score_window *window[WINDOWS] = {&s->h1, &s->h24, &s->d7, &s->last10, &s->last20, &s->today};
    static const char *const name[WINDOWS] = {"1h", "24h", "7d", "last10", "last20", "today"};
    for (int i = 0; s->known && i < WINDOWS; i++)
        labelled(x, name[i], value(window[i]));
}

static double mean_of(const struct score_window *w)
{
    return w->count ? w->mean : (double)NAN;
}

static double success_of(const struct score_window *w)
{
    return w->count ? w->success : (double)NAN;
}

static double count_of(const struct score_window *w)
{
    return (double)w->count;
}

static double tokens_of(const struct score_window *w)
{
    return (double)w->tokens;
}

static void give_mean(struct exposition *x, const struct model *m)
{
    each_window(x, m, mean_of);
}

static void give_success(struct exposition *x, const struct model *m)
{
    each_window(x, m, success_of);
}

static void give_scored(struct exposition *x, const struct model *m)
{
    each_window(x, m, count_of);
}

static void give_tokens(struct exposition *x, const struct model *m)
{
    each_window(x, m, tokens_of);
}

static void give_drop(struct exposition *x, const struct model *m)
{
    sample(x, m->scores->drop_last10);
}

static void give_trend(struct exposition *x, const struct model *m)
{
    sample(x, m->scores->trend_7d);
}

static void give_roi(struct exposition *x, const struct model *m)
{
    if (!m->scores->roi_placeholder)
        sample(x, m->scores->roi);
}

static void give_tao(struct exposition *x, const struct model *m)
{
    if (!m->scores->roi_placeholder)
        sample(x, m->scores->tao_7d);
}

static void give_last_task(struct exposition *x, const struct model *m)
{
    sample(x, seconds(m->scores->last_ms));
}

/* Two names that are told apart only by what cannot be shown: a collector refuses a file that says a sample twice. */
static bool same_before(const struct score_group *g, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(g[i].name, g[at].name) == 0)
            return true;
    return false;
}

static void each_group(struct exposition *x, const struct score_group *g, size_t count)
{
    for (size_t i = 0; i < count && i < LABELS_MOST; i++)
        if (!same_before(g, i))
            labelled(x, g[i].name, g[i].count ? g[i].mean : (double)NAN);
}

static void give_llms(struct exposition *x, const struct model *m)
{
    each_group(x, m->scores->llm, m->scores->llm_count);
}

static void give_strategies(struct exposition *x, const struct model *m)
{
    each_group(x, m->scores->strategy, m->scores->strategy_count);
}

static void give_subnets(struct exposition *x, const struct model *m)
{
    each_group(x, m->scores->subnet, m->scores->subnet_count);
}

/* ---- budgets ---- */

static bool budget_before(const struct budget *row, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(row[i].api, row[at].api) == 0)
            return true;
    return false;
}

static void each_budget(struct exposition *x, const struct model *m, double (*value)(const struct budget *b))
{
    const struct budgets *b = m->budgets;
    for (size_t i = 0, given = 0; b->known && i < b->count && given < LABELS_MOST; i++)
        if (!b->row[i].unbudgeted && !budget_before(b->row, i)) {
            labelled(x, b->row[i].api, value(&b->row[i]));
            given++;
        }
}

static double used_of(const struct budget *b)
{
    return whole(b->used);
}

static double allowance_of(const struct budget *b)
{
    return whole(b->allowance);
}

static double ratio_of(const struct budget *b)
{
    return b->used_pct / 100;
}

static double left_of(const struct budget *b)
{
    return b->days_left * 86400;
}

static void give_used(struct exposition *x, const struct model *m)
{
    each_budget(x, m, used_of);
}

static void give_allowance(struct exposition *x, const struct model *m)
{
    each_budget(x, m, allowance_of);
}

static void give_ratio(struct exposition *x, const struct model *m)
{
    each_budget(x, m, ratio_of);
}

static void give_left(struct exposition *x, const struct model *m)
{
    each_budget(x, m, left_of);
}

static void give_not_reset(struct exposition *x, const struct model *m)
{
    if (m->budgets->known)
        sample(x, m->budgets->not_reset);
}

const struct metric metrics_of_scores[] = {
    {"davy_history_lines", "gauge", "Lines of the task history by class.", {"class"}, give_lines},
    {"davy_score_mean", "gauge", "Mean of the scores, 0 to 1.", {"window"}, give_mean},
    {"davy_score_success_ratio", "gauge", "Tasks with a score above the threshold.", {"window"}, give_success},
    {"davy_scored_tasks", "gauge", "Tasks with a score.", {"window"}, give_scored},
    {"davy_spent_tokens", "gauge", "Tokens spent on tasks.", {"window"}, give_tokens},
    {"davy_score_drop_last10_ratio", "gauge", "Fall of the last 10 scores below those before.", {NULL}, give_drop},
    {"davy_score_trend_7d_ratio", "gauge", "Fall of this week's scores below last week's.", {NULL}, give_trend},
    {"davy_roi_tao_per_1k_tokens", "gauge", "TAO earned with a thousand tokens, 7 days.", {NULL}, give_roi},
    {"davy_earned_7d_tao", "gauge", "TAO earned in 7 days.", {NULL}, give_tao},
    {"davy_last_task_timestamp_seconds", "gauge", "Time of the newest task.", {NULL}, give_last_task},
    {"davy_llm_score_mean", "gauge", "Mean of the scores by LLM, 7 days.", {"llm"}, give_llms},
    {"davy_strategy_score_mean",
     "gauge",
     "Mean of the scores by prompt strategy, 7 days.",
     {"strategy"},
     give_strategies},
    {"davy_subnet_score_mean", "gauge", "Mean of the scores by subnet, 7 days.", {"subnet"}, give_subnets},
    {"davy_budget_used_tokens", "gauge", "Tokens used of this month's budget.", {"api"}, give_used},
    {"davy_budget_allowance_tokens", "gauge", "Tokens of a month's budget.", {"api"}, give_allowance},
    {"davy_budget_used_ratio", "gauge", "Used part of the budget, 1 is all of it.", {"api"}, give_ratio},
    {"davy_budget_left_seconds", "gauge", "Until the budget is exhausted as it burns now.", {"api"}, give_left},
    {"davy_budget_not_reset", "gauge", "1 when a new month began and no counter was reset.", {NULL}, give_not_reset},
    {.name = NULL},
};
