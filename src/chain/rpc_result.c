/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the results of the methods that davy asks look like. */
#include "chain/rpc.h"

#include "chain/hex.h"

static struct bytes text_of(const json_t *v)
{
    return (struct bytes){json_string_value(v), json_string_length(v)};
}

static bool hex_of(struct arena *a, const json_t *v, struct bytes *out)
{
    return json_is_string(v) && hex_read(a, text_of(v), out);
}

bool rpc_hex(struct arena *a, const struct rpc_answer *r, struct bytes *out)
{
    return r->ok && hex_of(a, r->result, out);
}

bool rpc_hash(const struct rpc_answer *r, uint8_t out[32])
{
    return r->ok && json_is_string(r->result) && hex_fixed(text_of(r->result), out, 32);
}

bool rpc_is_null(const struct rpc_answer *r)
{
    return r->ok && json_is_null(r->result);
}

static bool uint_of(const json_t *v, uint64_t most, uint64_t *out)
{
    if (!json_is_integer(v) || json_integer_value(v) < 0 || (uint64_t)json_integer_value(v) > most)
        return false;
    *out = (uint64_t)json_integer_value(v);
    return true;
}

bool rpc_uint(const struct rpc_answer *r, uint64_t *out)
{
    return r->ok && uint_of(r->result, INT64_MAX, out);
}

bool rpc_header_number(const struct rpc_answer *r, uint64_t *out)
{
    uint64_t number;
    const json_t *v = r->ok ? json_object_get(r->result, "number") : NULL;
    if (!json_is_string(v) || !hex_number(text_of(v), &number) || number > UINT32_MAX)
        return false;
    *out = number;
    return true;
}

bool rpc_runtime(const struct rpc_answer *r, uint32_t *spec, uint32_t *transaction)
{
    uint64_t one, two;
    if (!r->ok || !uint_of(json_object_get(r->result, "specVersion"), UINT32_MAX, &one) ||
        !uint_of(json_object_get(r->result, "transactionVersion"), UINT32_MAX, &two))
        return false;
    *spec = (uint32_t)one;
    *transaction = (uint32_t)two;
    return true;
}

bool rpc_keys(struct arena *a, const struct rpc_answer *r, struct bytes **out, size_t *count)
{
    if (!r->ok || !json_is_array(r->result))
        return false;
    size_t n = json_array_size(r->result);
    struct bytes *keys = arena_array(a, n + 1, sizeof *keys);
    for (size_t i = 0; i < n; i++)
        if (!hex_of(a, json_array_get(r->result, i), &keys[i]))
            return false;
    *out = keys;
    *count = n;
    return true;
}

static bool value_of(struct arena *a, const json_t *pair, struct rpc_value *out)
{
    const json_t *value = json_array_get(pair, 1);
    return hex_of(a, json_array_get(pair, 0), &out->key) && (json_is_null(value) || hex_of(a, value, &out->value));
}

bool rpc_values(struct arena *a, const struct rpc_answer *r, struct rpc_value **out, size_t *count)
{
    const json_t *changes = r->ok ? json_object_get(json_array_get(r->result, 0), "changes") : NULL;
    if (!json_is_array(changes))
        return false;
    size_t n = json_array_size(changes);
    struct rpc_value *values = arena_array(a, n + 1, sizeof *values);
    for (size_t i = 0; i < n; i++)
        if (!value_of(a, json_array_get(changes, i), &values[i]))
            return false;
    *out = values;
    *count = n;
    return true;
}
