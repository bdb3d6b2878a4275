/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every action by its name: a few letters are typed, the likeliest is marked, Enter runs it. */
#include "action/entry.h"
#include "action/moves.h"
#include "view/finder.h"
#include "view/key.h"

#include <stdio.h>

void act_palette(struct act *act)
{
    entry_open(act->ui, UI_PALETTE, "");
}

/* The marked one; NULL: nothing fits. The hints are the rows of the table. */
static const struct action *picked(const struct ui *ui)
{
    struct finds f;
    finder_look(&f, ui);
    if (f.count == 0)
        return NULL;
    return &actions[f.row[ui->entry.pick < f.count ? ui->entry.pick : f.count - 1].hint];
}

static void complete(struct ui *ui)
{
    const struct action *a = picked(ui);
    if (a == NULL)
        return;
    snprintf(ui->entry.text, sizeof ui->entry.text, "%s%s", a->id, a->takes != NULL ? " " : "");
    ui->entry.pick = 0;
}

static void run(struct act *act)
{
    struct ui *ui = act->ui;
    const struct action *a = picked(ui);
    char word[ENTRY_MOST];
    snprintf(word, sizeof word, "%s", finder_argument(ui->entry.text));
    if (a == NULL)
        return;
    ui->mode = UI_KEYS;
    ui->message = NULL;
    act->key = 0;
    if (word[0] == '\0')
        a->run(act);
    else if (a->with == NULL)
        ui_say(ui, "%s takes nothing behind it", a->id);
    else if (!a->with(act, word))
        ui_say(ui, "%s takes %s, not %s", a->id, a->takes, word);
}

static bool move(struct ui *ui, int key)
{
    struct finds f;
    finder_look(&f, ui);
    int step = key == K_DOWN ? 1 : key == K_UP ? -1 : 0;
    if (step != 0 && f.count > 0)
        ui->entry.pick = (ui->entry.pick + step + f.count) % f.count;
    if (key == K_TAB)
        complete(ui);
    return step != 0 || key == K_TAB;
}

bool palette_key(struct act *act)
{
    struct ui *ui = act->ui;
    enum entry_end end = entry_key(&ui->entry, act->key);
    if (end == ENTRY_OTHER)
        return move(ui, act->key);
    if (end == ENTRY_TYPED)
        ui->entry.pick = 0;
    if (end == ENTRY_LEFT)
        ui->mode = UI_KEYS;
    if (end == ENTRY_KEPT)
        run(act);
    return true;
}
