/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scores over time. */
#include "view/scores_page.h"

#include "base/numtext.h"

#include <math.h>
#include <stdio.h>

enum { POINTS = 400, AXIS = 5, COUNT_ROWS = 2 };
static const double limit = SCORE_LIMIT;

/* Hours that a chart of so many cells can tell apart, as a whole number of half days. */
static int hours_for(int cells, enum graph_form form)
{
    static const int choices[] = {SCORE_HOURS, 168, 72, 48, 24};
    int points = form == GRAPH_BRAILLE ? cells * 2 : cells;
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        if (choices[i] <= points)
            return choices[i];
    }
    return 24;
}

/* The values of a chart, and how many hours they are. */
struct course {
    const struct score_hour *point;
    int count, known;
    double hours;
    double mean[POINTS], low[POINTS], high[POINTS], tasks[POINTS];
    double most; /* tasks of a point */
};

static void choose(struct course *c, const struct model *m, int cells, enum graph_form form)
{
    const struct score_span *p = &m->scores->span;
    *c = (struct course){.point = p->point, .count = p->points < POINTS ? p->points : POINTS};
    if (p->range == RANGE_FIT) {
        c->count = hours_for(cells, form);
        c->hours = c->count;
        c->point = m->scores->hour + SCORE_HOURS - c->count;
    } else {
        c->hours = (double)(m->now_ms - p->after_ms) / 3600000;
    }
}

static void fill(struct course *c)
{
    for (int i = 0; i < c->count; i++) {
        bool known = c->point[i].count > 0;
        c->mean[i] = known ? c->point[i].mean : NAN;
        c->low[i] = known ? c->point[i].p10 : NAN;
        c->high[i] = known ? c->point[i].p90 : NAN;
        c->tasks[i] = known ? (double)c->point[i].count : NAN;
        c->known += known;
        c->most = fmax(c->most, (double)c->point[i].count);
    }
}

static void widen(struct series *v, const double *value, int count)
{
    for (int i = 0; i < count; i++) {
        if (!isnan(value[i])) {
            v->low = fmin(v->low, value[i]);
            v->high = fmax(v->high, value[i]);
        }
    }
}

/* The axis: whole tenths around the data, the limit always in sight. */
static void set_axis(struct series *v, const struct course *c, bool band)
{
    v->low = limit - 0.1;
    v->high = limit + 0.3;
    widen(v, c->mean, c->count);
    if (band) {
        widen(v, c->low, c->count);
        widen(v, c->high, c->count);
    }
    v->low = fmax(0, floor(v->low * 10 + 1e-9) / 10);
    v->high = fmin(1, ceil(v->high * 10 - 1e-9) / 10);
}

/* "30 min", "24 h", "3.5 days", "2.1 years" */
static const char *time_back(char out[24], double hours)
{
    if (hours < 1)
        snprintf(out, 24, "%.0f min", hours * 60);
    else if (hours <= 48)
        snprintf(out, 24, "%.3g h", hours);
    else if (hours < 24 * 730)
        snprintf(out, 24, hours < 24 * 100 ? "%.3g days" : "%.0f days", hours / 24);
    else
        snprintf(out, 24, "%.1f years", hours / 24 / 365.25);
    return out;
}

static void draw_axis(struct grid g, const struct series *v)
{
    char text[NUM_TEXT];
    int middle = g.h - 1 - (int)((limit - v->low) / (v->high - v->low) * (g.h * 4 - 1) + 0.5) / 4;
    for (int y = 0; y < g.h; y++) {
        bool top = y == 0, bottom = y == g.h - 1;
        grid_put(g, AXIS - 1, y, STYLE_FRAME, top || bottom || y == middle ? GLYPH_AXIS : GLYPH_BAR);
        if (y == middle || top || bottom)
            grid_text_right(g, AXIS - 1, y, y == middle ? STYLE_CHART_LIMIT : STYLE_DIM,
                            num_fixed(text,
                                      y == middle ? limit
                                      : top       ? v->high
                                                  : v->low,
                                      1));
    }
}

static void draw_times(struct grid g, double hours)
{
    int cells = g.w - AXIS;
    char back[24];
    grid_textf(g, AXIS, 0, STYLE_DIM, "%s ago", time_back(back, hours));
    if (cells >= 50)
        grid_text(g, AXIS + cells / 2 - 2, 0, STYLE_DIM, time_back(back, hours / 2));
    grid_text_right(g, g.w, 0, STYLE_DIM, "now");
}

/* How many tasks: from 0 to the most that a point has, which stands at its left. */
static void draw_tasks(struct grid g, const struct course *c, enum graph_form form)
{
    char text[NUM_TEXT];
    struct series v = {c->tasks, c->count, 0, c->most, NAN, STYLE_CHART2, STYLE_CHART2, form};
    grid_text_right(g, AXIS - 1, 0, STYLE_DIM, num_short(text, (int64_t)c->most));
    grid_text_right(g, AXIS - 1, g.h - 1, STYLE_DIM, "0");
    for (int y = 0; y < g.h; y++)
        grid_put(g, AXIS - 1, y, STYLE_FRAME, GLYPH_AXIS);
    chart_plot(grid_part(g, AXIS, 0, g.w - AXIS, g.h), &v);
}

static void draw_means(struct grid g, const struct course *c, const struct series *v, bool band)
{
    struct chart_span b = {c->low, c->high};
    struct grid plot = grid_part(g, AXIS, 0, g.w - AXIS, g.h);
    draw_axis(g, v);
    if (band && v->form == GRAPH_BRAILLE)
        chart_band(plot, v, &b);
    chart_plot(plot, v);
    if (band && v->form != GRAPH_BRAILLE)
        chart_band(plot, v, &b);
}

void scores_chart(const struct model *m, const struct ui *ui, struct grid g, bool all)
{
    struct course c;
    char back[24];
    choose(&c, m, g.w - AXIS, graph_form(ui));
    fill(&c);
    struct series v = {c.mean, c.count, 0, 1, limit, STYLE_CHART, STYLE_BAD, graph_form(ui)};
    bool tasks = all && g.h >= 10 && c.known > 0;
    int times = g.h >= 4, rows = g.h - times - (tasks ? COUNT_ROWS : 0);
    set_axis(&v, &c, all);
    draw_means(grid_part(g, 0, 0, g.w, rows), &c, &v, all);
    if (tasks)
        draw_tasks(grid_part(g, 0, rows, g.w, COUNT_ROWS), &c, v.form);
    if (times)
        draw_times(grid_part(g, 0, g.h - 1, g.w, 1), c.hours);
    if (c.known == 0)
        grid_textf(g, AXIS + 2, rows / 2, STYLE_STALE, "no scored task for %s", time_back(back, c.hours));
}
