/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All about the selected task, under its row: one sentence, then the lines of the file, member by member. What is longer
 * than the pane is scrolled. */
#include "base/numtext.h"
#include "base/timetext.h"
#include "view/pane.h"
#include "view/task_rows.h"

#include <stdio.h>
#include <string.h>

enum { DETAIL = 5, LIST = 4, EDGE = 4 };

static const char *subnet_text(char out[16], int32_t subnet)
{
    snprintf(out, 16, "%d", subnet);
    return subnet >= 0 ? out : "n/a";
}

const char *task_text(struct arena *a, const struct task_line *t)
{
    char time[TIME_TEXT], score[NUM_TEXT], tokens[NUM_TEXT], subnet[16];
    return arena_text(a, "%s ∙ score %s (%s) ∙ LLM %s ∙ strategy %s ∙ subnet %s ∙ %s tokens",
                      time_minute(time, t->t_ms), num_fixed(score, t->score, 4),
                      t->replaced ? "replaced by a later line" : record_kind_word(t->kind), t->llm[0] ? t->llm : "n/a",
                      t->strategy[0] ? t->strategy : "n/a", subnet_text(subnet, t->subnet),
                      num_group(tokens, t->tokens));
}

const struct task_record *task_record_of(const struct model *m, const struct task_line *t)
{
    return m->record && m->record->line == t->line && m->record->count > 0 ? m->record : NULL;
}

static int indent_of(const char *text)
{
    return (int)strspn(text, " ");
}

static int member_rows(const char *text, int w)
{
    int in = indent_of(text);
    return in < w ? text_rows(text + in, w - in) : 0;
}

/* All of them, in so many columns. */
static int text_rows_of(struct arena *a, const struct model *m, const struct task_line *t, int w)
{
    const struct task_record *r = task_record_of(m, t);
    int rows = text_rows(task_text(a, t), w);
    for (size_t i = 0; r && i < r->count; i++)
        rows += member_rows(r->text[i], w);
    return rows;
}

static const struct task_line *open_task(const struct model *m, const struct ui *ui)
{
    return ui->detail && pane_zoomed(ui, &pane_tasks) ? task_selected(m, ui) : NULL;
}

/* A few rows, or as many as its lines need while some of the list stays in sight. */
static int rows_in(int wanted, int h)
{
    int most = h - LIST, rows = wanted < DETAIL ? DETAIL : wanted;
    return rows < most || most < DETAIL ? rows : most;
}

int task_detail_rows(const struct model *m, const struct ui *ui, struct grid g)
{
    const struct task_line *t = open_task(m, ui);
    if (!t || g.h <= DETAIL + 1)
        return 0;
    return rows_in(text_rows_of(g.frame->arena, m, t, g.w - EDGE), g.h);
}

int task_detail_hidden(const struct model *m, const struct ui *ui)
{
    const struct task_line *t = open_task(m, ui);
    struct zoom_size zoom = zoom_size(ui);
    int h = zoom.h - (zoom.w >= 34); /* its heading */
    if (!t || h <= DETAIL + 1)
        return 0;
    struct arena a = {0};
    int rows = text_rows_of(&a, m, t, zoom.w - EDGE), hidden = rows - rows_in(rows, h);
    arena_release(&a);
    return hidden > 0 ? hidden : 0;
}

/* Rows above the top edge are drawn into a grid that starts higher and is clipped. */
static int draw_text(struct grid g, int y, enum style s, const char *text)
{
    int in = indent_of(text), rows = member_rows(text, g.w);
    if (rows > 0 && y + rows > 0 && y < g.h)
        grid_wrap(g, in, y, g.w - in, rows, s, text + in);
    return rows;
}

int task_detail_draw(const struct model *m, const struct ui *ui, const struct task_line *t, struct grid g)
{
    const struct task_record *r = task_record_of(m, t);
    int hidden = text_rows_of(g.frame->arena, m, t, g.w) - g.h;
    int above = ui->detail_above < hidden ? ui->detail_above : hidden;
    int y = above > 0 ? -above : 0;
    y += draw_text(g, y, STYLE_NORMAL, task_text(g.frame->arena, t));
    for (size_t i = 0; r && i < r->count && y < g.h; i++)
        y += draw_text(g, y, STYLE_DIM, r->text[i]);
    if (above > 0)
        grid_put(g, g.w - 1, 0, STYLE_SELECT, GLYPH_UP);
    if (hidden > 0 && above < hidden)
        grid_put(g, g.w - 1, g.h - 1, STYLE_SELECT, GLYPH_DOWN);
    return y < g.h ? y : g.h;
}
