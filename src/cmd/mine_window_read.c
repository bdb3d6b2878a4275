/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_window_read.h"

#include "base/timetext.h"
#include "chain/commitments.h"
#include "chain/hex.h"
#include "chain/neurons.h"
#include "chain/portable.h"

#include <math.h>
#include <string.h>

enum { PAGE = 1000, VALUES_AT_ONCE = 200, KEYS_MOST = 20000, SPLIT_PLACE = 1, SPLIT_WHOLE = 65535 };

struct reader {
    struct mine_run *run;
    struct arena *a;
    uint16_t netuid;
    const char *hash_text; /* of the block that is looked at */
    struct bytes *key;     /* of the commitments, in the chain's order */
    size_t keys;
    struct chain_commitment *commitment; /* as many as keys at most */
    size_t commitments;
};

static bool ask(struct mine_run *r, const struct rpc_question *q, size_t count, struct rpc_answers *out, struct err *e)
{
    return mine_rpc_ask(r->rpc, &r->a, q, count, out, e);
}

static bool odd(const struct rpc_answer *r, const char *what, struct err *e)
{
    return err_set(e, "the node does not tell %s: %s", what,
                   r->ok ? "its answer has another form than davy knows" : r->why);
}

/* ---- the window's blocks ------------------------------------------------------------------------------------------ */

static bool read_time(struct mine_run *r, const uint8_t *block, int64_t *ms, struct err *e)
{
    uint64_t now = 0;
    bool present = false;
    if (!mine_chain_number(r->rpc, &r->a, &r->chain, "Timestamp", "Now", NULL, 0, block, &now, &present, e))
        return false;
    *ms = present ? (int64_t)now : NOT_KNOWN;
    return true;
}

/* The last block of a window that lasts has no hash yet: the head's time is taken. */
static bool read_blocks(struct mine_run *r, const struct window *w, struct mine_window_facts *out, struct err *e)
{
    uint8_t end[HASH_BYTES];
    const struct rpc_question q[2] = {
        {"chain_getBlockHash", arena_text(&r->a, "[%lld]", (long long)w->start)},
        {"chain_getBlockHash", arena_text(&r->a, "[%lld]", (long long)w->end)},
    };
    struct rpc_answers answers;
    if (w->start < 0)
        return err_set(e, "the window of block %lld began before the chain did", (long long)r->chain.head);
    if (!ask(r, q, 2, &answers, e))
        return false;
    bool ok = rpc_hash(&answers.at[0], out->hash) || odd(&answers.at[0], "the hash of the window's first block", e);
    bool over = rpc_hash(&answers.at[1], end);
    rpc_answers_release(&answers);
    return ok && read_time(r, out->hash, &out->start_ms, e) && read_time(r, over ? end : NULL, &out->end_ms, e);
}

/* ---- commitments -------------------------------------------------------------------------------------------------- */

static bool add_keys(struct reader *r, const struct bytes *key, size_t count, struct err *e)
{
    if (r->keys + count > KEYS_MOST)
        return err_set(e, "the chain tells more than %d commitments of netuid %d", KEYS_MOST, (int)r->netuid);
    r->key = arena_grow(r->a, r->key, r->keys * sizeof *r->key, (r->keys + count) * sizeof *r->key);
    memcpy(r->key + r->keys, key, count * sizeof *key);
    r->keys += count;
    return true;
}

static bool read_keys(struct reader *r, struct err *e)
{
    struct scale_out prefix = {.arena = r->a};
    struct rpc_answers answers;
    struct bytes *page;
    size_t count = PAGE;
    if (!commitment_key(&prefix, r->run->chain.metadata, r->netuid, NULL, e))
        return false;
    const char *below = hex_text(r->a, scale_bytes(&prefix));
    while (count == PAGE) {
        const char *from = r->keys > 0 ? hex_text(r->a, r->key[r->keys - 1]) : below;
        struct rpc_question q = {"state_getKeysPaged",
                                 arena_text(r->a, "[\"%s\",%d,\"%s\",\"%s\"]", below, PAGE, from, r->hash_text)};
        if (!ask(r->run, &q, 1, &answers, e))
            return false;
        bool ok = rpc_keys(r->a, &answers.at[0], &page, &count) || odd(&answers.at[0], "the commitments", e);
        rpc_answers_release(&answers);
        if (!ok || !add_keys(r, page, count, e))
            return false;
    }
    return true;
}

static const char *list_of(struct reader *r, size_t from, size_t count)
{
    struct scale_out text = {.arena = r->a};
    for (size_t i = 0; i < count; i++) {
        scale_put(&text, bytes_of(i > 0 ? ",\"" : "[[\""));
        scale_put(&text, bytes_of(hex_text(r->a, r->key[from + i])));
        scale_put(&text, bytes_of("\""));
    }
    scale_put(&text, bytes_of(arena_text(r->a, "],\"%s\"]", r->hash_text)));
    return arena_copy(r->a, scale_bytes(&text));
}

/* Values come in the order of the keys, but that is not promised. */
static const struct rpc_value *value_of(const struct rpc_value *value, size_t count, size_t guess, struct bytes key)
{
    for (size_t i = 0; i < count; i++) {
        const struct rpc_value *v = &value[(guess + i) % count];
        if (bytes_equal(v->key, key))
            return v;
    }
    return NULL;
}

static void add_commitment(struct reader *r, struct bytes key, struct bytes value)
{
    struct commitment_record record;
    const uint8_t *account = commitment_account(key);
    char *hotkey = arena_alloc(r->a, SS58_TEXT);
    if (!account || !commitment_record_read(r->run->chain.metadata, value, &record) || !record.is_raw)
        return; /* it says nothing that an auction reads */
    r->commitment[r->commitments++] =
        (struct chain_commitment){ss58_encode(hotkey, account, SS58_BITTENSOR), record.text, (int64_t)record.block};
}

static bool read_values(struct reader *r, size_t from, size_t count, struct err *e)
{
    struct rpc_question q = {"state_queryStorageAt", list_of(r, from, count)};
    struct rpc_answers answers;
    struct rpc_value *value;
    size_t values = 0;
    if (!ask(r->run, &q, 1, &answers, e))
        return false;
    bool ok = rpc_values(r->a, &answers.at[0], &value, &values) || odd(&answers.at[0], "the commitments", e);
    rpc_answers_release(&answers);
    for (size_t i = 0; ok && i < count; i++) {
        const struct rpc_value *v = value_of(value, values, i, r->key[from + i]);
        if (v && v->value.at)
            add_commitment(r, r->key[from + i], v->value);
    }
    return ok;
}

static bool read_commitments(struct reader *r, struct auction_facts *f, struct err *e)
{
    if (!read_keys(r, e))
        return false;
    r->commitment = arena_array(r->a, r->keys + 1, sizeof *r->commitment);
    for (size_t from = 0; from < r->keys; from += VALUES_AT_ONCE) {
        size_t left = r->keys - from;
        if (!read_values(r, from, left < VALUES_AT_ONCE ? left : VALUES_AT_ONCE, e))
            return false;
    }
    f->commitment = r->commitment;
    f->commitments = r->commitments;
    return true;
}

/* ---- neurons ------------------------------------------------------------------------------------------------------ */

static bool read_neurons(struct reader *r, struct auction_facts *f, struct err *e)
{
    struct rpc_question q = {"state_call", arena_text(r->a, "[\"" NEURONS_METHOD "\",\"0x%02x%02x\",\"%s\"]",
                                                      r->netuid & 0xff, r->netuid >> 8, r->hash_text)};
    struct rpc_answers answers;
    struct bytes raw;
    struct neuron *n;
    size_t count = 0;
    if (!ask(r->run, &q, 1, &answers, e))
        return false;
    bool ok = rpc_hex(r->a, &answers.at[0], &raw) || odd(&answers.at[0], "who is in the subnet", e);
    rpc_answers_release(&answers);
    if (!ok || !neurons_read(r->a, r->run->chain.metadata, raw, &n, &count, e))
        return false;
    struct chain_neuron *out = arena_array(r->a, count + 1, sizeof *out);
    for (size_t i = 0; i < count; i++)
        out[i] = (struct chain_neuron){ss58_encode(arena_alloc(r->a, SS58_TEXT), n[i].hotkey, SS58_BITTENSOR), n[i].uid,
                                       n[i].stake_rao};
    f->neuron = out;
    f->neurons = count;
    return true;
}

/* ---- the share ---------------------------------------------------------------------------------------------------- */

static bool read_split(struct mine_run *r, double *share, struct err *e)
{
    uint16_t netuid = (uint16_t)r->setup.config->netuid;
    char id[2] = {(char)(netuid & 0xff), (char)(netuid >> 8)};
    struct bytes keys = {id, sizeof id}, value = {"", 0};
    struct scale_out key = {.arena = &r->a};
    const struct metadata *m = r->chain.metadata;
    const struct storage_item *item = metadata_storage(m, "SubtensorModule", "MechanismEmissionSplit");
    struct portable_list list;
    struct portable one;
    uint64_t part = 0;
    bool present = false;
    if (!metadata_key(m, &key, "SubtensorModule", "MechanismEmissionSplit", &keys, 1, e) ||
        !mine_chain_value(r->rpc, &r->a, scale_bytes(&key), NULL, &value, &present, e))
        return false;
    bool ok = present && portable_items((struct portable){m, item->value, value}, &list);
    for (int i = 0; ok && i <= SPLIT_PLACE; i++)
        ok = portable_next(&list, &one);
    if (!ok || !portable_number(one, &part) || part == 0)
        return err_set(e, "[mine] share is \"chain\", but the chain splits no emission of netuid %d", (int)netuid);
    *share = (double)part / SPLIT_WHOLE;
    return true;
}

static bool share_of(struct mine_run *r, double *share, struct err *e)
{
    *share = mine_config_share(r->setup.mine);
    return !isnan(*share) || read_split(r, share, e);
}

bool mine_window_read(struct mine_run *r, const struct window *w, struct mine_window_facts *out, struct err *e)
{
    *out = (struct mine_window_facts){.facts.start = w->start};
    if (!share_of(r, &out->facts.share, e) || !read_blocks(r, w, out, e))
        return false;
    struct reader reader = {.run = r, .a = &r->a, .netuid = (uint16_t)r->setup.config->netuid};
    reader.hash_text = hex_text(&r->a, (struct bytes){(const char *)out->hash, HASH_BYTES});
    return read_commitments(&reader, &out->facts, e) && read_neurons(&reader, &out->facts, e);
}
