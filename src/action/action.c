/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/action.h"

#include "action/moves.h"

enum { ACTIONS_MOST = 64 };

static bool has_key(const struct action *a, int key)
{
    if (a->run == move_focus_number)
        return key >= '1' && key <= '9';
    for (int i = 0; i < 4 && a->key[i] != 0; i++)
        if (a->key[i] == key)
            return true;
    return false;
}

bool action_run(struct act *act)
{
    act->order = ORDER_NONE;
    for (const struct action *a = actions; a->run != NULL; a++) {
        if (has_key(a, act->key)) {
            act->ui->message = NULL;
            a->run(act);
            return true;
        }
    }
    return false;
}

static const struct key_hint *hints(int *count)
{
    static struct key_hint hint[ACTIONS_MOST];
    *count = 0;
    for (const struct action *a = actions; a->run != NULL && *count < ACTIONS_MOST; a++)
        hint[(*count)++] = (struct key_hint){a->keys, a->name, a->help, a->footer};
    return hint;
}

void action_hints(struct ui *ui)
{
    ui->hint = hints(&ui->hint_count);
}

void act_pause(struct act *act)
{
    act->ui->paused = !act->ui->paused;
    act->ui->missed = 0;
}

void act_help(struct act *act)
{
    act->ui->help = !act->ui->help;
    act->ui->help_scroll = 0;
}

void act_quit(struct act *act)
{
    act->order = ORDER_QUIT;
}

void act_repaint(struct act *act)
{
    act->order = ORDER_REPAINT;
}

void act_suspend(struct act *act)
{
    act->order = ORDER_SUSPEND;
}
