/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "/@2026-11-20 14:00", "/@-3d", ":at 2026-11-20": to the tasks of a moment. */
#include "action/entry.h"
#include "action/moves.h"
#include "history/moment.h"
#include "view/view.h"

#include <stdio.h>
#include <string.h>

bool jump_is_typed(const struct ui *ui)
{
    return !ui->help && ui->entry.text[0] == '@' && ui->focus == pane_by_name("tasks");
}

/* A blank is as good as the T between day and time; a minus says that it counts back, which it does anyway. */
static void tidy(char out[ENTRY_MOST], const char *typed)
{
    typed += strspn(typed, "@ -");
    snprintf(out, ENTRY_MOST, "%s", typed);
    for (char *c = out; *c != '\0'; c++)
        if (*c == ' ' && c[1] >= '0' && c[1] <= '9')
            *c = 'T';
}

static bool jump(struct act *act, const char *typed)
{
    char text[ENTRY_MOST];
    struct moment to;
    struct err e = {""};
    tidy(text, typed);
    if (act->model == NULL || !moment_parse(text, act->model->now_ms, &to, &e))
        return false;
    act->ui->jump_ms = to.ms;
    act->order = ORDER_JUMP;
    return true;
}

void jump_to_typed(struct act *act)
{
    if (!jump(act, act->ui->entry.text))
        ui_say(act->ui, "@ wants a moment, such as 2026-11-20 14:00 or -3d");
}

void act_at(struct act *act)
{
    focus_with(act, "tasks");
    entry_open(act->ui, UI_FILTER, "@");
    snprintf(act->ui->entry.before, ENTRY_MOST, "%s", act->ui->filter[act->ui->focus]);
}

bool at_with(struct act *act, const char *word)
{
    if (!jump(act, word))
        return false;
    act->ui->help = false;
    return focus_with(act, "tasks");
}
