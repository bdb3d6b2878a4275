/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/chain_rpc.h"

#include "chain/hex.h"
#include "chain/ss58.h"

enum { BAD_PARAMS = -32602, NO_METHOD = -32601, BAD_QUESTION = -32600, BATCH_MOST = 64 };

/* ---- parameters --------------------------------------------------------------------------------------------------- */

const json_t *chain_param(const struct chain_ask *k, int place)
{
    const json_t *v = json_is_array(k->params) ? json_array_get(k->params, (size_t)place)
                                               : json_object_get(k->params, k->method->param[place]);
    return json_is_null(v) ? NULL : v;
}

json_t *chain_wrong(struct chain_ask *k, int64_t code, const char *message, const char *data)
{
    k->code = code;
    k->message = message;
    k->data = data;
    return NULL;
}

json_t *chain_hex(const struct chain_ask *k, struct bytes raw)
{
    return json_string(hex_text(k->arena, raw));
}

struct bytes chain_text(const json_t *v)
{
    return (struct bytes){json_string_value(v), json_string_length(v)};
}

bool chain_ask_hex(struct chain_ask *k, int place, struct bytes *out)
{
    const json_t *v = chain_param(k, place);
    if (json_is_string(v) && hex_read(k->arena, chain_text(v), out))
        return true;
    chain_wrong(k, BAD_PARAMS, "Invalid params", "expected 0x and hexadecimal digits");
    return false;
}

bool chain_ask_account(struct chain_ask *k, int place, uint8_t key[32])
{
    const json_t *v = chain_param(k, place);
    if (json_is_string(v) && ss58_decode(chain_text(v), key, NULL, NULL))
        return true;
    chain_wrong(k, BAD_PARAMS, "Invalid params", "expected an SS58 address");
    return false;
}

/* ---- questions ---- */

json_t *chain_node_counts(const struct chain_node *n)
{
    json_t *o = json_object();
    for (size_t i = 0; chain_methods[i].name; i++)
        if (n->asked[i])
            json_object_set_new(o, chain_methods[i].name, json_integer((json_int_t)n->asked[i]));
    return o;
}

/* ---- questions ---------------------------------------------------------------------------------------------------- */

static void look(struct chain_ask *k)
{
    const int64_t late = 30;
    const struct sim_chain *c = k->chain;
    if (k->fault == CHAIN_STUCK && k->node->stuck_at == 0)
        k->node->stuck_at = c->head;
    k->head = k->fault == CHAIN_BEHIND ? c->head - late : k->fault == CHAIN_STUCK ? k->node->stuck_at : c->head;
    k->finalized = c->finalized < k->head ? c->finalized : k->head;
}

static const struct chain_method *find(struct chain_node *n, struct bytes name)
{
    for (size_t i = 0; chain_methods[i].name; i++)
        if (bytes_is(name, chain_methods[i].name)) {
            n->asked[i]++;
            return &chain_methods[i];
        }
    for (const struct chain_method *m = chain_admin; m->name; m++)
        if (bytes_is(name, m->name))
            return m;
    return NULL;
}

static json_t *respond(struct chain_ask *k, const json_t *id, json_t *result)
{
    json_t *o = json_pack("{ss sO}", "jsonrpc", "2.0", "id", id ? id : json_null());
    if (result) {
        json_object_set_new(o, "result", result);
        return o;
    }
    json_t *e = json_pack("{sI ss}", "code", (json_int_t)k->code, "message", k->message);
    if (k->data)
        json_object_set_new(e, "data", json_string(k->data));
    json_object_set_new(o, "error", e);
    return o;
}

static json_t *answer_one(struct chain_node *n, const json_t *question, enum chain_fault fault)
{
    struct arena a = {0};
    struct chain_ask k = {
        .node = n, .chain = n->chain, .arena = &a, .params = json_object_get(question, "params"), .fault = fault};
    const json_t *name = json_object_get(question, "method");
    k.method = json_is_string(name) ? find(n, chain_text(name)) : NULL;
    look(&k);
    json_t *result = NULL;
    if (k.method)
        result = k.method->answer(&k);
    else if (name)
        chain_wrong(&k, NO_METHOD, "Method not found", NULL);
    else
        chain_wrong(&k, BAD_QUESTION, "Invalid request", NULL);
    json_t *o = respond(&k, json_object_get(question, "id"), result);
    arena_release(&a);
    return o;
}

static json_t *refuse(int64_t code, const char *why)
{
    return json_pack("{ss sn s{sI ss}}", "jsonrpc", "2.0", "id", "error", "code", (json_int_t)code, "message", why);
}

static json_t *answer_batch(struct chain_node *n, const json_t *all, enum chain_fault fault)
{
    size_t count = json_array_size(all);
    if (fault == CHAIN_NO_BATCH)
        return refuse(-32005, "Batched requests are not supported by this server");
    if (count == 0 || count > BATCH_MOST)
        return refuse(-32010, "The batch request was too large");
    json_t *answers = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(answers, answer_one(n, json_array_get(all, i), fault));
    return answers;
}

json_t *chain_node_answer(struct chain_node *n, struct bytes body, enum chain_fault fault, int64_t now_ms)
{
    n->now_ms = now_ms;
    json_t *question = json_read(body, "question", NULL);
    json_t *answer = json_is_array(question)    ? answer_batch(n, question, fault)
                     : json_is_object(question) ? answer_one(n, question, fault)
                                                : refuse(-32700, "Parse error");
    json_decref(question);
    return answer;
}
