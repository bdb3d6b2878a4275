/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/settings.h"

#include "base/json.h"
#include "base/timetext.h"
#include "base/toml.h"
#include "base/utf8.h"
#include "model/night.h"
#include "model/settings_read.h"

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

const char *const notify_names[] = {"bell", "osc9", "osc777", NULL};

static bool add_notify(unsigned *to, const json_t *v)
{
    for (unsigned i = 0; notify_names[i] && json_is_string(v); i++)
        if (strcmp(json_string_value(v), notify_names[i]) == 0)
            return *to |= 1u << i, true;
    return false;
}

static bool put_notify(const struct reader *r, const struct setting_row *row, const json_t *v, void *to)
{
    unsigned bits = 0;
    (void)r, (void)row;
    bool none = json_is_string(v) && strcmp(json_string_value(v), "none") == 0;
    bool good = none || json_is_array(v) || add_notify(&bits, v);
    for (size_t i = 0; good && i < json_array_size(v); i++)
        good = add_notify(&bits, json_array_get(v, i));
    if (good)
        *(unsigned *)to = bits;
    return good;
}

static bool (*const put[])(const struct reader *r, const struct setting_row *row, const json_t *v, void *to) = {
    [SETTING_ARGV] = settings_put_argv, [SETTING_BOOL] = put_bool,
    [SETTING_GRAPH] = put_graph,        [SETTING_INT] = put_int,
    [SETTING_NAME] = put_name,          [SETTING_NOTIFY] = put_notify,
    [SETTING_NUMBER] = put_number,      [SETTING_PATH] = put_path,
    [SETTING_TIME] = put_time,
};

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

/* Every fault is noted; the reading goes on, so that one look at the sentences is enough. */
static void read_value(struct reader *r, const char *key, const json_t *value)
{
    const struct setting_row *row = row_of(r, key);
    if (!row)
        settings_say_unknown(r, key, value);
    else if (!put[row->kind](r, row, value, (char *)r->to + row->offset))
        settings_say_wrong(r, row, key, value);
}

static void read_table(struct reader *r, const char *name, const json_t *table)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)table, key, value) read_value(r, arena_text(r->a, "%s.%s", name, key), value);
}

static void read_root(struct reader *r, const json_t *root)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)root, key, value)
    {
        if (json_is_object(value) && strcmp(key, "keys") == 0)
            settings_read_keys(r, value);
        else if (json_is_object(value) && strcmp(key, "check") == 0)
            settings_read_own_checks(r, value);
        else if (json_is_object(value) && strcmp(key, "process") == 0)
            settings_read_processes(r, value);
        else if (json_is_object(value) && strcmp(key, "rule") == 0)
            settings_read_rules(r, value);
        else if (json_is_object(value) && strcmp(key, "modules") == 0)
            continue; /* davy-run's, which checks them */
        else if (json_is_object(value) && setting_is_table(key))
            read_table(r, key, value);
        else
            read_value(r, key, value);
    }
}

/* Times of the day, and what they are called. */
static void times_are_right(struct reader *r)
{
    const struct settings *s = r->to;
    const struct {
        const char *key, *text;
        bool off;
    } times[] = {{"notify.digest", s->notify_digest, false},
                 {"watch.daily", s->watch_daily, true},
                 {"watch.weekly", s->watch_weekly, true}};
    if (s->notify_quiet && !night_hours(s->notify_quiet, NULL))
        settings_say(r, "notify.quiet", "notify.quiet must be two times of the day, as \"22:00-08:00\"");
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (!night_minute(times[i].text, NULL) && !(times[i].off && strcmp(times[i].text, "off") == 0))
            settings_say(r, times[i].key,
                         arena_text(r->a, "%s must be a time of the day, as \"09:00\"%s", times[i].key,
                                    times[i].off ? ", or \"off\"" : ""));
}

static void belongs_together(struct reader *r)
{
    const struct settings *s = r->to;
    bool block = s->known_block != NOT_KNOWN, time = s->known_block_ms != NOT_KNOWN;
    if (block != time)
        settings_say(r, block ? "auction.known_block" : "auction.known_block_at",
                     "auction.known_block and auction.known_block_at need each other");
    if (s->active && !night_hours(s->active, NULL))
        settings_say(r, "heartbeat.active", "heartbeat.active must be two times of the day, as \"08:00-22:00\"");
    times_are_right(r);
    if (s->heartbeat_overdue_s < s->heartbeat_due_s)
        settings_say(r, s->heartbeat_due_s != defaults.heartbeat_due_s ? "heartbeat.due_s" : "heartbeat.overdue_s",
                     arena_text(r->a, "heartbeat.overdue_s (%lld) must not be less than heartbeat.due_s (%lld)",
                                (long long)s->heartbeat_overdue_s, (long long)s->heartbeat_due_s));
}

static void say_key(void *ctx, const char *key, const char *sentence)
{
    settings_say(ctx, key, sentence);
}

static void read_all(struct reader *r)
{
    struct err e;
    json_t *root = toml_read(r->in->bytes, r->in->name, &e);
    *r->to = defaults;
    if (!root) {
        r->fault[r->count++] = (struct settings_fault){.text = arena_text(r->a, "%s", e.text)};
        return;
    }
    read_root(r, root);
    if (r->count == 0)
        belongs_together(r);
    if (r->in->check)
        r->in->check(r->to, say_key, r);
    json_decref(root);
}

size_t settings_check(struct arena *a, const struct decode_in *in, struct settings_fault fault[SETTINGS_FAULTS])
{
    struct reader r = {.a = a, .in = in, .to = arena_alloc(a, sizeof *r.to), .fault = fault};
    read_all(&r);
    return r.count;
}

const void *settings_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    struct settings_fault fault[SETTINGS_FAULTS];
    struct reader r = {.a = a, .in = in, .to = arena_alloc(a, sizeof *r.to), .fault = fault};
    read_all(&r);
    if (r.count > 0)
        err_set(e, "%s", fault[0].text);
    return r.count == 0 ? r.to : NULL;
}
