/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moving about: focus, zoom, rows. While the help is open the same keys move the help. */
#include "action/moves.h"

#include "view/view.h"

#include <string.h>

enum { PAGE = 10 };

static int clamp(int value, int most)
{
    if (value > most)
        value = most;
    return value < 0 ? 0 : value;
}

static void close_detail(struct ui *ui)
{
    if (ui->detail && panes[ui->focus]->open != NULL)
        ui->cursor[ui->focus] = ui->opened.cursor;
    ui->detail = false;
    ui->detail_above = 0;
}

static void open_detail(struct act *act)
{
    struct ui *ui = act->ui;
    const struct pane *p = panes[ui->focus];
    ui->detail_above = 0;
    ui->detail = p->open == NULL || (act->model != NULL && p->open(act->model, ui));
}

static void focus(struct ui *ui, int index)
{
    close_detail(ui);
    ui->focus = index;
}

static void focus_by(struct act *act, int step)
{
    int count = pane_count();
    if (count > 0)
        focus(act->ui, (act->ui->focus + step + count) % count);
}

void move_focus_next(struct act *act)
{
    focus_by(act, 1);
}

void move_focus_back(struct act *act)
{
    focus_by(act, -1);
}

void move_focus_number(struct act *act)
{
    int index = act->key - '1';
    if (index >= 0 && index < pane_count())
        focus(act->ui, index);
}

/* The beginning of its name, however it is written, or its number; -1: none of them. */
static int pane_of_word(const char *word)
{
    for (int i = 0; panes[i] != NULL; i++) {
        if (strncasecmp(panes[i]->name, word, strlen(word)) == 0 || (word[0] == '1' + i && word[1] == '\0'))
            return i;
    }
    return -1;
}

bool focus_with(struct act *act, const char *word)
{
    int pane = pane_of_word(word);
    if (pane >= 0)
        focus(act->ui, pane);
    else
        ui_say(act->ui, "no pane is called %s; there are %s to %s, 1 to %d", word, panes[0]->name,
               panes[pane_count() - 1]->name, pane_count());
    return true;
}

/* Rows are asked for only now, because the list grows and shrinks while nobody presses a key. */
static void select_row(struct act *act, int row)
{
    struct ui *ui = act->ui;
    const struct pane *pane = panes[ui->focus];
    int rows = pane->rows != NULL && act->model != NULL ? pane->rows(act->model, ui) : 0;
    int before = ui->cursor[ui->focus];
    ui->cursor[ui->focus] = clamp(row, rows - 1);
    if (ui->cursor[ui->focus] != before)
        ui->detail_above = 0;
}

void move_focus_to(struct act *act, int pane, int row)
{
    if (act->ui->focus != pane)
        focus(act->ui, pane);
    select_row(act, row);
}

static void move_to(struct act *act, int row)
{
    if (act->ui->help)
        act->ui->help_scroll = clamp(row, view_help_rows(act->ui) - 1);
    else
        select_row(act, row);
}

void move_down_by(struct act *act, int step)
{
    int at = act->ui->help ? act->ui->help_scroll : act->ui->cursor[act->ui->focus];
    move_to(act, at + step);
}

void move_down(struct act *act)
{
    move_down_by(act, 1);
}

void move_up(struct act *act)
{
    move_down_by(act, -1);
}

/* Details that are longer than their room are what a page moves, as far as there is more of them. */
static bool scroll_detail(struct act *act, int step)
{
    struct ui *ui = act->ui;
    const struct pane *pane = panes[ui->focus];
    int hidden = !ui->help && ui->detail && pane->details && act->model ? pane->details(act->model, ui) : 0;
    ui->detail_above = clamp(clamp(ui->detail_above, hidden) + step, hidden);
    return hidden > 0;
}

void move_page_down(struct act *act)
{
    if (!scroll_detail(act, PAGE))
        move_down_by(act, PAGE);
}

void move_page_up(struct act *act)
{
    if (!scroll_detail(act, -PAGE))
        move_down_by(act, -PAGE);
}

void move_top(struct act *act)
{
    move_to(act, 0);
}

void move_end(struct act *act)
{
    move_to(act, INT32_MAX);
}

void move_zoom(struct act *act)
{
    struct ui *ui = act->ui;
    if (ui->help)
        ui->help = false;
    else if (!ui->zoom)
        ui->zoom = true;
    else if (ui->detail)
        close_detail(ui);
    else if (panes[ui->focus]->details || panes[ui->focus]->open)
        open_detail(act);
}

void move_back(struct act *act)
{
    struct ui *ui = act->ui;
    if (ui->help && filter_clear(ui))
        ui->help_scroll = 0;
    else if (ui->help)
        ui->help = false;
    else if (ui->detail)
        close_detail(ui);
    else if (!filter_clear(ui))
        ui->zoom = false;
}
