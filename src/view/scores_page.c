/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/scores_page.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>

/* Columns of all tables, by where they end; those that do not fit are left out. */
enum { NAME_WIDTH = 19, TASKS_END = 28, MEAN_END = 36, SUCCESS_END = 44, TOKENS_END = 53 };
static const int cost_end = 63, roi_end = 72, share_end = 79, tao_end = 89;

static void numbers(struct grid g, int64_t count, double mean, double success, int64_t tokens)
{
    char text[NUM_TEXT];
    grid_text_right(g, TASKS_END, 0, STYLE_NORMAL, num_group(text, count));
    grid_text_right(g, MEAN_END, 0, score_style(mean), num_fixed(text, mean, 2));
    grid_text_right(g, SUCCESS_END, 0, STYLE_NORMAL, num_percent(text, success, 0));
    grid_text_right(g, TOKENS_END, 0, STYLE_NORMAL, num_short(text, tokens));
}

static void column(struct grid g, int end, enum style style, const char *text)
{
    if (end <= g.w)
        grid_text_right(g, end, 0, style, text);
}

/* From 1,000 on nobody counts cents, and the column is 10 wide. */
static void dollars(char out[NUM_TEXT], double usd)
{
    char whole[NUM_TEXT];
    if (usd < 999.995)
        snprintf(out, NUM_TEXT, "%.2f $", usd);
    else if (usd < 1e7)
        snprintf(out, NUM_TEXT, "%.20s $", num_group(whole, (int64_t)(usd + 0.5)));
    else
        snprintf(out, NUM_TEXT, "%.3g $", usd);
}

/* "free" is a price, "n/a" is none. */
static const char *cost_text(char out[NUM_TEXT], double usd)
{
    if (isnan(usd))
        snprintf(out, NUM_TEXT, "n/a");
    else if (usd == 0)
        snprintf(out, NUM_TEXT, "free");
    else if (usd < 0.01)
        snprintf(out, NUM_TEXT, "<0.01 $");
    else
        dollars(out, usd);
    return out;
}

static void earnings(struct grid g, double cost_usd, double roi, double tao)
{
    char text[NUM_TEXT];
    column(g, cost_end, isnan(cost_usd) ? STYLE_STALE : STYLE_NORMAL, cost_text(text, cost_usd));
    column(g, roi_end, isnan(roi) ? STYLE_STALE : STYLE_NORMAL, num_fixed(text, roi, 4));
    column(g, tao_end, isnan(tao) ? STYLE_STALE : STYLE_DIM, num_fixed(text, tao, 4));
}

static void window_row(struct flow *f, const char *name, const struct score_window *w, double drop, const char *against)
{
    struct grid g = flow_row(f);
    char text[NUM_TEXT];
    grid_text(g, 2, 0, STYLE_DIM, name);
    numbers(g, w->count, w->mean, w->success, w->tokens);
    if (!isnan(drop)) {
        grid_put(g, 55, 0, delta_style(-drop), delta_glyph(-drop));
        grid_text(g, 57, 0, delta_style(-drop), num_delta(text, -drop));
        grid_text_cut(g, 65, 0, g.w - 65, STYLE_DIM, against);
    }
}

static void group_rows(struct flow *f, const char *title, const struct score_group *group, size_t count)
{
    char text[NUM_TEXT];
    if (count == 0)
        return;
    flow_head(f, title);
    for (size_t i = 0; i < count; i++) {
        struct grid g = flow_row(f);
        if (group[i].best)
            grid_put(g, 0, 0, STYLE_GOOD, GLYPH_UP);
        int room = TASKS_END - 3 - text_width(num_group(text, group[i].count));
        grid_text_cut(g, 2, 0, room < NAME_WIDTH ? room : NAME_WIDTH, group[i].best ? STYLE_STRONG : STYLE_NORMAL,
                      group[i].name[0] ? group[i].name : "not named");
        numbers(g, group[i].count, group[i].mean, group[i].success, group[i].tokens);
        earnings(g, group[i].cost_usd, group[i].roi, group[i].tao);
        column(g, share_end, STYLE_DIM, num_percent(text, group[i].share, 0));
    }
}

static void count_text(struct flow *f, const struct scores *s)
{
    const struct history_counts *c = &s->counts;
    char text[NUM_TEXT];
    flow_head(f, "Lines of the history");
    struct grid g = flow_row(f);
    int x = grid_textf(g, 2, 0, STYLE_NORMAL, "%s lines: ", num_group(text, (int64_t)c->lines));
    const struct {
        const char *name;
        uint64_t count;
        enum style style;
    } each[] = {
        {"scored", c->scored, STYLE_GOOD},       {"pending", c->pending, STYLE_NORMAL},
        {"executed", c->executed, STYLE_NORMAL}, {"synthetic", c->synthetic, STYLE_WARN},
        {"future", c->future, STYLE_WARN},       {"invalid", c->invalid, STYLE_WARN},
        {"malformed", c->malformed, STYLE_BAD},  {"oversize", c->oversize, STYLE_BAD},
        {"blank", c->blank, STYLE_DIM},
    };
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        if (each[i].count > 0)
            x = grid_textf(g, x, 0, each[i].style, "%s %s  ", num_group(text, (int64_t)each[i].count), each[i].name);
    }
    for (size_t i = 0; i < s->note_count; i++)
        flow_wrapf(f, 2, STYLE_WARN, "line %llu: %s", (unsigned long long)s->note[i].line + 1, s->note[i].why);
}

static void roi_text(struct flow *f, const struct scores *s)
{
    static const char *const words[] = {"not known", "unprofitable", "marginal", "profitable"};
    char roi[NUM_TEXT], tao[NUM_TEXT];
    flow_head(f, "Earnings over 7 days");
    if (!s->roi_source) {
        flow_wrap(f, 2, STYLE_STALE, "not known: neither the history nor the metrics file says what was earned");
        return;
    }
    flow_wrapf(f, 2, s->roi_word == ROI_UNPROFITABLE ? STYLE_WARN : STYLE_NORMAL,
               "%s TAO, %s TAO per 1,000 tokens: %s (from the %s%s)", num_fixed(tao, s->tao_7d, 4),
               num_fixed(roi, s->roi, 4), words[s->roi_word], s->roi_source,
               s->roi_placeholder ? ", zeros of the setup" : "");
}

/* The groups of the chosen time; of the week when nothing was chosen. */
static void group_text(struct flow *f, const struct scores *s)
{
    const char *columns = f->w >= tao_end     ? "scored    mean success   tokens      cost      ROI  share       TAO"
                          : f->w >= share_end ? "scored    mean success   tokens      cost      ROI  share"
                                              : "scored    mean success   tokens      cost      ROI";
    const struct score_span *p = &s->span;
    struct score_groups week = {s->llm,          s->strategy,   s->subnet, s->llm_count, s->strategy_count,
                                s->subnet_count, s->best_subnet};
    const struct score_groups *g = p->range == RANGE_FIT ? &week : &p->groups;
    const char *time = p->range == RANGE_FIT ? "7 days" : p->range == RANGE_ALL ? "all" : score_range_name(p->range);
    char head[112];
    snprintf(head, sizeof head, "  LLM, %-12s%s", time, columns);
    group_rows(f, head, g->llm, g->llm_count);
    snprintf(head, sizeof head, "  strategy, %-7s%s", time, columns);
    group_rows(f, head, g->strategy, g->strategy_count);
    snprintf(head, sizeof head, "  subnet, %-9s%s", time, columns);
    group_rows(f, head, g->subnet, g->subnet_count);
}

/* What was chosen, where the windows above do not say it, and how its scores lie. */
static void span_row(struct flow *f, const struct scores *s)
{
    const struct score_span *p = &s->span;
    char text[TIME_TEXT], low[NUM_TEXT], high[NUM_TEXT];
    if (p->range == RANGE_FIT)
        return;
    if (p->range == RANGE_30D || p->range == RANGE_ALL)
        window_row(f, p->range == RANGE_ALL ? "all" : "30 days", &p->all, NAN, NULL);
    if (p->all.count > 0)
        flow_wrapf(f, 2, STYLE_DIM, "%s: 8 of 10 scores lie between %s (p10) and %s (p90)", score_range_name(p->range),
                   num_fixed(low, p->p10, 2), num_fixed(high, p->p90, 2));
    if (p->oldest_ms != NOT_KNOWN && p->oldest_ms > p->after_ms)
        flow_wrapf(f, 2, STYLE_DIM, "what is known begins %s", time_minute(text, p->oldest_ms));
}

/* Of so many tasks that not all of two weeks are kept one by one. */
static void edge_row(struct flow *f, const char *name, const struct score_window *w)
{
    char from[TIME_TEXT];
    if (w->from_ms != 0)
        flow_wrapf(f, 2, STYLE_DIM, "%s: counted by whole hours, from %s on", name, time_minute(from, w->from_ms));
}

static void edge_rows(struct flow *f, const struct scores *s)
{
    edge_row(f, "24 hours", &s->h24);
    edge_row(f, "7 days", &s->d7);
    edge_row(f, "7 days before", &s->prev7d);
}

/* Of these seven days against the seven before: how many they were; their mean is a window's change. */
static void week_row(struct flow *f, const struct scores *s)
{
    char delta[NUM_TEXT], now[NUM_TEXT], before[NUM_TEXT];
    struct grid g = flow_row(f);
    grid_text(g, 2, 0, STYLE_DIM, "week over week");
    int x = grid_textf(g, 18, 0, STYLE_NORMAL, "%s tasks, before %s", num_group(now, s->d7.count),
                       num_group(before, s->prev7d.count));
    if (!isnan(s->week_count))
        x = grid_textf(g, x + 1, 0, delta_style(s->week_count), "%s", num_delta(delta, s->week_count));
    x = grid_textf(g, x, 0, STYLE_NORMAL, "; mean %s, before %s", num_fixed(now, s->d7.mean, 2),
                   num_fixed(before, s->prev7d.mean, 2));
    if (!isnan(s->trend_7d))
        grid_textf(g, x + 1, 0, delta_style(-s->trend_7d), "%s", num_delta(delta, -s->trend_7d));
}

void scores_page(const struct model *m, const struct ui *ui, struct flow *f)
{
    const struct scores *s = m->scores;
    (void)ui;
    flow_head(f, "  window           scored    mean success   tokens change");
    window_row(f, "last 10", &s->last10, s->drop_last10, "against the 50 before");
    window_row(f, "last 20", &s->last20, NAN, NULL);
    window_row(f, "50 before those 10", &s->prev50, NAN, NULL);
    window_row(f, "last hour", &s->h1, NAN, NULL);
    window_row(f, "24 hours", &s->h24, NAN, NULL);
    window_row(f, "today", &s->today, s->yesterday.mean > 0 ? 1 - s->today.mean / s->yesterday.mean : NAN,
               "against yesterday");
    window_row(f, "yesterday", &s->yesterday, NAN, NULL);
    window_row(f, "7 days", &s->d7, s->trend_7d, "against the 7 days before");
    window_row(f, "7 days before", &s->prev7d, NAN, NULL);
    week_row(f, s);
    edge_rows(f, s);
    span_row(f, s);
    roi_text(f, s);
    group_text(f, s);
    count_text(f, s);
}
