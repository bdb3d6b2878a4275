/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter: a typed line narrows the focused pane's list, or the help while that is open. */
#include "action/entry.h"
#include "action/moves.h"
#include "view/key.h"
#include "view/view.h"

#include <stdio.h>

static char *filter_of(struct ui *ui)
{
    return ui->filter[ui->help ? PANE_MAX : ui->focus];
}

static void set(struct ui *ui, const char *text)
{
    snprintf(filter_of(ui), ENTRY_MOST, "%s", text);
    if (ui->help)
        ui->help_scroll = 0;
    else
        ui->cursor[ui->focus] = 0;
}

bool filter_clear(struct ui *ui)
{
    bool had = filter_of(ui)[0] != '\0';
    if (had)
        set(ui, "");
    return had;
}

void act_filter(struct act *act)
{
    struct ui *ui = act->ui;
    if (!ui->help && panes[ui->focus]->list == NULL)
        ui_say(ui, "%s has no list to filter", panes[ui->focus]->title);
    else
        entry_open(ui, UI_FILTER, filter_of(ui));
}

/* Moving about goes on while one types. */
static bool move(struct act *act)
{
    static const struct {
        int key, rows;
    } moves[] = {{K_DOWN, 1}, {K_UP, -1}, {K_PGDN, 10}, {K_PGUP, -10}};
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        if (moves[i].key == act->key) {
            move_down_by(act, moves[i].rows);
            return true;
        }
    }
    return false;
}

bool filter_key(struct act *act)
{
    struct ui *ui = act->ui;
    enum entry_end end = entry_key(&ui->entry, act->key);
    if (end == ENTRY_OTHER)
        return move(act);
    bool jump = jump_is_typed(ui);
    if (end == ENTRY_TYPED)
        set(ui, jump ? ui->entry.before : ui->entry.text);
    if (end == ENTRY_KEPT && jump)
        jump_to_typed(act);
    if (end == ENTRY_LEFT)
        set(ui, ui->entry.before);
    if (end == ENTRY_KEPT || end == ENTRY_LEFT)
        ui->mode = UI_KEYS;
    return true;
}

/* What the filter found is all there is: behind the last one comes the first. */
static void step(struct act *act, int rows)
{
    struct ui *ui = act->ui;
    const struct pane *pane = panes[ui->focus];
    int count = !ui->help && pane->rows != NULL && act->model != NULL ? pane->rows(act->model, ui) : 0;
    if (filter_of(ui)[0] == '\0')
        ui_say(ui, "nothing is searched for yet");
    else if (ui->help)
        move_down_by(act, rows);
    else if (count > 0)
        move_focus_to(act, ui->focus, (ui->cursor[ui->focus] + rows + count) % count);
}

void act_next_match(struct act *act)
{
    step(act, 1);
}

void act_previous_match(struct act *act)
{
    step(act, -1);
}
