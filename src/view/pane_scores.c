/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the miner earns: means, their way over the hours against the limit, and zoomed the tables behind them
 * (scores_page.c). */
#include "view/scores_page.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FACTS = 8, LABEL = 9, GAP = 2 };
static const double limit = SCORE_LIMIT;

/* One number with its name: "24h 0.71 ^ +2.1%". */
struct fact {
    const char *name;
    char text[40];
    enum style style;
    double delta; /* NAN: none */
};

enum style score_style(double mean)
{
    if (isnan(mean))
        return STYLE_STALE;
    return mean < limit ? STYLE_BAD : mean < 0.6 ? STYLE_WARN : STYLE_GOOD;
}

static struct fact mean_fact(const char *name, const struct score_window *w, double delta)
{
    struct fact f = {.name = name, .style = score_style(w->mean), .delta = delta};
    num_fixed(f.text, w->mean, 2);
    return f;
}

static double relative(double now, double before)
{
    return before > 0 ? (now - before) / before : NAN;
}

static struct fact roi_fact(const struct scores *s)
{
    struct fact f = {.name = "ROI", .style = STYLE_NORMAL, .delta = NAN};
    if (s->roi_word == ROI_UNPROFITABLE && !s->roi_placeholder)
        f.style = STYLE_WARN;
    num_fixed(f.text, s->roi, 4);
    return f;
}

static struct fact plain_fact(const char *name)
{
    return (struct fact){.name = name, .style = STYLE_NORMAL, .delta = NAN};
}

/* The most telling first: what does not fit is left out at the end. */
static int facts_of(const struct scores *s, struct fact out[FACTS])
{
    int n = 0;
    out[n++] = mean_fact("24h", &s->h24, NAN);
    out[n] = plain_fact("success");
    out[n].style = s->h24.success < limit ? STYLE_BAD : STYLE_NORMAL;
    num_percent(out[n++].text, s->h24.success, 0);
    out[n++] = mean_fact("last 10", &s->last10, -s->drop_last10);
    out[n++] = mean_fact("today", &s->today, relative(s->today.mean, s->yesterday.mean));
    out[n++] = mean_fact("7d", &s->d7, -s->trend_7d);
    out[n++] = roi_fact(s);
    out[n] = plain_fact("tasks today");
    num_group(out[n++].text, s->tasks_today);
    out[n] = plain_fact("tokens 24h");
    num_short(out[n++].text, s->h24.tokens);
    return n;
}

static int fact_width(const struct fact *f)
{
    char delta[NUM_TEXT];
    int width = text_width(f->name) + 1 + text_width(f->text);
    return isnan(f->delta) ? width
                           : width + 2 + (fabs(f->delta) < 0.01 ? 0 : 1 + text_width(num_delta(delta, f->delta)));
}

static int draw_fact(struct grid g, int x, int y, const struct fact *f)
{
    char delta[NUM_TEXT];
    x = grid_textf(g, x, y, STYLE_DIM, "%s ", f->name);
    x = grid_text(g, x, y, f->style, f->text);
    if (isnan(f->delta))
        return x;
    x = grid_put(g, x + 1, y, delta_style(f->delta), delta_glyph(f->delta));
    if (fabs(f->delta) >= 0.01)
        x = grid_text(g, x + 1, y, delta_style(f->delta), num_delta(delta, f->delta));
    return x;
}

/* As many facts as fit into so many rows, none cut. Returns the rows used. */
static int draw_facts(const struct scores *s, struct grid g, int y, int rows)
{
    struct fact facts[FACTS];
    int count = facts_of(s, facts), x = 0, row = 0;
    for (int i = 0; i < count && row < rows; i++) {
        int width = fact_width(&facts[i]);
        if (x > 0 && x + GAP + width > g.w) {
            row++;
            x = 0;
        }
        if (row < rows)
            x = draw_fact(g, x > 0 ? x + GAP : 0, y + row, &facts[i]);
    }
    return row < rows ? row + 1 : rows;
}

/* "last 70 ....:::": each dot a task. */
static void draw_recent(const struct scores *s, const struct ui *ui, struct grid g, int x, int y)
{
    struct series v = {s->recent, (int)s->recent_count, 0, 1, limit, STYLE_CHART, STYLE_BAD, graph_form(ui)};
    int shown = (g.w - x - LABEL) * (v.form == GRAPH_BRAILLE ? 2 : 1), count = v.count < shown ? v.count : shown;
    if (g.w - x >= 3 * LABEL && count > 0) {
        grid_textf(g, x, y, STYLE_DIM, "last %d", count);
        x += LABEL;
    }
    chart_spark(g, x, y, g.w - x, &v);
}

static void draw_open(const struct model *m, const struct ui *ui, struct grid g)
{
    const struct scores *s = m->scores;
    if (g.h == 1) {
        struct fact facts[FACTS];
        facts_of(s, facts);
        draw_recent(s, ui, g, draw_fact(g, 0, 0, &facts[0]) + 2, 0);
        return;
    }
    /* A chart needs three rows and one for its hours; below that a sparkline in the last row, facts in the others. */
    int most = g.h >= 12 ? 3 : g.h >= 6 ? 2 : g.h >= 5 ? 1 : g.h - 1;
    int rows = draw_facts(s, g, 0, g.w >= 70 && g.h >= 5 ? 1 : most);
    if (g.h - rows >= 4 && s->hour && g.w >= 24)
        scores_chart(m, ui, grid_part(g, 0, rows, g.w, g.h - rows), pane_zoomed(ui, &pane_scores));
    else if (g.h > rows)
        draw_recent(s, ui, g, 0, rows);
}

/* While the history is read for the first time: what its end says, and how far reading is. */
static void draw_early(const struct model *m, const struct ui *ui, struct grid g)
{
    struct fact facts[FACTS];
    int rows = g.h >= 4 ? 2 : 1;
    if (g.h == 1) {
        facts_of(m->scores, facts);
        draw_recent(m->scores, ui, g, draw_fact(g, 0, 0, &facts[2]) + 2, 0);
        return;
    }
    rows = draw_facts(m->scores, g, 0, rows);
    draw_recent(m->scores, ui, g, 0, rows);
    if (m->notice && g.h > rows + 1)
        grid_wrap(g, 0, rows + 1, g.w, g.h - rows - 1, STYLE_STALE, m->notice);
}

/* Rows over the tables of the zoomed pane. */
static int top_rows(int h)
{
    return h / 2 < 16 ? h / 2 : 16;
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    if (m->scores->early) {
        draw_early(m, ui, g);
    } else if (!m->scores->known) {
        draw_waiting(g, m, DOC_HISTORY);
    } else if (pane_zoomed(ui, &pane_scores) && g.h >= 12) {
        int top = top_rows(g.h);
        draw_open(m, ui, grid_part(g, 0, 0, g.w, top));
        struct flow f =
            flow_of(grid_part(g, 0, top + 1, g.w, g.h - top - 1), ui, &pane_scores, flow_count(m, ui, scores_page));
        scores_page(m, ui, &f);
    } else {
        draw_open(m, ui, g);
    }
}

static struct pane_need need(const struct model *m, const struct ui *ui, int w)
{
    if (!m->scores->known && !m->scores->early)
        return (struct pane_need){1, 1, 1};
    return w >= 70 ? (struct pane_need){2, 8, 16} : (struct pane_need){2, ui->h >= 34 ? 7 : 6, 14};
}

static int rows(const struct model *m, const struct ui *ui)
{
    bool paged = m->scores->known && pane_zoomed(ui, &pane_scores);
    return paged ? flow_stops(ui, flow_count(m, ui, scores_page), top_rows(zoom_size(ui).h) + 1) : 0;
}

static const char *line(struct arena *a, const struct model *m, enum style *s)
{
    const struct scores *x = m->scores;
    char mean[NUM_TEXT], success[NUM_TEXT], arrow[8];
    *s = STYLE_STALE;
    if (x->early)
        return arena_text(a, "last 10 %s", num_fixed(mean, x->last10.mean, 2));
    if (!x->known)
        return waiting_line(a, m, DOC_HISTORY);
    *s = score_style(x->h24.mean);
    double delta = relative(x->today.mean, x->yesterday.mean);
    return arena_text(a, "%s%s%s ∙ success %s", num_fixed(mean, x->h24.mean, 2), isnan(delta) ? "" : " ",
                      isnan(delta) ? "" : glyph_text(arrow, delta_glyph(delta)),
                      num_percent(success, x->h24.success, 0));
}

const struct pane pane_scores = {
    .name = "scores",
    .title = "Scores",
    .help =
        "mean score, success and ROI, their way over time with the limit at 0.5; zoomed: every window, LLM, strategy",
    .importance = 80,
    .ranged = true,
    .doc = {DOC_HISTORY, DOC_METRICS},
    .doc_count = 2,
    .need = need,
    .draw = draw,
    .rows = rows,
    .line = line,
};
