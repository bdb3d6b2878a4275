/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_members.h"

#include "base/json.h"
#include "base/timetext.h"
#include "base/utf8.h"

void put(json_t *o, const char *key, json_t *value)
{
    json_object_set_new(o, key, value ? value : json_null());
}

void put_num(json_t *o, const char *key, double v)
{
    put(o, key, json_from_num(v));
}

void put_int(json_t *o, const char *key, int64_t v)
{
    put(o, key, json_from_int(v));
}

void put_count(json_t *o, const char *key, uint64_t v)
{
    put(o, key, json_integer(v > INT64_MAX ? INT64_MAX : (json_int_t)v));
}

void put_text(json_t *o, const char *key, const char *text)
{
    put(o, key, json_from_text(text));
}

void put_bool(json_t *o, const char *key, bool v)
{
    put(o, key, json_boolean(v));
}

void put_seconds(json_t *o, const char *key, int64_t ms)
{
    int64_t s = ms / 1000 - (ms % 1000 < 0);
    put_int(o, key, ms == NOT_KNOWN ? NOT_KNOWN : s);
}

void put_age(json_t *o, const char *key, int64_t ms)
{
    put_seconds(o, key, ms != NOT_KNOWN && ms < 0 ? 0 : ms);
}

json_t *json_of_path(struct arena *a, const char *path)
{
    json_t *v = path ? json_string(path) : json_null();
    return v ? v : json_from_text(text_safe(a, bytes_of(path), 0));
}
