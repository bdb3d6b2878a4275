/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys in force: the table's, and what [keys] of davy.toml says. */
#ifndef DAVY_CMD_DAVY_KEYMAP_H
#define DAVY_CMD_DAVY_KEYMAP_H

#include "action/keymap.h"

#include <stdio.h>

void davy_check_keys(const struct settings *s, settings_say_fn *say, void *ctx); /* of rig_options and decode_in */
void davy_keys_example(void);                                                    /* the end of davy config --example */
/* davy_rules.c: behind them, the rules. */
void davy_rules_example(void);
void davy_rules_manual(FILE *out);
void davy_keys_manual(FILE *out);                                                /* a section of davy.toml(5) */

#endif
