/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/action.h"

#include "action/ask.h"
#include "action/keymap.h"
#include "action/moves.h"
#include "view/key.h"

/* Takes the key while something other than the table of actions has the keyboard; a row NULL: no such mode. */
static bool (*const mode_keys[UI_MODE_COUNT])(struct act *act) = {
    [UI_KEYS] = NULL,       [UI_ASK] = ask_key,       [UI_FILTER] = filter_key, [UI_PALETTE] = palette_key,
    [UI_WRITE] = write_key, [UI_OUTPUT] = output_key, [UI_ACK] = ack_key,       [UI_SILENCE] = silence_key,
};

static const struct action *action_of(const struct act *act)
{
    struct keymap table;
    if (act->keymap != NULL)
        return keymap_find(act->keymap, act->key);
    keymap_make(&table, NULL, NULL, NULL);
    return keymap_find(&table, act->key);
}

/* Whoever has the keyboard: a broken picture can be mended, and the shell is never out of reach. */
static bool screen_key(struct act *act)
{
    act->order = act->key == K_CTRL_L ? ORDER_REPAINT : act->key == K_CTRL_Z ? ORDER_SUSPEND : ORDER_NONE;
    return act->order != ORDER_NONE;
}

bool action_run(struct act *act)
{
    act->order = ORDER_NONE;
    act->key = act->key == '\n' ? K_ENTER : act->key == '\b' ? K_BACKSPACE : act->key;
    if (act->key >= K_MOUSE)
        return mouse_key(act);
    if (act->ui->mode != UI_KEYS && screen_key(act))
        return true;
    if (mode_keys[act->ui->mode] != NULL)
        return mode_keys[act->ui->mode](act);
    const struct action *action = action_of(act);
    if (action == NULL)
        return false;
    act->ui->message = NULL;
    action->run(act);
    return true;
}

void action_hints(struct arena *a, struct ui *ui, const struct keymap *keymap)
{
    struct keymap table;
    int count = 0;
    keymap_make(&table, NULL, NULL, NULL);
    while (actions[count].run != NULL)
        count++;
    struct key_hint *hint = arena_array(a, (size_t)count, sizeof *hint);
    for (int i = 0; i < count; i++) {
        const struct action *x = &actions[i];
        hint[i] = (struct key_hint){
            .key = keymap_keys(a, keymap != NULL ? keymap : &table, x),
            .name = x->name,
            .help = x->help,
            .footer = x->footer,
            .id = x->id,
            .takes = x->takes,
            .where = (uint8_t)x->where,
            .rank = (uint8_t)x->rank,
        };
    }
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

/* In the help it is the help that is left; ^C leaves davy from anywhere. */
void act_quit(struct act *act)
{
    if (act->ui->help && act->key != K_CTRL_C)
        act_help(act);
    else
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
