/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The storage of the simulated chain as keys and values, made when asked: what stands behind it is the chain's own story. */
#include "sim/chain.h"

#include "chain/neurons.h"

#include <stdlib.h>
#include <string.h>

struct place { /* one value, and whose */
    struct sim_chain *c;
    int64_t block;
    const struct chain_account *account; /* NULL: of the whole chain or subnet */
    const struct chain_state *state;
};
typedef bool value_fn(const struct place *p, struct scale_out *o); /* false: there is none */

static void put_raw(struct scale_out *o, const void *at, size_t len)
{
    scale_put(o, (struct bytes){at, len});
}

static bool value_number(const struct place *p, struct scale_out *o)
{
    scale_put_uint(o, (uint64_t)p->block, 4);
    return true;
}

static bool value_now(const struct place *p, struct scale_out *o)
{
    scale_put_uint(o, (uint64_t)chain_made_ms(p->c, p->block), 8);
    return true;
}

static bool value_tempo(const struct place *p, struct scale_out *o)
{
    scale_put_uint(o, p->c->setup.tempo, 2);
    return true;
}

static size_t neurons_in(const struct sim_chain *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->accounts; i++)
        n += c->account[i].uid >= 0;
    return n;
}

static bool value_neurons(const struct place *p, struct scale_out *o)
{
    scale_put_uint(o, neurons_in(p->c), 2);
    return true;
}

static bool value_permits(const struct place *p, struct scale_out *o)
{
    scale_put_compact(o, neurons_in(p->c));
    for (size_t i = 0; i < p->c->accounts; i++)
        if (p->c->account[i].uid >= 0)
            scale_put_uint(o, p->c->account[i].stake_rao > 0, 1);
    return true;
}

static bool value_split(const struct place *p, struct scale_out *o)
{
    scale_put_compact(o, p->c->splits);
    for (size_t i = 0; i < p->c->splits; i++)
        scale_put_uint(o, p->c->split[i], 2);
    return p->c->splits > 0;
}

static bool value_mechanisms(const struct place *p, struct scale_out *o)
{
    scale_put_uint(o, p->c->splits ? p->c->splits : 1, 1);
    return true;
}

static bool value_account(const struct place *p, struct scale_out *o)
{
    scale_put_uint(o, p->state->nonce, 4);
    scale_put_uint(o, 0, 4);
    scale_put_uint(o, 1, 4); /* providers */
    scale_put_uint(o, 0, 4);
    scale_put_uint(o, p->state->free_rao, 8);
    for (int i = 0; i < 4; i++) /* reserved, frozen and 128 bits of flags */
        scale_put_uint(o, 0, 8);
    return true;
}

static bool value_key(const struct place *p, struct scale_out *o)
{
    put_raw(o, p->account->key, sizeof p->account->key);
    return p->account->uid >= 0;
}

static bool value_uid(const struct place *p, struct scale_out *o)
{
    scale_put_uint(o, (uint64_t)p->account->uid, 2);
    return p->account->uid >= 0;
}

static bool value_alpha(const struct place *p, struct scale_out *o)
{
    scale_put_uint(o, p->account->stake_rao, 8);
    return p->account->stake_rao > 0;
}

static bool value_commitment(const struct place *p, struct scale_out *o)
{
    scale_put_uint(o, 0, 8); /* no deposit */
    scale_put_uint(o, (uint64_t)p->state->committed, 4);
    put_raw(o, p->state->info, p->state->info_len);
    return p->state->committed >= 0;
}

static bool value_committed(const struct place *p, struct scale_out *o)
{
    scale_put_uint(o, (uint64_t)p->state->committed, 4);
    return p->state->committed >= 0;
}

static bool value_used(const struct place *p, struct scale_out *o)
{
    scale_put_uint(o, p->state->used_epoch, 8);
    scale_put_uint(o, p->state->used, 8);
    return p->state->used > 0;
}

static const struct item {
    const char *pallet, *item;
    const char *keys; /* what it is filed under: n netuid, u uid, a account */
    value_fn *value;
} items[] = {
    {"System", "Account", "a", value_account},
    {"System", "Number", "", value_number},
    {"Timestamp", "Now", "", value_now},
    {"SubtensorModule", "Tempo", "n", value_tempo},
    {"SubtensorModule", "SubnetworkN", "n", value_neurons},
    {"SubtensorModule", "Keys", "nu", value_key},
    {"SubtensorModule", "Uids", "na", value_uid},
    {"SubtensorModule", "ValidatorPermit", "n", value_permits},
    {"SubtensorModule", "TotalHotkeyAlpha", "an", value_alpha},
    {"SubtensorModule", "MechanismEmissionSplit", "n", value_split},
    {"SubtensorModule", "MechanismCountCurrent", "n", value_mechanisms},
    {"Commitments", "CommitmentOf", "na", value_commitment},
    {"Commitments", "LastCommitment", "na", value_committed},
    {"Commitments", "UsedSpaceOf", "na", value_used},
};

static bool is_of_accounts(const struct item *t)
{
    return strpbrk(t->keys, "ua") != NULL;
}

static struct bytes key_of(struct arena *a, const struct item *t, const struct place *p)
{
    struct scale_out key = {.arena = a};
    struct bytes keys[2];
    size_t n = 0;
    for (const char *k = t->keys; *k; k++) {
        struct scale_out one = {.arena = a};
        if (*k == 'a')
            put_raw(&one, p->account->key, sizeof p->account->key);
        else
            scale_put_uint(&one, *k == 'n' ? p->c->setup.netuid : (uint64_t)p->account->uid, 2);
        keys[n++] = scale_bytes(&one);
    }
    metadata_key(p->c->metadata, &key, t->pallet, t->item, keys, n, NULL);
    return scale_bytes(&key);
}

static bool starts(struct bytes a, struct bytes prefix)
{
    return a.len >= prefix.len && memcmp(a.at, prefix.at, prefix.len) == 0;
}

/* The item's own prefix stands for all of its keys: most items need not be looked at. */
static bool may_match(struct arena *a, const struct item *t, struct bytes prefix)
{
    struct scale_out own = {.arena = a};
    storage_prefix(&own, t->pallet, t->item);
    struct bytes mine = scale_bytes(&own);
    struct bytes asked = {prefix.at, prefix.len < mine.len ? prefix.len : mine.len};
    return starts(mine, asked);
}

static int by_key(const void *a, const void *b)
{
    const struct chain_entry *x = a, *y = b;
    size_t least = x->key.len < y->key.len ? x->key.len : y->key.len;
    int order = memcmp(x->key.at, y->key.at, least);
    return order ? order : (x->key.len > y->key.len) - (x->key.len < y->key.len);
}

struct entries {
    struct arena *arena;
    struct bytes prefix;
    struct chain_entry *at;
    size_t count;
};

static void add(struct entries *all, const struct item *t, const struct place *p)
{
    struct scale_out value = {.arena = all->arena};
    struct bytes key = key_of(all->arena, t, p);
    if (starts(key, all->prefix) && t->value(p, &value))
        all->at[all->count++] = (struct chain_entry){key, scale_bytes(&value)};
}

static void add_item(struct entries *all, const struct item *t, struct place p)
{
    if (!is_of_accounts(t)) {
        add(all, t, &p);
        return;
    }
    for (size_t i = 0; i < p.c->accounts; i++) {
        p.account = &p.c->account[i];
        p.state = chain_state_at(p.account, p.block);
        if (p.account->uid >= 0 || strchr(t->keys, 'u') == NULL)
            add(all, t, &p);
    }
}

size_t chain_entries(struct sim_chain *c, struct arena *a, int64_t block, struct bytes prefix, struct chain_entry **out)
{
    enum { ITEMS = sizeof items / sizeof *items };
    struct entries all = {.arena = a, .prefix = prefix};
    all.at = arena_array(a, ITEMS * (c->accounts + 1), sizeof *all.at);
    for (size_t i = 0; i < ITEMS; i++)
        if (may_match(a, &items[i], prefix))
            add_item(&all, &items[i], (struct place){.c = c, .block = block});
    qsort(all.at, all.count, sizeof *all.at, by_key);
    *out = all.at;
    return all.count;
}

/* ---- runtime APIs ------------------------------------------------------------------------------------------------- */

static void put_neuron(const struct sim_chain *c, const struct chain_account *n, int64_t block, struct scale_out *o)
{
    enum { AXON_AND_PROMETHEUS = 34 + 31, FULL = 65535 };
    static const char zeros[AXON_AND_PROMETHEUS] = {0};
    bool validates = n->stake_rao > 0;
    put_raw(o, n->key, sizeof n->key);
    put_raw(o, n->key, sizeof n->key); /* its coldkey is its own */
    scale_put_compact(o, (uint64_t)n->uid);
    scale_put_compact(o, c->setup.netuid);
    scale_put_uint(o, 1, 1);
    put_raw(o, zeros, sizeof zeros);
    scale_put_compact(o, 1);
    put_raw(o, n->key, sizeof n->key);
    scale_put_compact(o, n->stake_rao);
    for (int i = 0; i < 5; i++) /* rank, emission, incentive, consensus, trust */
        scale_put_compact(o, 0);
    scale_put_compact(o, validates ? FULL : 0);
    scale_put_compact(o, 0);
    scale_put_compact(o, (uint64_t)block);
    scale_put_uint(o, validates, 1);
    scale_put_compact(o, FULL);
}

static struct bytes call_neurons(struct sim_chain *c, struct arena *a, int64_t block, struct bytes in)
{
    struct scale_out o = {.arena = a};
    struct scale_in s = scale_from(in);
    bool ours = scale_uint(&s, 2) == c->setup.netuid;
    scale_put_compact(&o, ours ? neurons_in(c) : 0);
    for (size_t i = 0; ours && i < c->accounts; i++)
        if (c->account[i].uid >= 0)
            put_neuron(c, &c->account[i], block, &o);
    return scale_bytes(&o);
}

static struct bytes call_metadata(struct sim_chain *c, struct arena *a, int64_t block, struct bytes in)
{
    (void)block;
    struct scale_out o = {.arena = a};
    struct scale_in s = scale_from(in);
    uint64_t version = scale_uint(&s, 4);
    bool there = version == 14 || version == 15;
    scale_put_uint(&o, there, 1);
    if (there)
        scale_put_vector(&o, c->raw[version - 14]);
    return scale_bytes(&o);
}

static struct bytes call_versions(struct sim_chain *c, struct arena *a, int64_t block, struct bytes in)
{
    (void)c, (void)block, (void)in;
    struct scale_out o = {.arena = a};
    scale_put_compact(&o, 2);
    scale_put_uint(&o, 14, 4);
    scale_put_uint(&o, 15, 4);
    return scale_bytes(&o);
}

struct bytes chain_call(struct sim_chain *c, struct arena *a, int64_t block, const char *method, struct bytes in)
{
    static const struct {
        const char *name;
        struct bytes (*answer)(struct sim_chain *c, struct arena *a, int64_t block, struct bytes in);
    } calls[] = {{"Metadata_metadata_at_version", call_metadata},
                 {"Metadata_metadata_versions", call_versions},
                 {NEURONS_METHOD, call_neurons}};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, method) == 0)
            return calls[i].answer(c, a, block, in);
    return (struct bytes){NULL, 0};
}
