/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One alert, in a line or in full: headline, facts, reason, steps. */
#include "view/alert_rows.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "view/alert_page.h"

#include <stdio.h>
#include <string.h>

enum {
    BADGE_WIDTH = 7,
    READABLE = 150,
    SPARK_LEAST = 23,
    SPARK_GAP = 3
}; /* marker cell and " CRIT "; nobody reads a line across 200 cells */

int alert_width(int w)
{
    return w < READABLE ? w : READABLE;
}

static int indent_of(int w)
{
    return w >= 44 ? BADGE_WIDTH + 1 : 2;
}

static int age_width(int w)
{
    return w >= 60 ? 6 : w >= 24 ? 5 : 0;
}

/* Where cells are few the headline gets those of the age: below it stands since when. */
static int head_width(int w)
{
    return w - BADGE_WIDTH - 1 - (w >= 44 ? age_width(w) : 0);
}

int alert_head_rows(const struct alert *x, int w)
{
    int rows = text_rows(x->what, head_width(w));
    return rows < 1 ? 1 : rows < 3 ? rows : 3;
}

static int todo_rows(const struct alert *x, int w)
{
    int rows = 0;
    for (int i = 0; i < ALERT_DO && x->todo[i]; i++)
        rows += text_rows(x->todo[i], w - indent_of(w) - 2);
    return rows;
}

/* A limit is a comparison ("< 0.50") or what should be there instead ("running"). */
static bool is_comparison(const struct alert *x)
{
    return x->limit_text[0] == '<' || x->limit_text[0] == '>';
}

/* "0.46 < 0.50", "stopped, not running" */
const char *alert_measure(struct arena *a, const struct alert *x)
{
    const char *between = !x->value_text[0] || !x->limit_text[0] ? "" : is_comparison(x) ? " " : ", not ";
    return arena_text(a, "%s%s%s", x->value_text, between, x->limit_text);
}

static const char *limit_word(const struct alert *x)
{
    if (is_comparison(x))
        return x->value_text[0] ? ", limit " : "limit ";
    return x->value_text[0] ? ", should be " : "should be ";
}

/* Since when, by how much, and what became of it: pieces, and only counted when nothing is to be drawn. */
struct facts {
    char since[TIME_TEXT + 8], state[ALERT_STATE];
    const char *limit; /* the word before it */
    int since_w, measure_w, state_w;
};

static struct facts facts_of(const struct alert *x, int w)
{
    struct facts f = {.limit = !x->limit_text[0] ? "" : w < 44 && is_comparison(x) ? " " : limit_word(x)};
    char clock[TIME_TEXT];
    if (x->since_ms != NOT_KNOWN)
        snprintf(f.since, sizeof f.since, "since %s",
                 w >= 60 ? time_minute(clock, x->since_ms) : time_clock(clock, x->since_ms));
    alert_state(f.state, x);
    f.since_w = text_width(f.since);
    f.measure_w = text_width(x->value_text) + text_width(f.limit) + text_width(x->limit_text);
    f.state_w = text_width(f.state);
    return f;
}

/* One row, or where cells are few one for when and one for how much: a limit that is cut tells nothing. */
int alert_fact_rows(const struct alert *x, int w)
{
    struct facts f = facts_of(x, w);
    int parts = (f.since_w > 0) + (f.measure_w > 0) + (f.state_w > 0);
    int width = f.since_w + f.measure_w + f.state_w + 3 * (parts - 1);
    return parts == 0 ? 0 : width <= w - indent_of(w) || parts == 1 ? 1 : 2;
}

int alert_full_rows(const struct alert *x, int w)
{
    return alert_head_rows(x, w) + alert_fact_rows(x, w) + text_rows(x->why, w - indent_of(w)) + todo_rows(x, w);
}

static void draw_age(const struct model *m, const struct alert *x, struct grid g, int y)
{
    char age[TIME_TEXT];
    if (x->since_ms != NOT_KNOWN && age_width(g.w) > 0)
        grid_text_right(g, g.w, y, STYLE_DIM, grid_age(g, age, m->now_ms, x->since_ms));
}

static void draw_head(const struct model *m, const struct alert *x, struct grid g, int y, int rows, bool selected)
{
    if (selected)
        grid_put(g, 0, y, STYLE_SELECT, GLYPH_POINT);
    int left = draw_badge(g, 1, y, x->severity) + 1;
    grid_wrap(g, left, y, head_width(g.w), rows, severity_style(x->severity), x->what);
    if (g.w >= 44)
        draw_age(m, x, g, y);
}

/* Returns the column behind. "since 03:12 . 0.41, limit < 0.50", in so many rows; in one that is too short the measure comes first. */
static int draw_facts(const struct alert *x, struct grid g, int y, int rows)
{
    struct facts f = facts_of(x, g.w);
    int left = indent_of(g.w), at = left, needed = alert_fact_rows(x, g.w);
    if (rows >= needed || f.measure_w == 0)
        at = grid_text_cut(g, at, y, g.w - at, STYLE_NORMAL, f.since);
    if (at > left && needed > 1 && rows > 1) {
        y++;
        at = left;
    }
    if (at > left && f.measure_w > 0)
        at = grid_text(g, at, y, STYLE_DIM, " ∙ ");
    at = grid_text_cut(g, at, y, g.w - at, STYLE_STRONG, x->value_text);
    at = grid_text_cut(g, at, y, g.w - at, STYLE_DIM, f.limit);
    at = grid_text_cut(g, at, y, g.w - at, STYLE_NORMAL, x->limit_text);
    if (f.state_w > 0)
        at = grid_text_cut(g, at, y, g.w - at, STYLE_STALE,
                           arena_text(g.frame->arena, "%s%s", at > left ? " ∙ " : "", f.state));
    return at;
}

static int draw_todo(const struct alert *x, struct grid g, int y, int room)
{
    int left = indent_of(g.w), used = 0;
    for (int i = 0; i < ALERT_DO && x->todo[i] && used < room; i++) {
        grid_put(g, left, y + used, STYLE_ACCENT, GLYPH_POINT);
        used += grid_wrap(g, left + 2, y + used, g.w - left - 2, room - used, STYLE_STRONG, x->todo[i]);
    }
    return used;
}

/* In that many rows from y: headline, facts and the first step come before the reason and the other steps. */
void alert_draw_full(const struct model *m, const struct ui *ui, const struct alert *x, struct grid g, int y, int rows,
                     bool selected)
{
    int width = g.w - indent_of(g.w), head = alert_head_rows(x, g.w), facts = alert_fact_rows(x, g.w),
        todo = todo_rows(x, g.w);
    head = rows >= 2 + head ? head : rows < 4 ? 1 : head < 2 ? head : 2;
    facts = rows < 2 ? 0 : facts > 1 && rows < head + 3 ? 1 : facts;
    int at = g.w, left = rows - head - facts, why = text_rows(x->why, width);
    int first = x->todo[0] ? text_rows(x->todo[0], width - 2) : 0;
    if (why > left - first)
        why = left - first > 0 ? left - first : 0;
    if (todo > left - why)
        todo = left - why;
    draw_head(m, x, g, y, head, selected);
    if (facts > 0)
        at = draw_facts(x, g, y + head, facts);
    if (facts == 1 && g.w - at >= SPARK_LEAST)
        alert_spark(m, ui, x, grid_part(g, at + SPARK_GAP, y + head, g.w - at - SPARK_GAP, 1));
    why = grid_wrap(g, indent_of(g.w), y + head + facts, width, why, STYLE_NORMAL, x->why);
    draw_todo(x, g, y + head + facts + why, todo);
}

void alert_draw_line(const struct model *m, const struct alert *x, struct grid g, bool selected)
{
    if (selected)
        grid_put(g, 0, 0, STYLE_SELECT, GLYPH_POINT);
    int right = g.w - age_width(g.w), left = draw_badge(g, 1, 0, x->severity) + 1;
    const char *measure = g.w >= 70 && is_comparison(x) ? alert_measure(g.frame->arena, x) : "";
    int width = text_width(measure);
    char state[ALERT_STATE];
    if (width > 0 && width < 40) {
        grid_text_right(g, right, 0, STYLE_DIM, measure);
        right -= width + 3;
    }
    width = g.w >= 70 ? text_width(alert_state(state, x)) : 0;
    if (width > 0 && width < g.w / 3) {
        grid_text_right(g, right, 0, STYLE_STALE, state);
        right -= width + 3;
    }
    grid_text_cut(g, left, 0, right - left, severity_style(x->severity), x->what);
    draw_age(m, x, g, 0);
}
