/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and verbs: one row each in actions.c; help overlay, footer hints and manual are printed from the rows. An action
 * changes ui, or gives an order to the program that owns the screen. */
#ifndef DAVY_ACTION_ACTION_H
#define DAVY_ACTION_ACTION_H

#include "model/model.h"
#include "view/ui.h"

/* What only the owner of the screen can do; a row each in cmd/davy_orders.c. */
enum order { ORDER_NONE, ORDER_QUIT, ORDER_REPAINT, ORDER_SUSPEND, ORDER_COUNT };
struct act {
    struct ui *ui;
    const struct model *model;
    int key;
    enum order order; /* out */
};
struct action {
    int key[4];       /* any of them; 0 ends; none: the digits */
    const char *keys; /* as shown: "Tab" */
    const char *name, *help;
    bool footer;
    void (*run)(struct act *act);
};
extern const struct action actions[]; /* .run == NULL at the end */
/* Runs what the key means; false: the key means nothing. */
bool action_run(struct act *act);
void action_hints(struct arena *a, struct ui *ui); /* hands the rows, from a, to footer and help */

#endif
