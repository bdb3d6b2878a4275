/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/rpc.h"

#include "base/utf8.h"
#include "chain/scale.h"

#include <string.h>

enum { QUOTE = 160 };

static void put_text(struct scale_out *o, const char *text)
{
    scale_put(o, bytes_of(text));
}

static void put_question(struct scale_out *o, size_t id, const struct rpc_question *q)
{
    put_text(o, arena_text(o->arena, "{\"jsonrpc\":\"2.0\",\"id\":%zu,\"method\":\"%s\",\"params\":", id, q->method));
    put_text(o, q->params ? q->params : "[]");
    put_text(o, "}");
}

struct bytes rpc_body(struct arena *a, const struct rpc_question *q, size_t count)
{
    struct scale_out o = {.arena = a};
    if (count != 1)
        put_text(&o, "[");
    for (size_t i = 0; i < count; i++) {
        if (i)
            put_text(&o, ",");
        put_question(&o, i + 1, &q[i]);
    }
    if (count != 1)
        put_text(&o, "]");
    return scale_bytes(&o);
}

/* What the codes mean to whoever runs a miner (auction.md 8.1). */
static const struct {
    int64_t code;
    const char *means;
} meanings[] = {
    {1010, "the chain refuses the extrinsic"},
    {1012, "the chain has banned this extrinsic for a while"},
    {1013, "the chain has this extrinsic already"},
    {1014, "another extrinsic with this nonce is waiting with a higher priority"},
    {4003, "the node does not know this block any more: it keeps the last ones only, an archive node keeps all"},
    {-32601, "the node does not know this method"},
};
static const struct {
    int64_t code;
    const char *means;
} customs[] = {
    {0, "its coldkey is being swapped"},
    {3, "the subnet does not exist"},
    {4, "the hotkey's account is missing"},
    {6, "too many requests, wait a while"},
    {10, "the hotkey is not registered in the subnet"},
    {255, "bad request"},
};

static const char *meaning(int64_t code)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].code == code)
            return meanings[i].means;
    return "the node reports an error";
}

/* "Custom error: 10" */
static const char *custom(struct bytes data)
{
    int64_t number;
    if (!bytes_cut(&data, "Custom error: ") || !bytes_i64(data, &number))
        return NULL;
    for (size_t i = 0; i < sizeof customs / sizeof *customs; i++)
        if (customs[i].code == number)
            return customs[i].means;
    return NULL;
}

static const char *quote(struct arena *a, const json_t *o, const char *key)
{
    struct bytes raw = json_raw(o, key);
    return raw.len ? text_safe(a, raw, QUOTE) : NULL;
}

static void fail(struct rpc_answer *out, struct arena *a, const json_t *error)
{
    const json_t *code = json_object_get(error, "code");
    const char *message = quote(a, error, "message"), *data = quote(a, error, "data");
    const char *known = custom(json_raw(error, "data"));
    out->code = json_is_integer(code) ? json_integer_value(code) : 0;
    out->why = arena_text(a, "%s%s%s (%s%s%s)", meaning(out->code), known ? ": " : "", known ? known : "",
                          message ? message : "no reason given", data ? ": " : "", data ? data : "");
}

static void note(struct arena *a, const json_t *one, struct rpc_answer *out, size_t count)
{
    const json_t *id = json_object_get(one, "id"), *result = json_object_get(one, "result");
    json_int_t number = json_is_integer(id) ? json_integer_value(id) : 0;
    if (number < 1 || (uint64_t)number > count)
        return;
    struct rpc_answer *r = &out[number - 1];
    const json_t *error = json_child(one, "error");
    bool second = r->ok || r->code || r->result;
    *r = (struct rpc_answer){.ok = result && !error && !second, .result = result};
    if (error)
        fail(r, a, error);
    else
        r->why = second ? "the node answered twice" : "the node's answer has no result";
}

static bool refused_whole(struct arena *a, const json_t *root, struct err *e)
{
    const json_t *error = json_child(root, "error");
    struct rpc_answer r = {0};
    if (!error || json_is_integer(json_object_get(root, "id")))
        return false;
    fail(&r, a, error);
    err_set(e, "%s", r.why);
    return true;
}

static bool is_answer(struct arena *a, const json_t *root, size_t count, struct err *e)
{
    if (refused_whole(a, root, e))
        return false;
    return (count == 1 ? json_is_object(root) : json_is_array(root)) ||
           err_set(e, "the node's answer is none to %zu JSON-RPC questions", count);
}

bool rpc_answers_read(struct arena *a, struct bytes body, size_t count, struct rpc_answers *out, struct err *e)
{
    json_t *root = json_read(body, "the node's answer", e);
    if (!root || !is_answer(a, root, count, e)) {
        json_decref(root);
        return false;
    }
    out->root = root;
    out->at = arena_array(a, count, sizeof *out->at);
    for (size_t i = 0; i < count; i++)
        out->at[i].why = "the node did not answer this question";
    if (count == 1)
        note(a, root, out->at, count);
    for (size_t i = 0; count != 1 && i < json_array_size(root); i++)
        note(a, json_array_get(root, i), out->at, count);
    return true;
}

bool rpc_refuses_batch(struct bytes body)
{
    json_t *root = json_read(body, "the node's answer", NULL);
    bool refused = json_child(root, "error") && !json_is_integer(json_object_get(root, "id"));
    json_decref(root);
    return refused;
}

void rpc_answers_join(struct rpc_answers *all, size_t place, struct rpc_answers *more, size_t count)
{
    if (!all->root)
        all->root = json_array();
    json_array_append_new(all->root, more->root);
    memcpy(all->at + place, more->at, count * sizeof *more->at);
    *more = (struct rpc_answers){0};
}

void rpc_answers_release(struct rpc_answers *r)
{
    json_decref(r->root);
    *r = (struct rpc_answers){0};
}
