/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/settings_rows.h"

#include "model/settings.h"

#include <string.h>

#define SETTING(name, row_kind, field, initial, low, high, sample, words)                                              \
    {.key = name,                                                                                                      \
     .example = sample,                                                                                                \
     .help = words,                                                                                                    \
     .kind = SETTING_##row_kind,                                                                                       \
     .least = low,                                                                                                     \
     .most = high,                                                                                                     \
     .offset = offsetof(struct settings, field)},
const struct setting_row setting_rows[] = {
#include "model/settings.def"
};
#undef SETTING
const size_t setting_row_count = sizeof setting_rows / sizeof *setting_rows;

size_t setting_table_length(const struct setting_row *row)
{
    const char *dot = strchr(row->key, '.');
    return dot ? (size_t)(dot - row->key) : 0;
}

bool setting_same_table(const struct setting_row *a, const struct setting_row *b)
{
    size_t len = setting_table_length(a);
    return len == setting_table_length(b) && memcmp(a->key, b->key, len) == 0;
}

bool setting_is_table(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; len > 0 && i < setting_row_count; i++)
        if (setting_table_length(&setting_rows[i]) == len && memcmp(setting_rows[i].key, name, len) == 0)
            return true;
    return false;
}
