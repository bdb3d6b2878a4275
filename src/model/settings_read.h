/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A davy.toml while it is read: what it says so far, and what is wrong with it. Private to model/. */
#ifndef DAVY_MODEL_SETTINGS_READ_H
#define DAVY_MODEL_SETTINGS_READ_H

#include "base/json.h"
#include "model/settings.h"
#include "model/settings_rows.h"

struct reader {
    struct arena *a;
    const struct decode_in *in;
    struct settings *to;
    struct settings_fault *fault; /* SETTINGS_FAULTS of them, in the order of their lines */
    size_t count;
};

/* Notes a fault at the line of key: "davy.toml line 3: " and the sentence. What is too much is left out. */
void settings_say(struct reader *r, const char *key, const char *sentence);
void settings_say_wrong(struct reader *r, const struct setting_row *row, const char *key, const json_t *value);
void settings_say_unknown(struct reader *r, const char *key, const json_t *value);
/* settings_argv.c: a command. */
bool settings_put_argv(const struct reader *r, const struct setting_row *row, const json_t *v, void *to);
/* settings_keys.c: the table [keys]. */
void settings_read_keys(struct reader *r, const json_t *table);
/* settings_rules.c: the tables [rule.ID]. */
void settings_read_rules(struct reader *r, const json_t *tables);
/* settings_checks.c: the tables [check.NAME] and [process.NAME]. */
void settings_read_own_checks(struct reader *r, const json_t *tables);
void settings_read_processes(struct reader *r, const json_t *tables);

#endif
