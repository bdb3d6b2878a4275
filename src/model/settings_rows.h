/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of settings.def as a table, for the decoder and the printers. Private to model/. */
#ifndef DAVY_MODEL_SETTINGS_ROWS_H
#define DAVY_MODEL_SETTINGS_ROWS_H

#include <stdbool.h>
#include <stddef.h>

enum setting_kind {
    SETTING_ARGV, /* const char *const *: words, NULL at the end; NULL: none */
    SETTING_BOOL,
    SETTING_GRAPH,
    SETTING_INT,
    SETTING_NAME,
    SETTING_NOTIFY, /* unsigned: bits */
    SETTING_NUMBER,
    SETTING_PATH,
    SETTING_TIME
};

struct setting_row {
    const char *key, *example, *help;
    enum setting_kind kind;
    double least, most; /* of a number; of a name: its cells; both 0: any */
    size_t offset;
};
extern const struct setting_row setting_rows[];
extern const size_t setting_row_count;

/* Length of the table's name in the row's key: 6 of "stage.status"; 0 for a key above the tables. */
size_t setting_table_length(const struct setting_row *row);
/* Two rows of the same table. */
bool setting_same_table(const struct setting_row *a, const struct setting_row *b);
bool setting_is_table(const char *name);

#endif
