/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames of panes: a box where there is room, a title line where there is not. Age and error of the pane's files stand in
 * the frame, so no row is lost and no value looks fresher than it is. */
#include "view/parts.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "view/alert_page.h"
#include "view/pane.h"
#include "view/shown.h"
#include "view/task_rows.h"

/* The doc whose trouble the frame tells; DOC_COUNT: none. A file that never was there is no trouble of a frame: the pane
 * says what it waits for. */
static enum doc_id troubled(const struct model *m, const struct pane *p)
{
    for (int i = 0; i < p->doc_count; i++) {
        const struct origin *o = &m->origin[p->doc[i]];
        if (o->state == ORIGIN_INVALID || (o->state != ORIGIN_OK && origin_read(o)))
            return p->doc[i];
    }
    return DOC_COUNT;
}

static const char *age_note(struct grid g, const struct model *m, const struct origin *o)
{
    char age[TIME_TEXT];
    int64_t at = o->mtime_ms != NOT_KNOWN ? o->mtime_ms : o->read_ms;
    if (at == NOT_KNOWN)
        return g.w >= 36 && o->key ? arena_text(g.frame->arena, "%s %s", o->key, origin_state_name(o->state))
                                   : origin_state_name(o->state);
    grid_age(g, age, m->now_ms, at);
    const char *name = g.w >= 36 && o->key ? o->key : "", *gap = name[0] ? " " : "";
    if (o->state == ORIGIN_STALE)
        return arena_text(g.frame->arena, "%s%s(%s old)", name, gap, age);
    return arena_text(g.frame->arena, "%s%s%s (%s old)", name, gap, o->state == ORIGIN_INVALID ? "invalid" : "gone",
                      age);
}

static const char *sentence(const struct model *m, const struct origin *o)
{
    if (o->error)
        return o->error;
    return o->state == ORIGIN_STALE ? NULL : origin_path(m, o);
}

static void box_lines(struct grid g, enum style s)
{
    grid_fill(g, 1, 0, g.w - 2, 1, s, GLYPH_LINE);
    grid_fill(g, 1, g.h - 1, g.w - 2, 1, s, GLYPH_LINE);
    grid_fill(g, 0, 1, 1, g.h - 2, s, GLYPH_BAR);
    grid_fill(g, g.w - 1, 1, 1, g.h - 2, s, GLYPH_BAR);
    grid_put(g, 0, 0, s, GLYPH_CORNER_TL);
    grid_put(g, g.w - 1, 0, s, GLYPH_CORNER_TR);
    grid_put(g, 0, g.h - 1, s, GLYPH_CORNER_BL);
    grid_put(g, g.w - 1, g.h - 1, s, GLYPH_CORNER_BR);
}

struct grid frame_box(struct grid g, enum style lines, const char *title, enum style title_style)
{
    if (g.w < 6 || g.h < 3)
        return g;
    box_lines(g, lines);
    int end = grid_text_cut(g, 3, 0, g.w - 5, title_style, title);
    grid_put(g, 2, 0, lines, ' ');
    grid_put(g, end, 0, lines, ' ');
    return grid_part(g, 2, 1, g.w - 4, g.h - 2);
}

static int draw_title(struct grid g, int x, const struct ui *ui, int pane, enum style style)
{
    if (pane < 9)
        x = grid_textf(g, x, 0, ui->focus == pane ? style : STYLE_DIM, "%d ", pane + 1);
    return grid_text_cut(g, x, 0, g.w - x, style, panes[pane]->title);
}

/* Of a list that is longer than anybody remembers: where in it one is. */
static const char *position(struct arena *a, const struct model *m, const struct ui *ui, int pane)
{
    char at[NUM_TEXT], all[NUM_TEXT];
    int rows = panes[pane] == &pane_tasks ? task_rows(m) : 0, row = ui->cursor[pane] + 1;
    if (rows <= TASK_LINES || ui->focus != pane)
        return "";
    return arena_text(a, " row %s of %s", num_group(at, row < rows ? row : rows), num_group(all, rows));
}

/* "20 of 1,204,113", and where among them one is when they are more than a few. */
static const char *found_tasks(struct arena *a, const struct model *m, const struct ui *ui)
{
    char found[NUM_TEXT], all[NUM_TEXT], at[NUM_TEXT];
    struct task_list l;
    task_list_of(&l, m, ui);
    int row = ui->cursor[pane_by_name("tasks")] + 1;
    const char *where = l.count > TASK_LINES && pane_focused(ui, &pane_tasks)
                            ? arena_text(a, ", row %s", num_group(at, row < l.count ? row : l.count))
                            : "";
    return arena_text(a, "%s%s of %s%s", num_group(found, l.count), l.find && !l.find->done ? "+" : "",
                      num_group(all, l.all), where);
}

/* What narrows the pane, behind its title: the time, and its filter with what that finds of all. */
static const char *narrowed(struct arena *a, const struct model *m, const struct ui *ui, int pane)
{
    const char *filter = shown_filter(ui, panes[pane]), *time = "";
    struct shown shown;
    if (panes[pane]->ranged && m->scores->span.range != RANGE_FIT)
        time = arena_text(a, m->scores->span.range == RANGE_ALL ? " of %s time" : " last %s",
                          score_range_name(m->scores->span.range));
    if (panes[pane] == &pane_alerts)
        time = alerts_note(a, m);
    if (filter[0] == '\0')
        return arena_text(a, "%s%s", time, position(a, m, ui, pane));
    if (panes[pane] == &pane_tasks)
        return arena_text(a, "%s /%s %s", time, filter, found_tasks(a, m, ui));
    shown_of(&shown, m, ui, panes[pane]);
    return arena_text(a, "%s /%s %d of %d", time, filter, shown.count, shown.all);
}

static struct grid draw_box(const struct model *m, const struct ui *ui, int pane, struct grid g, enum doc_id d)
{
    bool focus = ui->focus == pane;
    struct arena *a = g.frame->arena;
    box_lines(g, focus ? STYLE_FRAME_FOCUS : STYLE_FRAME);
    grid_put(g, 2, 0, STYLE_FRAME, ' ');
    int end = draw_title(g, 3, ui, pane, focus ? STYLE_TITLE_FOCUS : STYLE_TITLE);
    end = grid_text_cut(g, end, 0, g.w - end - 2, STYLE_ACCENT, narrowed(a, m, ui, pane));
    grid_put(g, end, 0, STYLE_FRAME, ' ');
    if (d != DOC_COUNT) {
        const char *why = sentence(m, &m->origin[d]);
        grid_text_right(grid_part(g, end + 1, 0, g.w, 1), g.w - end - 3, 0, STYLE_STALE,
                        arena_text(a, " %s ", age_note(g, m, &m->origin[d])));
        if (why)
            grid_text_cut(g, 2, g.h - 1, g.w - 4, STYLE_WARN, arena_text(a, " ! %s ", why));
    }
    return grid_part(g, 2, 1, g.w - 4, g.h - 2);
}

static struct grid draw_rule(const struct model *m, const struct ui *ui, int pane, struct grid g, enum doc_id d)
{
    bool focus = ui->focus == pane;
    struct arena *a = g.frame->arena;
    int x = draw_title(g, 0, ui, pane, focus ? STYLE_TITLE_FOCUS : STYLE_TITLE), right = g.w;
    x = grid_text_cut(g, x, 0, g.w - x, STYLE_ACCENT, narrowed(a, m, ui, pane)) + 1;
    grid_fill(g, x, 0, g.w - x, 1, focus ? STYLE_FRAME_FOCUS : STYLE_FRAME, GLYPH_LINE);
    if (d != DOC_COUNT) {
        const char *note = age_note(g, m, &m->origin[d]), *why = sentence(m, &m->origin[d]);
        right -= text_width(note);
        grid_text_right(g, g.w, 0, STYLE_STALE, arena_text(a, " %s", note));
        if (why && right - x > 8)
            grid_text_cut(g, x, 0, right - x - 1, STYLE_WARN, arena_text(a, "! %s ", why));
    }
    return grid_part(g, 1, 1, g.w - 2, g.h - 1);
}

struct grid pane_frame(const struct model *m, const struct ui *ui, int pane, struct grid g, bool boxed)
{
    enum doc_id d = troubled(m, panes[pane]);
    if (g.h < 2 || g.w < 8)
        return g;
    return boxed ? draw_box(m, ui, pane, g, d) : draw_rule(m, ui, pane, g, d);
}

void pane_line(const struct model *m, const struct ui *ui, int pane, struct grid row)
{
    enum style s = STYLE_NORMAL;
    const char *text = panes[pane]->line(row.frame->arena, m, &s);
    bool focus = ui->focus == pane;
    draw_title(row, 0, ui, pane, focus ? STYLE_TITLE_FOCUS : STYLE_TITLE);
    int x = row.w >= 28 ? 12 : 0;
    if (x == 0)
        x = (int)text_width(panes[pane]->title) + 3;
    if (troubled(m, panes[pane]) != DOC_COUNT)
        s = STYLE_STALE;
    grid_text_cut(row, x, 0, row.w - x, s, text);
    /* Summaries hold ages in words; only the countdown moves every second. */
    bool counts = panes[pane] == &pane_auction && m->auction->has_window && m->auction->window_end_ms > m->now_ms;
    grid_wake(row, m->now_ms + (counts ? countdown_step_ms(m->auction->window_end_ms - m->now_ms) : 5000));
}
