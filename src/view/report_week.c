/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The weekly report (rig-files.md 5.3): seven days, against the seven before. */
#include "base/timetext.h"
#include "view/report_parts.h"

#include <math.h>

enum { ROWS_MOST = 12 };
#define WEEK_DAYS 7.0

static int64_t allowance(const struct budget *b)
{
    return b->allowance > 0 ? b->allowance : NOT_KNOWN;
}

static void add_tasks(struct report *r)
{
    const struct scores *s = r->model->scores;
    struct report_line *l = report_add(r, NULL, "tasks", "\U0001F4CB", "TASKS");
    double change = report_relative((double)s->d7.records, (double)s->prev7d.records);
    if (s->known)
        l->text =
            arena_text(r->arena, "%s (%s from last week)", report_count(r, s->d7.records), report_change(r, change));
    report_int(l, "tasks", s->known ? s->d7.records : NOT_KNOWN);
    report_num(l, "change", s->known ? change : (double)NAN);
}

/* A week's share of a month's tokens. */
static void add_tokens(struct report *r)
{
    const struct scores *s = r->model->scores;
    struct civil today = civil_of(r->model->now_ms);
    struct report_line *l = report_add(r, NULL, "tokens", "\U0001F4B0", "TOKENS");
    struct report_spent spent = report_spent(r, allowance);
    double week = spent.limit * WEEK_DAYS / days_in_month(today.year, today.month);
    double share = s->known && week > 0 ? spent.tokens / week : (double)NAN;
    if (s->known)
        l->text = arena_text(r->arena, "%s spent (%s of the week's share)", report_count(r, s->d7.tokens),
                             report_percent(r, share));
    report_int(l, "spent", s->known ? s->d7.tokens : NOT_KNOWN);
    report_num(l, "of_week_share", share);
}

static void add_tao(struct report *r)
{
    const struct scores *s = r->model->scores;
    struct report_line *l = report_add(r, NULL, "tao", "\U0001F4B8", "TAO EARNED");
    bool known = !isnan(s->tao_7d) && !s->roi_placeholder;
    double change = known ? report_relative(s->tao_7d, s->prev7d.tao) : (double)NAN;
    if (known)
        l->text =
            arena_text(r->arena, "%s (%s from last week)", report_fixed(r, s->tao_7d, 4), report_change(r, change));
    report_num(l, "tao", known ? s->tao_7d : (double)NAN);
    report_num(l, "change", change);
}

/* ---- groups ---- */

static const char *group_text(const struct report *r, const struct score_group *g)
{
    return arena_text(r->arena, "average %s, success %s, %s scored, %s tokens", report_fixed(r, g->mean, 2),
                      report_percent(r, g->success), report_count(r, g->count), report_count(r, g->tokens));
}

static const char *roi_text(const struct report *r, const struct score_group *g)
{
    const char *roi =
        isnan(g->roi) ? "ROI n/a" : arena_text(r->arena, "%s TAO per 1K tokens", report_fixed(r, g->roi, 4));
    return arena_text(r->arena, "%s; %s", roi, group_text(r, g));
}

static void add_group(struct report *r, const char *section, const char *key, const char *label,
                      const struct score_group *g, const char *text)
{
    struct report_line *l = report_add(r, section, key, "", label);
    l->text = text;
    report_num(l, "mean", g->mean);
    report_num(l, "success_rate", g->success);
    report_int(l, "scored", g->count);
    report_int(l, "tokens", g->tokens);
    report_num(l, "tao_per_1k_tokens", g->roi);
}

static void add_groups(struct report *r, const char *section, const char *key, const struct score_group *g,
                       size_t count, bool subnets)
{
    for (size_t i = 0; i < count && i < ROWS_MOST; i++) {
        const char *label = subnets ? arena_text(r->arena, "subnet %s", g[i].name) : g[i].name;
        add_group(r, section, key, label, &g[i], subnets ? roi_text(r, &g[i]) : group_text(r, &g[i]));
    }
    if (count > ROWS_MOST)
        report_add(r, section, key, "", "others")->text = arena_text(r->arena, "%zu more", count - ROWS_MOST);
    if (count == 0)
        report_add(r, section, key, "", "tasks");
}

void report_weekly(struct report *r)
{
    const struct scores *s = r->model->scores;
    add_tasks(r);
    report_scores(r, &s->d7);
    add_tokens(r);
    add_tao(r);
    report_roi(r);
    report_uptime(r);
    report_best(r, "TOP STRATEGY", true);
    add_groups(r, "ROI per subnet", "subnet", s->subnet, s->subnet_count, true);
    add_groups(r, "LLM comparison", "llm", s->llm, s->llm_count, false);
    add_groups(r, "Strategy effectiveness", "strategy", s->strategy, s->strategy_count, false);
}
