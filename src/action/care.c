/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The alert that is marked: acknowledge it, silence it; and a bundle for who shall help. The one who owns the screen writes. */
#include "action/entry.h"
#include "action/moves.h"
#include "model/incidents.h"
#include "view/view.h"

#include <stdio.h>

static const char *name_of(const struct alert *x, char out[ENTRY_MOST])
{
    snprintf(out, ENTRY_MOST, "%.40s%s%.40s", x->rule, *x->subject ? "/" : "", x->subject);
    return out;
}

/* NULL: the message says why there is none. */
static const struct alert *marked(struct act *act)
{
    const struct alert *x = act->model == NULL ? NULL : alert_selected(act->model, act->ui);
    if (act->ui->read_only)
        act->ui->message = "read-only: nothing can be acknowledged or silenced";
    else if (x == NULL)
        act->ui->message = "there is no alert";
    else if (!act->ui->detail) {
        snprintf(act->ui->opened.rule, sizeof act->ui->opened.rule, "%s", x->rule);
        snprintf(act->ui->opened.subject, sizeof act->ui->opened.subject, "%s", x->subject);
    }
    return act->ui->read_only ? NULL : x;
}

void act_ack(struct act *act)
{
    char name[ENTRY_MOST];
    const struct alert *x = marked(act);
    if (x == NULL)
        return;
    if (x->incident == NULL || x->incident->state == INCIDENT_PENDING) {
        ui_say(act->ui, "%s is %s: there is no incident to acknowledge yet; s silences it", name_of(x, name), x->state);
        return;
    }
    entry_open(act->ui, UI_ACK, "");
    ui_say(act->ui, "acknowledge %s: why? \"2h ordered more\" is until in two hours; else 4 h when critical, 24 h",
           name_of(x, name));
}

void act_silence(struct act *act)
{
    char name[ENTRY_MOST];
    const struct alert *x = marked(act);
    if (x == NULL)
        return;
    entry_open(act->ui, UI_SILENCE, "2h ");
    ui_say(act->ui, "silence %s: how long (7d at most), and why", name_of(x, name));
}

void act_bundle(struct act *act)
{
    if (act->ui->read_only)
        act->ui->message = "read-only: davy writes nothing";
    else
        act->order = ORDER_BUNDLE;
}

static bool care_key(struct act *act, enum order order)
{
    struct ui *ui = act->ui;
    enum entry_end end = entry_key(&ui->entry, act->key);
    if (end == ENTRY_LEFT) {
        ui->mode = UI_KEYS;
        ui->message = NULL;
    }
    if (end == ENTRY_KEPT)
        act->order = order;
    return true;
}

bool ack_key(struct act *act)
{
    return care_key(act, ORDER_ACK);
}

bool silence_key(struct act *act)
{
    return care_key(act, ORDER_SILENCE);
}
