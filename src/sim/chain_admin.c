/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim_...: how a test moves the simulated chain, and what goes wrong on demand. */
#include "sim/chain_rpc.h"

#include "chain/hex.h"
#include "chain/ss58.h"

#include <string.h>

enum { BAD_PARAMS = -32602, ADVANCE_MOST = 2000 };

/* ---- faults ------------------------------------------------------------------------------------------------------- */

static const char *const fault_words[CHAIN_FAULTS] = {"ok",   "429",  "500",      "behind", "cut",
                                                      "html", "lost", "no-batch", "slow",   "stuck"};

enum chain_fault chain_fault_of(struct bytes word, bool *known)
{
    *known = true;
    for (int i = 0; i < CHAIN_FAULTS; i++)
        if (bytes_is(word, fault_words[i]))
            return (enum chain_fault)i;
    *known = false;
    return CHAIN_FINE;
}

enum chain_fault chain_node_fault(struct chain_node *n, const char *path, struct bytes body)
{
    bool known;
    enum chain_fault by_path = chain_fault_of(bytes_of(path[0] == '/' ? path + 1 : path), &known);
    if (bytes_find(body, "\"sim_") < body.len)
        return CHAIN_FINE;
    n->posts++;
    if (known)
        return by_path;
    return n->met < n->queued ? (enum chain_fault)n->queue[n->met++] : n->always;
}

static json_t *set_fault(struct chain_ask *k)
{
    bool known = false;
    struct chain_node *n = k->node;
    int64_t count = json_integer_value(chain_param(k, 1));
    enum chain_fault f = chain_fault_of(bytes_of(json_string_value(chain_param(k, 0))), &known);
    if (!known || count < 0 || count > CHAIN_FAULT_QUEUE)
        return chain_wrong(k, BAD_PARAMS, "expected a fault, and for how many questions (none: from now on)", NULL);
    n->met = 0;
    n->queued = (size_t)count;
    memset(n->queue, (int)f, n->queued);
    n->always = count ? CHAIN_FINE : f;
    n->stuck_at = 0;
    return json_true();
}

/* ---- the chain ---------------------------------------------------------------------------------------------------- */

static json_t *heads(const struct sim_chain *c)
{
    return json_pack("{sI sI}", "head", (json_int_t)c->head, "finalized", (json_int_t)c->finalized);
}

static json_t *advance(struct chain_ask *k)
{
    const json_t *v = chain_param(k, 0);
    int64_t blocks = v ? json_integer_value(v) : 1;
    if (blocks < 1 || blocks > ADVANCE_MOST)
        return chain_wrong(k, BAD_PARAMS, "expected 1 to 2000 blocks", NULL);
    chain_advance(k->chain, blocks, k->node->now_ms);
    return heads(k->chain);
}

static json_t *reorganise(struct chain_ask *k)
{
    const json_t *v = chain_param(k, 0);
    chain_reorganise(k->chain, v ? json_integer_value(v) : 1);
    return heads(k->chain);
}

static json_t *finality(struct chain_ask *k)
{
    int64_t lag = json_integer_value(chain_param(k, 0));
    k->chain->finality_held = lag < 0;
    if (lag >= 0)
        k->chain->setup.lag = lag;
    return heads(k->chain);
}

static json_t *split(struct chain_ask *k)
{
    const json_t *all = chain_param(k, 0);
    if (json_array_size(all) > CHAIN_SPLITS)
        return chain_wrong(k, BAD_PARAMS, "expected up to 8 shares of 65535", NULL);
    k->chain->splits = json_array_size(all);
    for (size_t i = 0; i < k->chain->splits; i++)
        k->chain->split[i] = (uint16_t)json_integer_value(json_array_get(all, i));
    return json_true();
}

static json_t *neuron(struct chain_ask *k)
{
    uint8_t key[32];
    if (!chain_ask_account(k, 0, key))
        return NULL;
    struct chain_account *a = chain_register(k->chain, key, (uint64_t)json_integer_value(chain_param(k, 1)));
    if (!a)
        return chain_wrong(k, BAD_PARAMS, "the subnet is full", NULL);
    if (chain_param(k, 2))
        chain_change(k->chain, a, k->chain->head)->free_rao = (uint64_t)json_integer_value(chain_param(k, 2));
    return json_integer(a->uid);
}

static json_t *commit(struct chain_ask *k)
{
    uint8_t key[32];
    const json_t *text = chain_param(k, 1);
    struct bytes raw = bytes_of(json_string_value(text));
    if (!chain_ask_account(k, 0, key))
        return NULL;
    struct chain_account *a = chain_account(k->chain, key, false);
    if (bytes_starts(raw, "0x") && !hex_read(k->arena, raw, &raw))
        return chain_wrong(k, BAD_PARAMS, "expected hexadecimal digits behind 0x", NULL);
    if (!a || !chain_commit(k->chain, a, k->chain->head, raw))
        return chain_wrong(k, BAD_PARAMS, "expected a hotkey of the subnet, and up to 128 bytes", NULL);
    return json_integer((json_int_t)k->chain->head);
}

static json_t *sent_json(const struct chain_ask *k, const struct chain_sent *t)
{
    char who[SS58_TEXT];
    return json_pack("{so ss sI so so}", "hash", chain_hex(k, (struct bytes){(const char *)t->hash, sizeof t->hash}),
                     "account", ss58_encode(who, t->account, SS58_BITTENSOR), "nonce", (json_int_t)t->nonce, "block",
                     t->block > 0 ? json_integer((json_int_t)t->block) : json_null(), "error",
                     t->error ? json_string(t->error) : json_null());
}

static json_t *state(struct chain_ask *k)
{
    const struct sim_chain *c = k->chain;
    json_t *o = heads(c), *sent = json_array();
    for (size_t i = c->sents > CHAIN_SENT ? c->sents - CHAIN_SENT : 0; i < c->sents; i++)
        json_array_append_new(sent, sent_json(k, &c->sent[i % CHAIN_SENT]));
    json_object_set_new(o, "netuid", json_integer(c->setup.netuid));
    json_object_set_new(o, "tempo", json_integer(c->setup.tempo));
    json_object_set_new(o, "forks", json_integer((json_int_t)c->forks));
    json_object_set_new(o, "posts", json_integer((json_int_t)k->node->posts));
    json_object_set_new(o, "asked", chain_node_counts(k->node));
    json_object_set_new(o, "sent", sent);
    return o;
}

const struct chain_method chain_admin[] = {
    {"sim_advance", advance, {"blocks"}},
    {"sim_commit", commit, {"hotkey", "text"}},
    {"sim_fault", set_fault, {"fault", "count"}},
    {"sim_finality", finality, {"lag"}},
    {"sim_neuron", neuron, {"hotkey", "stake", "free"}},
    {"sim_reorganise", reorganise, {"blocks"}},
    {"sim_split", split, {"shares"}},
    {"sim_state", state, {NULL}},
    {.name = NULL},
};
