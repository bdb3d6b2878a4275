/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time that is looked at. */
#include "action/moves.h"

#include <string.h>

/* From short to long: as it fits is up to 14 days. */
static const enum score_range order[] = {RANGE_1H, RANGE_24H, RANGE_7D, RANGE_FIT, RANGE_30D, RANGE_ALL};
enum { RANGES = sizeof order / sizeof order[0] };

static void set(struct act *act, enum score_range range)
{
    struct ui *ui = act->ui;
    ui->range = (int)range;
    act->order = ORDER_RANGE;
    if (ui->paused)
        ui_say(ui, "%s, as soon as the picture goes on", range == RANGE_FIT ? "as it fits" : score_range_name(range));
    else if (range == RANGE_ALL)
        ui_say(ui, "charts, score groups and tasks: all that the history knows");
    else if (range == RANGE_FIT)
        ui_say(ui, "charts as far back as they can tell the hours apart, groups of 7 days, all tasks");
    else
        ui_say(ui, "charts, score groups and tasks: the last %s", score_range_name(range));
}

static void step(struct act *act, int by)
{
    int at = 0;
    while (at < RANGES - 1 && (int)order[at] != act->ui->range)
        at++;
    at += by;
    set(act, order[at < 0 ? 0 : at >= RANGES ? RANGES - 1 : at]);
}

void act_range_shorter(struct act *act)
{
    step(act, -1);
}

void act_range_longer(struct act *act)
{
    step(act, 1);
}

void act_range(struct act *act)
{
    set(act, RANGE_FIT);
}

bool range_with(struct act *act, const char *word)
{
    for (int i = 0; i < RANGES; i++) {
        if (strcmp(score_range_word(order[i]), word) == 0) {
            set(act, order[i]);
            return true;
        }
    }
    return false;
}
