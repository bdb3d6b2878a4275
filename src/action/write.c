/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What leaves the screen: into the clipboard, into a file. */
#include "action/entry.h"
#include "action/moves.h"
#include "base/timetext.h"
#include "view/view.h"

#include <stdio.h>

void act_copy(struct act *act)
{
    act->order = ORDER_COPY;
}

/* "davy-2026-11-22-1405.txt" */
static void propose(char out[ENTRY_MOST], int64_t now_ms)
{
    char time[TIME_TEXT];
    time_minute(time, now_ms); /* "2026-11-22 14:05" */
    snprintf(out, ENTRY_MOST, "davy-%.10s-%.2s%.2s.txt", time, time + 11, time + 14);
}

void act_write(struct act *act)
{
    char name[ENTRY_MOST];
    if (act->ui->read_only) {
        ui_say(act->ui, "read-only: davy writes nothing");
        return;
    }
    propose(name, act->model->now_ms);
    entry_open(act->ui, UI_WRITE, name);
}

/* Who has the screen writes, and asks once more when there is such a file. */
bool write_key(struct act *act)
{
    struct ui *ui = act->ui;
    enum entry_end end = entry_key(&ui->entry, act->key);
    if (end == ENTRY_TYPED || end == ENTRY_LEFT) {
        ui->message = NULL;
        ui->entry.pick = 0;
    }
    if (end == ENTRY_LEFT)
        ui->mode = UI_KEYS;
    if (end == ENTRY_KEPT)
        act->order = ORDER_WRITE;
    return true;
}
