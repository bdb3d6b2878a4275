/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The methods of a node, answered from the simulated chain. */
#include "sim/chain_rpc.h"

#include "chain/hex.h"
#include "sim/runtime.h"

#include <string.h>

enum { BAD_PARAMS = -32602, TOO_MANY_KEYS = 4002, UNKNOWN_BLOCK = 4003, CALL_FAILED = 4003, KEYS_MOST = 1000 };

/* A block by its hash, or the head. */
static bool find_block(struct chain_ask *k, int place, int64_t *block)
{
    uint8_t hash[32];
    const json_t *v = chain_param(k, place);
    *block = k->head;
    return !v || (json_is_string(v) && hex_fixed(chain_text(v), hash, sizeof hash) &&
                  chain_block(k->chain, hash, block) && *block <= k->head);
}

/* One whose state is still there. */
static bool ask_state(struct chain_ask *k, int place, int64_t *block)
{
    if (!find_block(k, place, block)) {
        chain_wrong(k, UNKNOWN_BLOCK, "Client error: UnknownBlock: Header was not found in the database", NULL);
        return false;
    }
    if (*block > k->chain->head - CHAIN_KEEP)
        return true;
    chain_wrong(k, UNKNOWN_BLOCK, "Client error: UnknownBlock: State already discarded", NULL);
    return false;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------- */

static json_t *hash_json(const struct chain_ask *k, int64_t block)
{
    uint8_t hash[32];
    chain_hash(k->chain, block, hash);
    return chain_hex(k, (struct bytes){(const char *)hash, sizeof hash});
}

static json_t *header_json(const struct chain_ask *k, int64_t block)
{
    uint8_t root[32];
    int64_t words[2] = {block, (int64_t)k->chain->setup.seed};
    blake2b(root, sizeof root, (struct bytes){(const char *)words, sizeof words});
    const char *hex = hex_text(k->arena, (struct bytes){(const char *)root, sizeof root});
    return json_pack("{so ss ss ss s{s[]}}", "parentHash", hash_json(k, block > 0 ? block - 1 : 0), "number",
                     arena_text(k->arena, "0x%llx", (unsigned long long)block), "stateRoot", hex, "extrinsicsRoot", hex,
                     "digest", "logs");
}

static json_t *get_header(struct chain_ask *k)
{
    int64_t block;
    return find_block(k, 0, &block) ? header_json(k, block) : json_null();
}

static json_t *number_json(const struct chain_ask *k, const json_t *number)
{
    int64_t block = json_integer_value(number);
    uint64_t wide = 0;
    if (json_is_string(number))
        block = hex_number(chain_text(number), &wide) ? (int64_t)wide : -1;
    return block < 0 || block > k->head ? json_null() : hash_json(k, block);
}

static json_t *get_block_hash(struct chain_ask *k)
{
    const json_t *v = chain_param(k, 0);
    if (!v)
        return hash_json(k, k->head);
    if (!json_is_array(v))
        return number_json(k, v);
    json_t *all = json_array();
    for (size_t i = 0; i < json_array_size(v) && i < KEYS_MOST; i++)
        json_array_append_new(all, number_json(k, json_array_get(v, i)));
    return all;
}

static json_t *get_finalized(struct chain_ask *k)
{
    return hash_json(k, k->finalized);
}

static json_t *extrinsics_json(const struct chain_ask *k, int64_t block)
{
    json_t *all = json_array();
    for (size_t i = 0; i < CHAIN_SENT; i++) {
        const struct chain_sent *t = &k->chain->sent[i];
        if (t->len > 0 && t->block == block)
            json_array_append_new(all, chain_hex(k, (struct bytes){(const char *)t->bytes, t->len}));
    }
    return all;
}

static json_t *get_block(struct chain_ask *k)
{
    int64_t block;
    if (!find_block(k, 0, &block))
        return json_null();
    return json_pack("{s{so so} sn}", "block", "header", header_json(k, block), "extrinsics", extrinsics_json(k, block),
                     "justifications");
}

/* ---- state -------------------------------------------------------------------------------------------------------- */

static json_t *get_runtime(struct chain_ask *k)
{
    (void)k;
    return json_pack("{ss ss si si si s[] si si}", "specName", "node-subtensor", "implName", "node-subtensor",
                     "authoringVersion", 1, "specVersion", (int)RUNTIME_SPEC_VERSION, "implVersion", 1, "apis",
                     "transactionVersion", (int)RUNTIME_TRANSACTION_VERSION, "stateVersion", 1);
}

static json_t *get_metadata(struct chain_ask *k)
{
    return chain_hex(k, k->chain->raw[0]);
}

static json_t *call_state(struct chain_ask *k)
{
    int64_t block;
    struct bytes in = {"", 0};
    const json_t *name = chain_param(k, 0);
    if (!json_is_string(name))
        return chain_wrong(k, BAD_PARAMS, "Invalid params", "expected the name of a runtime API");
    if (!chain_ask_hex(k, 1, &in) || !ask_state(k, 2, &block))
        return NULL;
    struct bytes out = chain_call(k->chain, k->arena, block, json_string_value(name), in);
    return out.at ? chain_hex(k, out)
                  : chain_wrong(k, CALL_FAILED, "Client error: Execution failed: Exported method is not found", NULL);
}

static json_t *value_json(const struct chain_ask *k, int64_t block, struct bytes key)
{
    struct chain_entry *at;
    size_t n = chain_entries(k->chain, k->arena, block, key, &at);
    return n > 0 && at[0].key.len == key.len ? chain_hex(k, at[0].value) : json_null();
}

static json_t *get_storage(struct chain_ask *k)
{
    int64_t block;
    struct bytes key;
    return chain_ask_hex(k, 0, &key) && ask_state(k, 1, &block) ? value_json(k, block, key) : NULL;
}

static bool is_behind(struct bytes key, struct bytes start)
{
    size_t least = key.len < start.len ? key.len : start.len;
    int order = memcmp(key.at, start.at, least);
    return order > 0 || (order == 0 && key.len > start.len);
}

static json_t *keys_json(struct chain_ask *k, int64_t block, struct bytes prefix, struct bytes start, size_t most)
{
    struct chain_entry *at;
    json_t *all = json_array();
    size_t n = chain_entries(k->chain, k->arena, block, prefix, &at);
    for (size_t i = 0; i < n && json_array_size(all) < most; i++)
        if (start.len == 0 || is_behind(at[i].key, start))
            json_array_append_new(all, chain_hex(k, at[i].key));
    return all;
}

static json_t *get_keys_paged(struct chain_ask *k)
{
    int64_t block, most = json_integer_value(chain_param(k, 1));
    struct bytes prefix, start = {"", 0};
    if (!chain_ask_hex(k, 0, &prefix) || (chain_param(k, 2) && !chain_ask_hex(k, 2, &start)) ||
        !ask_state(k, 3, &block))
        return NULL;
    if (most < 1 || most > KEYS_MOST)
        return chain_wrong(k, TOO_MANY_KEYS, "count exceeds maximum value", "1 to 1000 keys at a time");
    return keys_json(k, block, prefix, start, (size_t)most);
}

static json_t *get_keys(struct chain_ask *k)
{
    int64_t block;
    struct bytes prefix;
    return chain_ask_hex(k, 0, &prefix) && ask_state(k, 1, &block)
               ? keys_json(k, block, prefix, (struct bytes){"", 0}, SIZE_MAX)
               : NULL;
}

static json_t *query_storage(struct chain_ask *k)
{
    int64_t block;
    const json_t *keys = chain_param(k, 0);
    if (!json_is_array(keys) || json_array_size(keys) > KEYS_MOST)
        return chain_wrong(k, BAD_PARAMS, "Invalid params", "expected up to 1000 keys");
    if (!ask_state(k, 1, &block))
        return NULL;
    json_t *changes = json_array();
    for (size_t i = 0; i < json_array_size(keys); i++) {
        const json_t *key = json_array_get(keys, i);
        struct bytes raw;
        if (json_is_string(key) && hex_read(k->arena, chain_text(key), &raw))
            json_array_append_new(changes, json_pack("[so]", hex_text(k->arena, raw), value_json(k, block, raw)));
    }
    return json_pack("[{so so}]", "block", hash_json(k, block), "changes", changes);
}

/* ---- the rest ----------------------------------------------------------------------------------------------------- */

static json_t *next_index(struct chain_ask *k)
{
    uint8_t key[32];
    return chain_ask_account(k, 0, key) ? json_integer((json_int_t)chain_next_nonce(k->chain, key)) : NULL;
}

static json_t *submit(struct chain_ask *k)
{
    uint8_t hash[32];
    struct bytes raw;
    if (!chain_ask_hex(k, 0, &raw))
        return NULL;
    if (k->fault == CHAIN_LOST)
        extrinsic_hash(hash, raw);
    struct chain_verdict v = k->fault == CHAIN_LOST ? (struct chain_verdict){0} : chain_submit(k->chain, raw, hash);
    return v.code ? chain_wrong(k, v.code, v.message, v.data)
                  : chain_hex(k, (struct bytes){(const char *)hash, sizeof hash});
}

static json_t *pending(struct chain_ask *k)
{
    return extrinsics_json(k, 0);
}

static json_t *system_name(struct chain_ask *k)
{
    (void)k;
    return json_string("davy-sim chain");
}

static json_t *system_version(struct chain_ask *k)
{
    (void)k;
    return json_string(DAVY_VERSION);
}

static json_t *system_health(struct chain_ask *k)
{
    (void)k;
    return json_pack("{si sb sb}", "peers", 8, "isSyncing", 0, "shouldHavePeers", 1);
}

static json_t *system_properties(struct chain_ask *k)
{
    (void)k;
    return json_pack("{si si ss}", "ss58Format", 42, "tokenDecimals", 9, "tokenSymbol", "TAO");
}

static json_t *list_methods(struct chain_ask *k);

const struct chain_method chain_methods[] = {
    {"author_pendingExtrinsics", pending, {NULL}},
    {"author_submitExtrinsic", submit, {"bytes"}},
    {"chain_getBlock", get_block, {"hash"}},
    {"chain_getBlockHash", get_block_hash, {"hash"}},
    {"chain_getFinalizedHead", get_finalized, {NULL}},
    {"chain_getHead", get_block_hash, {NULL}},
    {"chain_getHeader", get_header, {"hash"}},
    {"rpc_methods", list_methods, {NULL}},
    {"state_call", call_state, {"name", "bytes", "hash"}},
    {"state_getKeys", get_keys, {"prefix", "hash"}},
    {"state_getKeysPaged", get_keys_paged, {"prefix", "count", "startKey", "hash"}},
    {"state_getMetadata", get_metadata, {"hash"}},
    {"state_getRuntimeVersion", get_runtime, {"hash"}},
    {"state_getStorage", get_storage, {"key", "hash"}},
    {"state_queryStorageAt", query_storage, {"keys", "hash"}},
    {"system_accountNextIndex", next_index, {"account"}},
    {"system_chain", system_name, {NULL}},
    {"system_health", system_health, {NULL}},
    {"system_name", system_name, {NULL}},
    {"system_properties", system_properties, {NULL}},
    {"system_version", system_version, {NULL}},
    {.name = NULL},
};
_Static_assert(sizeof chain_methods / sizeof *chain_methods <= CHAIN_METHODS, "one count for each method");

static json_t *list_methods(struct chain_ask *k)
{
    (void)k;
    json_t *all = json_array();
    for (const struct chain_method *m = chain_methods; m->name; m++)
        json_array_append_new(all, json_string(m->name));
    return json_pack("{so}", "methods", all);
}
