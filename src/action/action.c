/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/action.h"

#include "action/moves.h"

static bool has_key(const struct action *a, int key)
{
    if (a->run == move_focus_number)
        return key >= '1' && key <= '9';
    for (int i = 0; i < 4 && a->key[i] != 0; i++)
        if (a->key[i] == key)
            return true;
    return false;
}

/* Takes the key while something other than the table of actions has the keyboard; a row NULL: no such mode. */
static bool (*const mode_keys[UI_MODE_COUNT])(struct act *act) = {
    [UI_KEYS] = NULL,
};

bool action_run(struct act *act)
{
    act->order = ORDER_NONE;
    if (mode_keys[act->ui->mode] != NULL)
        return mode_keys[act->ui->mode](act);
    for (const struct action *a = actions; a->run != NULL; a++) {
        if (has_key(a, act->key)) {
            act->ui->message = NULL;
            a->run(act);
            return true;
        }
    }
    return false;
}

void action_hints(struct arena *a, struct ui *ui)
{
    int count = 0;
    while (actions[count].run != NULL)
        count++;
    struct key_hint *hint = arena_array(a, (size_t)count, sizeof *hint);
    for (int i = 0; i < count; i++)
        hint[i] = (struct key_hint){actions[i].keys, actions[i].name, actions[i].help, actions[i].footer};
    ui->hint = hint;
    ui->hint_count = count;
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
