/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/settings.h"

#include "base/json.h"
#include "base/near.h"
#include "base/timetext.h"
#include "base/toml.h"
#include "base/utf8.h"
#include "model/settings_rows.h"

#include <math.h>
#include <string.h>

static const struct settings defaults = {
    .path[DOC_SETTINGS] = "davy.toml",
#define SETTING(key, kind, field, initial, ...) .field = initial,
#include "model/settings.def"
#undef SETTING
};

const struct settings *settings_default(void)
{
    return &defaults;
}

/* ---- one value ---- */

struct reader {
    struct arena *a;
    const struct decode_in *in;
    struct err *e;
    struct settings *to;
};

static bool put_bool(const struct reader *r, const struct setting_row *row, const json_t *v, void *to)
{
    (void)r, (void)row;
    if (!json_is_boolean(v))
        return false;
    *(bool *)to = json_boolean_value(v);
    return true;
}

static bool in_limits(const struct setting_row *row, double x)
{
    return x >= row->least && x <= row->most;
}

static bool put_int(const struct reader *r, const struct setting_row *row, const json_t *v, void *to)
{
    (void)r;
    if (!json_is_integer(v) || !in_limits(row, (double)json_integer_value(v)))
        return false;
    *(int64_t *)to = json_integer_value(v);
    return true;
}

static bool put_number(const struct reader *r, const struct setting_row *row, const json_t *v, void *to)
{
    (void)r;
    if (!json_is_number(v) || !in_limits(row, json_number_value(v)))
        return false;
    *(double *)to = json_number_value(v);
    return true;
}

static bool put_time(const struct reader *r, const struct setting_row *row, const json_t *v, void *to)
{
    (void)row;
    int64_t ms = json_time_value(v, r->in->local_offset_s);
    if (ms == NOT_KNOWN)
        return false;
    *(int64_t *)to = ms;
    return true;
}

/* A text that the gate would change is refused, not changed: a path must stay what it is, and be safe to show. NULL. */
static const char *plain_text(const struct reader *r, const json_t *v)
{
    if (!json_is_string(v) || !json_string_length(v))
        return NULL;
    struct bytes raw = {json_string_value(v), json_string_length(v)};
    const char *safe = text_safe(r->a, raw, 0);
    return bytes_is(raw, safe) ? safe : NULL;
}

static bool put_path(const struct reader *r, const struct setting_row *row, const json_t *v, void *to)
{
    (void)row;
    const char *text = plain_text(r, v);
    if (text)
        *(const char **)to = text;
    return text;
}

static bool put_name(const struct reader *r, const struct setting_row *row, const json_t *v, void *to)
{
    const char *text = plain_text(r, v);
    if (!text || !in_limits(row, text_width(text)))
        return false;
    *(const char **)to = text;
    return true;
}

static bool put_graph(const struct reader *r, const struct setting_row *row, const json_t *v, void *to)
{
    static const char *const graphs[] = {"ascii", "block", "braille"};
    (void)r, (void)row;
    for (size_t i = 0; i < sizeof graphs / sizeof *graphs; i++)
        if (json_is_string(v) && strcmp(json_string_value(v), graphs[i]) == 0)
            return *(const char **)to = graphs[i], true;
    return false;
}

struct kind {
    bool (*put)(const struct reader *r, const struct setting_row *row, const json_t *v, void *to);
    const char *must_be;
    bool limited; /* the sentence names the limits */
};
static const struct kind kinds[] = {
    [SETTING_BOOL] = {put_bool, "true or false", false},
    [SETTING_GRAPH] = {put_graph, "\"braille\", \"block\" or \"ascii\"", false},
    [SETTING_INT] = {put_int, "a whole number", true},
    [SETTING_NAME] = {put_name, "a short text in quotes without control characters", false},
    [SETTING_NUMBER] = {put_number, "a number", true},
    [SETTING_PATH] = {put_path, "a path in quotes without control characters", false},
    [SETTING_TIME] = {put_time, "a time such as 2026-11-22T04:48:51Z", false},
};

/* ---- sentences ---- */

/* "davy.toml line 3", or without the line when it is not to be found. */
static const char *place(const struct reader *r, const char *key)
{
    unsigned line = toml_line(r->in->bytes, key);
    return line ? arena_text(r->a, "%s line %u", r->in->name, line) : r->in->name;
}

static bool wrong_value(const struct reader *r, const struct setting_row *row, const char *key)
{
    const struct kind *kind = &kinds[row->kind];
    const char *at = place(r, key);
    if (kind->limited)
        return err_set(r->e, "%s: %s must be %s from %.15g to %.15g", at, key, kind->must_be, row->least, row->most);
    return err_set(r->e, "%s: %s must be %s", at, key, kind->must_be);
}

static bool unknown_key(const struct reader *r, const char *key)
{
    const char *at = place(r, key), *shown = text_safe(r->a, bytes_of(key), 60);
    for (size_t i = 0; i < setting_row_count; i++)
        if (near_enough(bytes_of(key), bytes_of(setting_rows[i].key)))
            return err_set(r->e, "%s: unknown key %s; did you mean %s?", at, shown, setting_rows[i].key);
    return err_set(r->e, "%s: unknown key %s; \"man davy.toml\" lists all", at, shown);
}

/* ---- the file ---- */

/* The row of a key; a path may also be the only thing said about a table: budgets = "FILE" is budgets.file. */
static const struct setting_row *row_of(struct reader *r, const char *key)
{
    const char *long_form = arena_text(r->a, "%s.file", key);
    for (size_t i = 0; i < setting_row_count; i++)
        if (strcmp(setting_rows[i].key, key) == 0 || strcmp(setting_rows[i].key, long_form) == 0)
            return &setting_rows[i];
    return NULL;
}

static bool is_table(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < setting_row_count; i++)
        if (setting_table_length(&setting_rows[i]) == len && memcmp(setting_rows[i].key, name, len) == 0)
            return true;
    return false;
}

static bool read_value(struct reader *r, const char *key, const json_t *value)
{
    const struct setting_row *row = row_of(r, key);
    if (!row)
        return unknown_key(r, key);
    return kinds[row->kind].put(r, row, value, (char *)r->to + row->offset) || wrong_value(r, row, key);
}

static bool read_table(struct reader *r, const char *name, const json_t *table)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)table, key,
                        value) if (!read_value(r, arena_text(r->a, "%s.%s", name, key), value)) return false;
    return true;
}

static bool read_root(struct reader *r, const json_t *root)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)root, key,
                        value) if (!(json_is_object(value) && is_table(key) ? read_table(r, key, value)
                                                                            : read_value(r, key, value))) return false;
    return true;
}

static bool belongs_together(const struct reader *r)
{
    const struct settings *s = r->to;
    if ((s->known_block == NOT_KNOWN) != (s->known_block_ms == NOT_KNOWN))
        return err_set(r->e, "%s: auction.known_block and auction.known_block_at need each other", r->in->name);
    if (s->heartbeat_overdue_s < s->heartbeat_due_s)
        return err_set(r->e, "%s: heartbeat.overdue_s (%lld) must not be less than heartbeat.due_s (%lld)", r->in->name,
                       (long long)s->heartbeat_overdue_s, (long long)s->heartbeat_due_s);
    return true;
}

const void *settings_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    struct reader r = {.a = a, .in = in, .e = e, .to = arena_alloc(a, sizeof *r.to)};
    json_t *root = toml_read(in->bytes, in->name, e);
    *r.to = defaults;
    bool good = root && read_root(&r, root) && belongs_together(&r);
    json_decref(root);
    return good ? r.to : NULL;
}
