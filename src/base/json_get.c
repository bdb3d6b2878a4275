/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json.h"

#include "base/timetext.h"
#include "base/utf8.h"

#include <math.h>

/* Beyond these a double is no int64; both are exact doubles. */
#define TWO_63 9223372036854775808.0

double json_num(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_number(v) ? json_number_value(v) : NAN;
}

static bool is_integral(double x)
{
    return x >= -TWO_63 && x < TWO_63 && (double)(int64_t)x == x;
}

int64_t json_int(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    if (json_is_integer(v))
        return json_integer_value(v);
    return json_is_real(v) && is_integral(json_real_value(v)) ? (int64_t)json_real_value(v) : NOT_KNOWN;
}

static struct bytes string_bytes(const json_t *v)
{
    return (struct bytes){json_string_value(v), json_string_length(v)};
}

struct bytes json_raw(const json_t *o, const char *key)
{
    return string_bytes(json_object_get(o, key));
}

const char *json_text(struct arena *a, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_string(v) ? text_safe(a, string_bytes(v), 0) : NULL;
}

const json_t *json_child(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_object(v) ? v : NULL;
}

const json_t *json_list(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_array(v) ? v : NULL;
}

int64_t json_time_value(const json_t *value, int32_t naive_offset_s)
{
    int64_t ms;
    if (json_is_number(value) && time_from_number(json_number_value(value), &ms))
        return ms;
    if (json_is_string(value) && time_parse(bytes_trim(string_bytes(value)), naive_offset_s, &ms))
        return ms;
    return NOT_KNOWN;
}

int64_t json_time(const json_t *o, const char *key, int32_t naive_offset_s)
{
    return json_time_value(json_object_get(o, key), naive_offset_s);
}

json_t *json_from_num(double v)
{
    return isfinite(v) ? json_real(v) : json_null();
}

json_t *json_from_int(int64_t v)
{
    return v == NOT_KNOWN ? json_null() : json_integer(v);
}

json_t *json_from_text(const char *text)
{
    json_t *v = text ? json_string(text) : NULL;
    return v ? v : json_null();
}
