/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The output pane: the exact command and where it runs on top, what it says in the middle, what became of it below. */
#include "view/output.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "view/pane.h"
#include "view/parts.h"

#include <stdio.h>

enum { ROOMY_W = 60, ROOMY_H = 18, COMMAND_ROWS = 3, AROUND = 9 /* rows that are no output: frame, lines, result */ };

/* ---- above ---- */

static char32_t step_mark(const struct output *v, int i)
{
    if (i > v->step)
        return GLYPH_DOT;
    if (i == v->step && v->phase == OUTPUT_RUNNING)
        return GLYPH_POINT;
    return i < v->step || v->good ? GLYPH_YES : GLYPH_NO;
}

static enum style step_style(const struct output *v, int i)
{
    if (i > v->step)
        return STYLE_DIM;
    if (i == v->step && v->phase == OUTPUT_RUNNING)
        return STYLE_ACCENT;
    return i < v->step || v->good ? STYLE_GOOD : STYLE_BAD;
}

static int draw_top(const struct output *v, struct grid g)
{
    int y = 0;
    for (int i = 0; i < v->steps; i++) {
        grid_put(g, 0, y, step_style(v, i), step_mark(v, i));
        y += grid_wrap(g, 2, y, g.w - 2, g.h >= 10 ? COMMAND_ROWS : 1, STYLE_STRONG, v->command[i]);
    }
    if (g.h < 6)
        return y;
    const char *where = arena_text(g.frame->arena, "on %s in %s", v->host, v->folder);
    grid_text_mid(g, 2, y, g.w - 2, STYLE_DIM, where);
    return y + 1;
}

/* ---- below ---- */

static const char *running_text(const struct model *m, const struct output *v, struct grid g)
{
    char age[TIME_TEXT], limit[TIME_TEXT];
    int64_t ran_ms = m->now_ms > v->begun_ms ? m->now_ms - v->begun_ms : 0;
    grid_wake(g, m->now_ms + 1000 - ran_ms % 1000);
    return arena_text(g.frame->arena, "runs for %s, at most %s", duration_short(age, ran_ms),
                      duration_short(limit, v->limit_ms));
}

static const char *waiting_text(const struct model *m, const struct output *v, struct grid g)
{
    char left[TIME_TEXT];
    return arena_text(g.frame->arena, "waiting for what becomes of it, %s more",
                      grid_countdown(g, left, m->now_ms, v->health_ms));
}

/* Draws on the last rows; how many. */
static int draw_end(const struct model *m, const struct output *v, struct grid g)
{
    const char *first = v->result ? v->result : running_text(m, v, g);
    const char *second = v->health ? v->health : v->phase == OUTPUT_HEALTH ? waiting_text(m, v, g) : "";
    int most = g.h >= 12 ? 3 : 2, a = text_rows(first, g.w), b = *second ? text_rows(second, g.w) : 0;
    a = a > most ? most : a < 1 ? 1 : a;
    b = b > most ? most : b;
    grid_wrap(g, 0, g.h - a - b, g.w, a, !v->result ? STYLE_ACCENT : v->good ? STYLE_GOOD : STYLE_BAD, first);
    grid_wrap(g, 0, g.h - b, g.w, b, !v->health ? STYLE_ACCENT : v->healthy ? STYLE_GOOD : STYLE_WARN, second);
    return a + b;
}

/* ---- between ---- */

static uint64_t kept(const struct output_lines *l)
{
    return l->count < OUTPUT_LINES ? l->count : OUTPUT_LINES;
}

/* Lines that there are, the one that is not complete too. */
static int lines_of(const struct output_lines *l)
{
    return (int)kept(l) + (l->part[0] != '\0');
}

/* back: 0 is the newest, the line that is not yet complete when there is one. */
static const char *line_at(const struct output_lines *l, int back)
{
    if (l->part[0] && back-- == 0)
        return l->part;
    return l->text[(l->count - 1 - (uint64_t)back) % OUTPUT_LINES];
}

static int rows_of(const char *line, int w)
{
    int rows = text_rows(line, w);
    return rows < 1 ? 1 : rows;
}

/* Rows of g that the lines from back on fill. */
static int height_from(const struct output_lines *l, int back, struct grid g)
{
    int count = lines_of(l), rows = 0;
    for (; back < count && rows < g.h; back++)
        rows += rows_of(line_at(l, back), g.w);
    return rows < g.h ? rows : g.h;
}

/* How far back a picture of w and h can go: there the oldest line stands on top. */
static int most_back(const struct output_lines *l, struct grid g)
{
    int count = lines_of(l), back = count, rows = 0;
    while (back > 0 && g.w > 0 && rows + rows_of(line_at(l, back - 1), g.w) <= g.h)
        rows += rows_of(line_at(l, --back), g.w);
    return back == count && count > 0 ? count - 1 : back;
}

/* From the bottom up, so that the newest is whole. */
static void draw_lines(const struct ui *ui, struct grid g)
{
    const struct output_lines *l = ui->output->lines;
    int count = lines_of(l), most = most_back(l, g), back = ui->output_scroll < most ? ui->output_scroll : most;
    if (count == 0) {
        grid_text_cut(g, 0, 0, g.w, STYLE_DIM, "no output yet");
        return;
    }
    int first = back, y = height_from(l, back, g);
    for (; back < count && y > 0; back++) {
        int rows = rows_of(line_at(l, back), g.w);
        y -= rows;
        if (y >= 0)
            grid_wrap(g, 0, y, g.w, rows, STYLE_NORMAL, line_at(l, back));
    }
    if (first > 0)
        grid_put(g, g.w - 1, g.h - 1, STYLE_SELECT, GLYPH_DOWN);
    if (back < count)
        grid_put(g, g.w - 1, 0, STYLE_SELECT, GLYPH_UP);
}

/* At the bottom, and as high as there is something to show, so that alerts and the daemon's state stay in sight; where cells
 * are few it takes them all. */
static struct grid place(const struct ui *ui, struct grid screen)
{
    if (screen.w < ROOMY_W || screen.h < ROOMY_H)
        return screen;
    int w = screen.w - 4, most = screen.h - 2 - footer_rows(ui);
    int h = height_from(ui->output->lines, 0, grid_part(screen, 0, 0, w - layout_side_cells(true), screen.h));
    h += AROUND + ui->output->steps;
    h = h > most ? most : h < ROOMY_H - 4 ? ROOMY_H - 4 : h;
    return grid_part(screen, 2, screen.h - footer_rows(ui) - h, w, h);
}

/* The part of the box that is for output. */
static struct grid between(struct grid g, int top, int bottom)
{
    bool lines = g.h - top - bottom >= 5;
    return grid_part(g, 0, top + lines, g.w, g.h - top - bottom - 2 * lines);
}

int output_most(const struct ui *ui)
{
    struct grid box = place(ui, (struct grid){.w = ui->w, .h = ui->h});
    struct grid inside = {.w = box.w - layout_side_cells(true), .h = box.h - layout_frame_rows(true)};
    return most_back(ui->output->lines, between(inside, ui->output->steps + (inside.h >= 6), 2));
}

void output_draw(const struct model *m, const struct ui *ui, struct grid screen)
{
    struct grid box = place(ui, screen);
    grid_fill(box, 0, 0, box.w, box.h, STYLE_NORMAL, ' ');
    view_hide_hints(ui, screen);
    struct grid g = frame_box(box, STYLE_FRAME_FOCUS, ui->output->title, STYLE_TITLE_FOCUS);
    int top = draw_top(ui->output, g), bottom = draw_end(m, ui->output, g);
    struct grid lines = between(g, top, bottom);
    if (lines.y > g.y + top) {
        grid_fill(g, 0, top, g.w, 1, STYLE_FRAME, GLYPH_LINE);
        grid_fill(g, 0, g.h - bottom - 1, g.w, 1, STYLE_FRAME, GLYPH_LINE);
    }
    if (lines.h > 0)
        draw_lines(ui, lines);
    if (box.h > 2 && box.w > 20)
        grid_text_cut(box, 2, box.h - 1, box.w - 4, STYLE_DIM, " Esc closes  j k scroll ");
}
