/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The miner's log, the newest entry first; the lines of one entry (a traceback) stay in their order. */
#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "view/pane.h"
#include "view/pieces.h"
#include "view/shown.h"

#include <stdio.h>

struct level_look {
    const char *mark; /* one letter: the level is not told by colour alone */
    enum style style;
};

static struct level_look look_of(enum log_level l)
{
    static const struct level_look looks[LOG_LEVELS] = {
        [LOG_NONE] = {" ", STYLE_DIM},     [LOG_DEBUG] = {"D", STYLE_DIM},    [LOG_INFO] = {"I", STYLE_NORMAL},
        [LOG_SUCCESS] = {"S", STYLE_GOOD}, [LOG_WARNING] = {"W", STYLE_WARN}, [LOG_ERROR] = {"E", STYLE_BAD},
        [LOG_CRITICAL] = {"C", STYLE_BAD},
    };
    return looks[l];
}

/* The index into l->line of row i counted from the newest entry: entries are turned round, their lines are not. */
static size_t newest_first(const struct log *l, size_t i)
{
    size_t end = l->line_count;
    while (end > 0) {
        size_t start = end - 1;
        while (start > 0 && l->line[start].continuation)
            start--;
        if (i < end - start)
            return start + i;
        i -= end - start;
        end = start;
    }
    return 0;
}

static int draw_stamp(const struct log_line *x, struct grid g, int y)
{
    struct level_look look = look_of(x->level);
    char clock[TIME_TEXT];
    bool seconds = g.w >= 50;
    int left = g.w >= 30 ? (seconds ? 11 : 8) : 2;
    if (x->at_ms != NOT_KNOWN && !x->continuation && g.w >= 30)
        grid_text(g, 2, y, STYLE_DIM, seconds ? time_clock_s(clock, x->at_ms) : time_clock(clock, x->at_ms));
    if (!x->continuation)
        grid_text(g, left, y, look.style, look.mark);
    return left + 2;
}

/* Cells for who wrote a line: as many as the longest name of those we hold has; 0 where there is no room. */
static int source_width(const struct log *l, int w)
{
    int most = 0;
    for (size_t i = 0; i < l->line_count && w >= 90; i++) {
        int width = text_width(l->line[i].source);
        most = width > most ? width : most;
    }
    return most > 16 ? 16 : most;
}

static void draw_line(const struct log_line *x, struct grid g, int y, int sources, int rows)
{
    struct level_look look = look_of(x->level);
    int left = draw_stamp(x, g, y), right = g.w;
    if (x->repeat > 1) {
        char text[NUM_TEXT + 1], count[NUM_TEXT];
        snprintf(text, sizeof text, "x%s", num_short(count, x->repeat));
        grid_text_right(g, right, y, STYLE_DIM, text);
        right -= text_width(text) + 1;
    }
    if (sources > 0 && !x->continuation) {
        grid_text_cut(g, left, y, sources, STYLE_DIM, x->source);
        left += sources + 1;
    }
    if (rows > 1)
        grid_wrap(g, left, y, right - left, rows, look.style, x->text);
    else
        grid_text_cut(g, left, y, right - left, look.style, x->text);
}

static void draw_list(const struct model *m, const struct ui *ui, struct grid g)
{
    const struct log *log = m->log;
    int sources = source_width(log, g.w), room = g.w - 18 - (sources > 0 ? sources + 1 : 0);
    struct shown shown;
    shown_of(&shown, m, ui, &pane_log);
    if (shown.count == 0)
        draw_none(g, ui, &pane_log, "line");
    struct list l = list_view(ui, &pane_log, shown.count, g.h);
    for (int y = 0, i = l.first; y < g.h && i < shown.count; i++) {
        const struct log_line *x = &log->line[shown.every ? newest_first(log, (size_t)i) : (size_t)shown.row[i]];
        bool selected = i == l.cursor;
        list_mark(g, y, &l, i);
        int rows = selected && pane_zoomed(ui, &pane_log) ? text_rows(x->text, room) + 1 : 1;
        draw_line(x, g, y, sources, rows);
        y += rows > 1 ? text_rows(x->text, room) : 1;
    }
    list_more(g, l.first > 0, l.first + g.h < shown.count);
}

/* "48,211 lines . last hour 3 errors, 1 warning . started anew twice" */
static void draw_counts(const struct log *l, struct grid row)
{
    char text[NUM_TEXT];
    struct pieces p = {.count = 0};
    int64_t errors = l->last_hour[LOG_ERROR] + l->last_hour[LOG_CRITICAL], warnings = l->last_hour[LOG_WARNING];
    pieces_add(&p, 50, 0, STYLE_DIM, "%s lines ∙", num_group(text, (int64_t)l->lines));
    pieces_add(&p, 80, 1, STYLE_DIM, "last hour");
    pieces_add(&p, 100, 1, errors > 0 ? STYLE_BAD : STYLE_DIM, "%s error%s", num_group(text, errors),
               errors == 1 ? "" : "s");
    pieces_add(&p, 90, 0, warnings > 0 ? STYLE_WARN : STYLE_DIM, ", %s warning%s", num_group(text, warnings),
               warnings == 1 ? "" : "s");
    if (l->ipc_errors_hour > 0)
        pieces_add(&p, 85, 0, STYLE_WARN, ", %s IPC error%s", num_group(text, l->ipc_errors_hour),
                   l->ipc_errors_hour == 1 ? "" : "s");
    if (l->restarts > 0)
        pieces_add(&p, 40, 1, STYLE_DIM, "∙ started anew %s time%s", num_group(text, (int64_t)l->restarts),
                   l->restarts == 1 ? "" : "s");
    pieces_add_right(&p, 30, 2, STYLE_DIM, "newest first");
    pieces_draw(&p, row);
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    if (!m->log->known) {
        draw_waiting(g, m, DOC_LOG);
        return;
    }
    if (m->log->line_count == 0) {
        grid_text_cut(g, 0, 0, g.w, STYLE_DIM, "the log is empty");
        return;
    }
    if (g.h >= 6 && g.w >= 40) {
        draw_counts(m->log, grid_part(g, 2, g.h - 1, g.w - 2, 1));
        g = grid_part(g, 0, 0, g.w, g.h - 1);
    }
    draw_list(m, ui, g);
}

static struct pane_need need(const struct model *m, const struct ui *ui, int w)
{
    int count = (int)m->log->line_count;
    (void)ui;
    (void)w;
    if (!m->log->known || count == 0)
        return (struct pane_need){1, 1, 1};
    return (struct pane_need){count < 2 ? count : 2, count < 5 ? count : 5, count + 1};
}

static int rows(const struct model *m, const struct ui *ui)
{
    struct shown shown;
    shown_of(&shown, m, ui, &pane_log);
    return shown.count;
}

static bool holds(const struct log_line *x, const struct needle *n)
{
    static const char *const words[LOG_LEVELS] = {"", "debug", "info", "success", "warning", "error", "critical"};
    return needle_in(n, x->text) || needle_in(n, x->source) || needle_in(n, words[x->level]);
}

/* One walk over all lines, entry by entry from the newest on: asking newest_first() for each would cost the square. */
static int list(const struct model *m, const struct ui *ui, const struct needle *n, int16_t *row, int most)
{
    const struct log *l = m->log;
    int count = 0;
    (void)ui;
    for (size_t end = l->line_count, start; end > 0 && n->len > 0; end = start) {
        for (start = end - 1; start > 0 && l->line[start].continuation; start--)
            ;
        for (size_t i = start; i < end; i++) {
            if (!holds(&l->line[i], n))
                continue;
            if (count < most)
                row[count] = (int16_t)i;
            count++;
        }
    }
    return n->len > 0 ? count : (int)l->line_count;
}

/* The selected entry: a traceback with all its lines. */
static const char *copy(struct arena *a, const struct model *m, const struct ui *ui)
{
    const struct log *l = m->log;
    struct shown shown;
    shown_of(&shown, m, ui, &pane_log);
    int at = ui->cursor[pane_by_name("log")];
    at = at >= shown.count ? shown.count - 1 : at;
    if (at < 0)
        return NULL;
    size_t i = shown.every ? newest_first(l, (size_t)at) : (size_t)shown.row[at];
    while (i > 0 && l->line[i].continuation)
        i--;
    char time[TIME_TEXT];
    const char *text = l->line[i].text;
    if (l->line[i].at_ms != NOT_KNOWN)
        text = arena_text(a, "%s %s %s", time_minute(time, l->line[i].at_ms), l->line[i].source, text);
    for (i++; i < l->line_count && l->line[i].continuation; i++)
        text = arena_text(a, "%s\n%s", text, l->line[i].text);
    return text;
}

static const char *line(struct arena *a, const struct model *m, enum style *s)
{
    const struct log *l = m->log;
    *s = STYLE_STALE;
    if (!l->known)
        return waiting_line(a, m, DOC_LOG);
    *s = STYLE_NORMAL;
    if (l->line_count == 0)
        return "the log is empty";
    const struct log_line *x = &l->line[newest_first(l, 0)];
    *s = look_of(x->level).style;
    return arena_text(a, "%s %s", look_of(x->level).mark, x->text);
}

const struct pane pane_log = {
    .name = "log",
    .title = "Log",
    .help = "the miner's log, newest first: time, level (D I S W E C), text, how often repeated",
    .importance = 60,
    .doc = {DOC_LOG},
    .doc_count = 1,
    .need = need,
    .draw = draw,
    .rows = rows,
    .list = list,
    .copy = copy,
    .line = line,
};
