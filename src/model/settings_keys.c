/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table [keys] of davy.toml: action = "key" or ["key", ...]. Which actions and keys there are is not known here. */
#include "model/settings_read.h"

#include "base/toml.h"
#include "base/utf8.h"

enum { NAME_CELLS = 40 };

static bool add_name(struct reader *r, struct key_setting *set, const json_t *v)
{
    struct bytes raw = {json_string_value(v), json_string_length(v)};
    if (!json_is_string(v) || raw.len == 0 || set->count == KEY_NAMES)
        return false;
    set->name[set->count++] = text_safe(r->a, raw, NAME_CELLS);
    return true;
}

static void read_one(struct reader *r, struct key_setting *set, const char *key, const json_t *v)
{
    const char *path = arena_text(r->a, "keys.%s", key), *name = text_safe(r->a, bytes_of(key), NAME_CELLS);
    *set = (struct key_setting){.action = name, .line = toml_line(r->in->bytes, path)};
    bool good = json_is_array(v) || add_name(r, set, v);
    for (size_t i = 0; good && i < json_array_size(v); i++)
        good = add_name(r, set, json_array_get(v, i));
    if (!good)
        settings_say(
            r, path,
            arena_text(r->a, "keys.%s must be a key in quotes, or a list of at most %d of them", name, KEY_NAMES));
}

void settings_read_keys(struct reader *r, const json_t *table)
{
    struct key_setting *set = arena_array(r->a, json_object_size(table), sizeof *set);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)table, key, value) read_one(r, &set[r->to->key_count++], key, value);
    r->to->key = set;
}
