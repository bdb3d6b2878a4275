/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys in force: those of the table, with what [keys] of davy.toml says instead. */
#ifndef DAVY_ACTION_KEYMAP_H
#define DAVY_ACTION_KEYMAP_H

#include "action/action.h"

enum { KEYMAP_MOST = 160 };
struct binding {
    int key;
    const struct action *action;
    const struct key_setting *by; /* the line that says so; NULL: the table */
};
struct keymap {
    struct binding row[KEYMAP_MOST]; /* in the order of the table */
    size_t count;
};
/* Says what is wrong with which key of the settings: no such action or key, two actions on one key. What is wrong is left
 * out. s and say may be NULL. */
void keymap_make(struct keymap *out, const struct settings *s, settings_say_fn *say, void *ctx);
const struct action *keymap_find(const struct keymap *k, int key); /* NULL: the key means nothing */
const char *keymap_keys(struct arena *a, const struct keymap *k, const struct action *action); /* "Down, j" */

#endif
