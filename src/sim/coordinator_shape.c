/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bodies are judged as the real server's models judge them: what is missing or of another kind makes a 422 that names the
 * place; what is not known is dropped without a word. */
#include "base/json_span.h"
#include "sim/coordinator_private.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *type, *msg;
} kinds[] = {
    [SHAPE_OBJECT] = {"dict_type", "Input should be a valid dictionary"},
    [SHAPE_WHOLE] = {"int_type", "Input should be a valid integer"},
    [SHAPE_TEXT] = {"string_type", "Input should be a valid string"},
};

static json_t *fault(const char *name, const char *type, const char *msg, const json_t *input)
{
    return json_pack("{s:s, s:[s,s], s:s, s:O}", "type", type, "loc", "body", name, "msg", msg, "input", input);
}

static bool is_whole(const json_t *v)
{
    return json_is_integer(v) || (json_is_real(v) && json_real_value(v) == floor(json_real_value(v)));
}

static bool is_kind(const json_t *v, enum shape_kind kind)
{
    return kind == SHAPE_OBJECT ? json_is_object(v) : kind == SHAPE_TEXT ? json_is_string(v) : is_whole(v);
}

/* NULL: nothing is wrong. */
static json_t *judge(const json_t *body, const struct shape_row *row)
{
    const json_t *v = json_object_get(body, row->name);
    if (!v)
        return row->required ? fault(row->name, "missing", "Field required", body) : NULL;
    if (json_is_null(v) && row->nullable)
        return NULL;
    if (row->kind == SHAPE_WHOLE && json_is_real(v) && !is_whole(v))
        return fault(row->name, "int_from_float",
                     "Input should be a valid integer, got a number with a fractional part", v);
    if (!is_kind(v, row->kind))
        return fault(row->name, kinds[row->kind].type, kinds[row->kind].msg, v);
    if (row->positive && json_number_value(v) < 1)
        return fault(row->name, "greater_than_equal", "Input should be greater than or equal to 1", v);
    return NULL;
}

static void no_body(struct coordinator_call *k)
{
    json_t *list =
        k->body
            ? json_pack("[{s:s, s:[s], s:s, s:O}]", "type", "model_attributes_type", "loc", "body", "msg",
                        "Input should be a valid dictionary or object to extract fields from", "input", k->body)
            : json_pack("[{s:s, s:[s], s:s, s:n}]", "type", "missing", "loc", "body", "msg", "Field required", "input");
    answer_json(k, 422, json_pack("{s:o}", "detail", list));
}

bool shape_holds(struct coordinator_call *k, const struct shape_row *rows)
{
    if (!json_is_object(k->body)) {
        no_body(k);
        return false;
    }
    json_t *list = json_array();
    for (; rows->name; rows++) {
        json_t *one = judge(k->body, rows);
        if (one)
            json_array_append_new(list, one);
    }
    bool good = json_array_size(list) == 0;
    if (!good)
        answer_json(k, 422, json_pack("{s:O}", "detail", list));
    json_decref(list);
    return good;
}

int64_t shape_whole(const json_t *o, const char *name, int64_t absent)
{
    const json_t *v = json_object_get(o, name);
    double real = json_number_value(v);
    if (json_is_integer(v))
        return json_integer_value(v);
    return json_is_real(v) && fabs(real) < 9e15 ? (int64_t)real : absent;
}

struct bytes shape_raw(struct bytes object, const char *name)
{
    struct json_members m = json_members_of(object);
    struct json_member one;
    struct bytes found = {0};
    while (json_member_next(&m, &one))
        if (bytes_is(one.key, name))
            found = one.value;
    return bytes_is(found, "null") ? (struct bytes){0} : found;
}
