/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong, since when, by how much, and what to do. The selected alert (the worst, until somebody moves) is told in
 * full, the others in a line each, and in full as far as there is room. */
#include "base/timetext.h"
#include "base/utf8.h"
#include "view/alerts_pick.h"
#include "view/hits.h"
#include "view/pane.h"
#include "view/pieces.h"
#include "view/shown.h"

#include <stdio.h>
#include <string.h>

enum { BADGE_WIDTH = 7, READABLE = 150 }; /* marker cell and " CRIT "; nobody reads a line across 200 cells */

static int readable(int w)
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

static int head_rows(const struct alert *x, int w)
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
    char since[TIME_TEXT + 8], state[24];
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
    if (strcmp(x->state, "firing") != 0)
        snprintf(f.state, sizeof f.state, "%s", x->state);
    f.since_w = text_width(f.since);
    f.measure_w = text_width(x->value_text) + text_width(f.limit) + text_width(x->limit_text);
    f.state_w = text_width(f.state);
    return f;
}

/* One row, or where cells are few one for when and one for how much: a limit that is cut tells nothing. */
static int fact_rows(const struct alert *x, int w)
{
    struct facts f = facts_of(x, w);
    int parts = (f.since_w > 0) + (f.measure_w > 0) + (f.state_w > 0);
    int width = f.since_w + f.measure_w + f.state_w + 3 * (parts - 1);
    return parts == 0 ? 0 : width <= w - indent_of(w) || parts == 1 ? 1 : 2;
}

static int full_rows(const struct alert *x, int w)
{
    return head_rows(x, w) + fact_rows(x, w) + text_rows(x->why, w - indent_of(w)) + todo_rows(x, w);
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

/* "since 03:12 . 0.41, limit < 0.50", in so many rows; in one that is too short the measure comes first. */
static void draw_facts(const struct alert *x, struct grid g, int y, int rows)
{
    struct facts f = facts_of(x, g.w);
    int left = indent_of(g.w), at = left, needed = fact_rows(x, g.w);
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
        grid_text_cut(g, at, y, g.w - at, STYLE_STALE,
                      arena_text(g.frame->arena, "%s%s", at > left ? " ∙ " : "", f.state));
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
static void draw_full(const struct model *m, const struct alert *x, struct grid g, int y, int rows, bool selected)
{
    int width = g.w - indent_of(g.w), head = head_rows(x, g.w), facts = fact_rows(x, g.w), todo = todo_rows(x, g.w);
    head = rows >= 2 + head ? head : rows < 4 ? 1 : head < 2 ? head : 2;
    facts = rows < 2 ? 0 : facts > 1 && rows < head + 3 ? 1 : facts;
    int left = rows - head - facts, why = text_rows(x->why, width);
    int first = x->todo[0] ? text_rows(x->todo[0], width - 2) : 0;
    if (why > left - first)
        why = left - first > 0 ? left - first : 0;
    if (todo > left - why)
        todo = left - why;
    draw_head(m, x, g, y, head, selected);
    if (facts > 0)
        draw_facts(x, g, y + head, facts);
    why = grid_wrap(g, indent_of(g.w), y + head + facts, width, why, STYLE_NORMAL, x->why);
    draw_todo(x, g, y + head + facts + why, todo);
}

static void draw_line(const struct model *m, const struct alert *x, struct grid g, bool selected)
{
    if (selected)
        grid_put(g, 0, 0, STYLE_SELECT, GLYPH_POINT);
    int right = g.w - age_width(g.w), left = draw_badge(g, 1, 0, x->severity) + 1;
    const char *measure = g.w >= 70 && is_comparison(x) ? alert_measure(g.frame->arena, x) : "";
    int width = text_width(measure);
    if (width > 0 && width < 40) {
        grid_text_right(g, right, 0, STYLE_DIM, measure);
        right -= width + 3;
    }
    grid_text_cut(g, left, 0, right - left, severity_style(x->severity), x->what);
    draw_age(m, x, g, 0);
}

static void draw_well(const struct model *m, struct grid g)
{
    char age[TIME_TEXT];
    int64_t old = model_data_age_ms(m);
    if (old == NOT_KNOWN) {
        grid_text_cut(g, 0, 0, g.w, STYLE_STALE, "nothing is known yet");
        return;
    }
    struct pieces p = {.count = 0};
    pieces_add(&p, 100, 0, STYLE_GOOD, "all is well");
    if (m->rule_count > 0)
        pieces_add(&p, 60, 1, STYLE_DIM, "∙ %zu rules checked", m->rule_count);
    pieces_add(&p, 80, 1, STYLE_DIM, "∙ newest data %s", grid_ago(g, age, m->now_ms, m->now_ms - old));
    int x = draw_badge(g, 0, 0, SEVERITY_OK) + 1;
    pieces_draw(&p, grid_part(g, x, 0, g.w - x, 1));
}

/* Where the cursor is. Zoomed, an alert taller than the screen has a stop for each row that is hidden, so that every
 * word can be reached on any screen. */
struct stop {
    int alert, hidden; /* hidden: rows of it scrolled away */
};

static int stops_of(const struct alert *x, struct zoom_size size)
{
    int full = full_rows(x, readable(size.w));
    return full > size.h ? 1 + full - size.h : 1;
}

static struct stop stop_of(const struct model *m, const struct ui *ui)
{
    int at = ui->cursor[pane_by_name("alerts")], last = (int)m->alert_count - 1;
    if (!pane_focused(ui, &pane_alerts) || at < 0)
        return (struct stop){0, 0};
    for (int i = 0; pane_zoomed(ui, &pane_alerts) && i < last; i++) {
        int stops = stops_of(&m->alert[i], zoom_size(ui));
        if (at - i < stops)
            return (struct stop){i, at - i};
        at -= stops - 1;
    }
    int over = at > last ? at - last : 0, stops = stops_of(&m->alert[last], zoom_size(ui));
    return (struct stop){at > last ? last : at, !pane_zoomed(ui, &pane_alerts) ? 0 : over < stops ? over : stops - 1};
}

/* The cursor of an alert's first row. */
static int first_stop(const struct model *m, const struct ui *ui, int alert)
{
    int stop = 0;
    for (int i = 0; i < alert; i++)
        stop += pane_zoomed(ui, &pane_alerts) ? stops_of(&m->alert[i], zoom_size(ui)) : 1;
    return stop;
}

/* What is above and below the selected one, as far as there is room: a line each, or all of it. */
static void draw_list(const struct model *m, const struct ui *ui, struct grid g, struct stop at)
{
    int count = (int)m->alert_count, others = count - 1, full = full_rows(&m->alert[at.alert], g.w);
    int kept = g.h >= full ? g.h - full : g.h >= 6 && !ui->zoom ? 1 : 0, most = g.h - (others < kept ? others : kept);
    if (m->alert[at.alert].severity <= SEVERITY_INFO && !ui->zoom && g.h < full + others)
        full = 1; /* worth a line, not the room of others */
    int told = full > most ? most : full, spare = g.h - told - others, lines = g.h - told;
    int first = spare >= 0 ? 0 : at.alert - lines / 2, last = count - 1 - lines, i;
    first = first > last && spare < 0 ? last : first < 0 ? 0 : first;
    int y = 0;
    for (i = first; i < count && y < g.h; i++) {
        int whole = full_rows(&m->alert[i], g.w), rows = i == at.alert ? told : whole - 1 <= spare ? whole : 1;
        struct grid part = grid_part(g, 0, y, g.w, rows);
        hits_note(part, HIT_ROW, first_stop(m, ui, i));
        bool marked = i == at.alert && pane_focused(ui, &pane_alerts) && count > 1;
        if (i != at.alert && spare > 0)
            spare -= rows - 1;
        if (i == at.alert || rows > 1)
            draw_full(m, &m->alert[i], part, 0, rows, marked);
        else
            draw_line(m, &m->alert[i], part, marked);
        y += rows;
    }
    list_more(g, first > 0, i < count);
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    g = grid_part(g, 0, 0, readable(g.w), g.h);
    if (m->alert_count == 0) {
        draw_well(m, g);
        return;
    }
    struct picked picked;
    m = alerts_pick(&picked, m, ui);
    if (m->alert_count == 0) {
        draw_none(g, ui, &pane_alerts, "alert");
        return;
    }
    struct stop at = stop_of(m, ui);
    int full = full_rows(&m->alert[at.alert], g.w);
    if (pane_zoomed(ui, &pane_alerts) && full > g.h) {
        draw_full(m, &m->alert[at.alert], g, -at.hidden, full, m->alert_count > 1);
        if (full - at.hidden > g.h)
            grid_put(g, g.w - 1, g.h - 1, STYLE_SELECT, GLYPH_DOWN);
    } else {
        draw_list(m, ui, g, at);
    }
}

/* All alerts told in full. */
static int all_rows(const struct model *m, int w)
{
    int rows = 0;
    for (size_t i = 0; i < m->alert_count && i < 20; i++)
        rows += full_rows(&m->alert[i], w);
    return rows;
}

static struct pane_need need(const struct model *m, const struct ui *ui, int w)
{
    int count = (int)m->alert_count;
    w = readable(w);
    if (count == 0)
        return (struct pane_need){1, 1, 1};
    if (model_worst(m) <= SEVERITY_INFO)
        return (struct pane_need){1, count > 2 ? 2 : count, ui->h >= 50 ? all_rows(m, w) : count};
    int full = full_rows(&m->alert[0], w), most = all_rows(m, w),
        lines = ui->w < 100 || ui->h < 34 ? 1
                : ui->h < 50              ? 2
                                          : 4;
    int good = full + (count - 1 > lines ? lines : count - 1);
    int least = head_rows(&m->alert[0], w) + fact_rows(&m->alert[0], w) + 1;
    least = least < 4 ? 4 : least;
    return (struct pane_need){full < least ? full : least, good, most > good ? most : good};
}

static int rows(const struct model *m, const struct ui *ui)
{
    struct picked picked;
    int rows = 0;
    m = alerts_pick(&picked, m, ui);
    for (size_t i = 0; i < m->alert_count; i++)
        rows += pane_zoomed(ui, &pane_alerts) ? stops_of(&m->alert[i], zoom_size(ui)) : 1;
    return rows;
}

/* The selected one, for who wants to hand it on. */
static const char *copy(struct arena *a, const struct model *m, const struct ui *ui)
{
    struct picked picked;
    m = alerts_pick(&picked, m, ui);
    return m->alert_count == 0 ? NULL : alert_text(a, &m->alert[stop_of(m, ui).alert]);
}

static const char *line(struct arena *a, const struct model *m, enum style *s)
{
    *s = severity_style(model_worst(m));
    if (m->alert_count == 0)
        return model_data_age_ms(m) == NOT_KNOWN ? "nothing is known yet" : "all is well";
    const struct alert *x = &m->alert[0];
    if (m->alert_count == 1)
        return arena_text(a, "%s %s", severity_mark(x->severity), x->what);
    return arena_text(a, "%s %s (+%zu)", severity_mark(x->severity), x->what, m->alert_count - 1);
}

const struct pane pane_alerts = {
    .name = "alerts",
    .title = "Alerts",
    .help = "what is wrong, since when, value against limit, and what to do; the selected one in full",
    .importance = 100,
    .need = need,
    .draw = draw,
    .rows = rows,
    .list = alerts_list,
    .copy = copy,
    .line = line,
};
