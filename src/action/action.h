/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and verbs: one row each in actions.c; help overlay, footer hints and manual are printed from the rows. An action
 * changes ui, or gives an order to the program that owns the screen. */
#ifndef DAVY_ACTION_ACTION_H
#define DAVY_ACTION_ACTION_H

#include "model/model.h"
#include "view/ui.h"

/* What only the owner of the screen can do; a row each in cmd/davy_orders.c. */
enum order {
    ORDER_NONE,
    ORDER_QUIT,
    ORDER_REPAINT,
    ORDER_SUSPEND,
    ORDER_THEME,
    ORDER_RANGE,
    ORDER_COPY,
    ORDER_WRITE,
    ORDER_ERRAND,
    ORDER_ACK,     /* of ui.opened, with what ui.entry says */
    ORDER_SILENCE, /* likewise */
    ORDER_BUNDLE,
    ORDER_JUMP, /* to ui.jump_ms in the list of tasks */
    ORDER_COUNT
};
struct keymap;
struct act {
    struct ui *ui;
    const struct model *model;
    const struct keymap *keymap; /* NULL: the keys of the table */
    struct arena *arena;         /* lives as long as a question; NULL: none can be asked */
    const char *dir;             /* the rig's folder, as it is on disk */
    int64_t at_ms;               /* loop clock */
    int key;
    enum order order; /* out */
};
enum { ACTION_KEYS = 4 };
struct action {
    const char *id;       /* stable, words joined by '-': its name in [keys] of davy.toml and in the palette */
    int key[ACTION_KEYS]; /* any of them unless davy.toml says otherwise; 0 ends */
    bool digits;          /* its keys are 1 to 9 */
    const char *name, *help;
    bool footer;          /* hinted at in the footer */
    enum key_where where; /* in which panes it does something */
    int rank;             /* of the hint: higher stays longer when cells are few */
    void (*run)(struct act *act);
    const char *takes; /* what may stand behind it in the palette: "NAME"; NULL: nothing */
    bool (*with)(struct act *act, const char *word); /* runs with that word; false: it is none of those it takes */
};
extern const struct action actions[]; /* .run == NULL at the end */
/* Runs what the key means; false: the key means nothing. */
bool action_run(struct act *act);
/* Hands the rows, with the keys in force, from a to footer, help and palette. keymap NULL: as in the table. */
void action_hints(struct arena *a, struct ui *ui, const struct keymap *keymap);

#endif
