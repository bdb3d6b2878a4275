/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a davy.toml, as sentences: file, line, key, and what to write instead. */
#include "model/settings_read.h"

#include "base/near.h"
#include "base/toml.h"
#include "base/utf8.h"

#include <string.h>

enum { SHOWN_CELLS = 40 };

void settings_say(struct reader *r, const char *key, const char *sentence)
{
    unsigned line = toml_line(r->in->bytes, key);
    size_t at = r->count;
    if (at == SETTINGS_FAULTS)
        return;
    const char *place = line ? arena_text(r->a, "%s line %u", r->in->name, line) : r->in->name;
    for (; at > 0 && r->fault[at - 1].line > line; at--)
        r->fault[at] = r->fault[at - 1];
    r->fault[at] = (struct settings_fault){.line = line, .text = arena_text(r->a, "%s: %s", place, sentence)};
    r->count++;
}

/* ---- values ---- */

static const struct {
    const char *must_be;
    bool limited, text; /* the sentence names the limits; it wants quotes */
} kinds[] = {
    [SETTING_ARGV] = {.must_be = "a list of 1 to 64 texts in quotes, the program first, without control characters"},
    [SETTING_BOOL] = {.must_be = "true or false"},
    [SETTING_GRAPH] = {.must_be = "\"braille\", \"block\" or \"ascii\"", .text = true},
    [SETTING_INT] = {.must_be = "a whole number", .limited = true},
    [SETTING_NAME] = {.must_be = "a short text in quotes without control characters", .text = true},
    [SETTING_NOTIFY] = {.must_be = "\"none\", \"bell\", \"osc9\", \"osc777\", or a list of the last three",
                        .text = true},
    [SETTING_NUMBER] = {.must_be = "a number", .limited = true},
    [SETTING_PATH] = {.must_be = "a path in quotes without control characters", .text = true},
    [SETTING_TIME] = {.must_be = "a time such as 2026-11-22T04:48:51Z"},
};

static const char *found(struct reader *r, const struct setting_row *row, const json_t *v)
{
    if (json_is_object(v))
        return "a table";
    if (json_is_array(v))
        return row->kind == SETTING_ARGV ? "this list" : "a list";
    if (json_is_null(v))
        return "nan or inf";
    if (json_is_string(v))
        return arena_text(r->a, "\"%s\"", text_safe(r->a, bytes_of(json_string_value(v)), SHOWN_CELLS));
    if (json_is_real(v)) {
        const char *text = arena_text(r->a, "%.15g", json_real_value(v));
        return strpbrk(text, ".e") ? text : arena_text(r->a, "%s.0", text);
    }
    if (json_is_integer(v))
        return arena_text(r->a, "%lld", (long long)json_integer_value(v));
    return json_is_true(v) ? "true" : "false";
}

static const char *quotes(const struct setting_row *row, const json_t *v)
{
    bool plain = json_is_number(v) || json_is_boolean(v);
    if (kinds[row->kind].text && plain)
        return "; put it in quotes";
    return !kinds[row->kind].text && json_is_string(v) ? "; take the quotes away" : "";
}

void settings_say_wrong(struct reader *r, const struct setting_row *row, const char *key, const json_t *value)
{
    const char *limits = "";
    if (kinds[row->kind].limited)
        limits = arena_text(r->a, " from %.15g to %.15g", row->least, row->most);
    settings_say(r, key,
                 arena_text(r->a, "%s must be %s%s, not %s%s", key, kinds[row->kind].must_be, limits,
                            found(r, row, value), quotes(row, value)));
}

/* ---- keys ---- */

static const char *last_name(const char *key)
{
    const char *dot = strrchr(key, '.');
    return dot ? dot + 1 : key;
}

/* The key that was meant: one that is spelled nearly like it, or one of the same name in another table. */
static const char *meant(const char *key)
{
    for (size_t i = 0; i < setting_row_count; i++)
        if (near_enough(bytes_of(key), bytes_of(setting_rows[i].key)))
            return setting_rows[i].key;
    for (size_t i = 0; i < setting_row_count; i++)
        if (strcmp(last_name(key), last_name(setting_rows[i].key)) == 0)
            return setting_rows[i].key;
    return NULL;
}

static const char *table_meant(struct reader *r, const char *name)
{
    for (size_t i = 0; i < setting_row_count; i++) {
        struct bytes table = {setting_rows[i].key, setting_table_length(&setting_rows[i])};
        if (table.len > 0 && near_enough(bytes_of(name), table))
            return arena_copy(r->a, table);
    }
    return NULL;
}

static const char *unknown_table(struct reader *r, const char *name, const char *shown)
{
    const char *near = table_meant(r, name);
    return near ? arena_text(r->a, "unknown table [%s]; did you mean [%s]?", shown, near)
                : arena_text(r->a, "unknown table [%s]; \"man davy.toml\" lists all", shown);
}

static const char *unknown_key(struct reader *r, const char *key, const char *shown)
{
    const char *near = meant(key), *dot = near ? strchr(near, '.') : NULL;
    if (near && dot && !strchr(key, '.'))
        return arena_text(r->a, "unknown key %s; did you mean %s, which stands below [%.*s]?", shown, dot + 1,
                          (int)(dot - near), near);
    return near ? arena_text(r->a, "unknown key %s; did you mean %s?", shown, near)
                : arena_text(r->a, "unknown key %s; \"man davy.toml\" lists all", shown);
}

void settings_say_unknown(struct reader *r, const char *key, const json_t *value)
{
    const char *shown = text_safe(r->a, bytes_of(key), 60), *text;
    if (setting_is_table(key))
        text = arena_text(r->a, "%s is a table: write [%s] on a line of its own and its keys below", shown, shown);
    else if (json_is_object(value) && !strchr(key, '.'))
        text = unknown_table(r, key, shown);
    else
        text = unknown_key(r, key, shown);
    settings_say(r, key, text);
}
