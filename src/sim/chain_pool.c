/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is sent to the chain: judged when it comes and again when it goes into a block, in the order of a node's checks. The
 * words are the nodes' own. */
#include "sim/chain.h"

#include "chain/sr25519.h"
#include "sim/runtime.h"

#include <string.h>

enum { INVALID = 1010, UNREADABLE = 1002, ALREADY = 1013, TOO_LOW = 1014, FULL = 1016 };
enum { HASHES_KNOWN = 2400, SPACE = 3100, SPACE_LEAST = 100, FIELDS = 3, FEE_BASE_RAO = 125000, WAITING_MOST = 64 };

static struct chain_verdict invalid(const char *data)
{
    return (struct chain_verdict){INVALID, "Invalid Transaction", data};
}

static bool is_free(const struct sim_chain *c, struct bytes call)
{
    uint8_t pallet = 0;
    const struct type_variant *v = metadata_call(c->metadata, "Commitments", "set_commitment", &pallet);
    return v && call.len > 1 && (uint8_t)call.at[0] == pallet && (uint8_t)call.at[1] == v->index;
}

static uint64_t fee_of(const struct sim_chain *c, const struct extrinsic_seen *x, size_t len)
{
    return (is_free(c, x->call) ? 0 : FEE_BASE_RAO + len) + (x->tip < UINT64_MAX / 2 ? x->tip : UINT64_MAX / 2);
}

static bool is_signed_for_us(struct sim_chain *c, struct arena *a, const struct extrinsic_seen *x, int64_t birth)
{
    struct extrinsic_terms t = {.spec_version = RUNTIME_SPEC_VERSION,
                                .transaction_version = RUNTIME_TRANSACTION_VERSION};
    struct bytes payload;
    chain_hash(c, 0, t.genesis);
    chain_hash(c, birth, t.birth);
    return extrinsic_payload(a, c->metadata, &t, x, &payload, NULL) &&
           sr25519_verify(x->account, payload, x->signature);
}

/* As the first block sees it that could take it. A stale era names another birth block than the one that was signed. */
static struct chain_verdict judge(struct sim_chain *c, struct arena *a, const struct extrinsic_seen *x, size_t len,
                                  int64_t block)
{
    int64_t birth = (int64_t)era_birth(x->era, (uint64_t)block);
    const struct chain_account *who = chain_account(c, x->account, false);
    const struct chain_state *s = who ? chain_state_at(who, c->head) : NULL;
    if (x->era.period && (block - birth > HASHES_KNOWN || birth > c->head))
        return invalid("Transaction has an ancient birth block");
    if (!is_signed_for_us(c, a, x, birth))
        return invalid("Transaction has a bad signature");
    if (s && x->nonce < s->nonce)
        return invalid("Transaction is outdated");
    if (fee_of(c, x, len) > (s ? s->free_rao : 0))
        return invalid("Inability to pay some fees (e.g. account balance too low)");
    return (struct chain_verdict){0};
}

/* ---- the call ----------------------------------------------------------------------------------------------------- */

static const char *commit(struct sim_chain *c, struct chain_account *who, struct chain_state *s, struct scale_in call)
{
    uint64_t netuid = scale_uint(&call, 2), epoch = chain_epoch(c, c->head);
    struct bytes info = call.rest;
    struct scale_in fields = scale_from(info);
    uint64_t space = info.len > SPACE_LEAST ? info.len : SPACE_LEAST;
    uint64_t used = s->used_epoch == epoch ? s->used : 0;
    if (netuid != c->setup.netuid || who->uid < 0)
        return "AccountNotAllowedCommit";
    if (scale_compact(&fields) > FIELDS)
        return "TooManyFieldsInCommitmentInfo";
    if (used + space > SPACE || info.len > sizeof s->info)
        return "SpaceLimitExceeded";
    s->used_epoch = epoch;
    s->used = used + space;
    s->committed = c->head;
    s->info_len = info.len;
    memcpy(s->info, info.at, info.len);
    return NULL;
}

static const char *dispatch(struct sim_chain *c, struct chain_account *who, const struct extrinsic_seen *x, size_t len)
{
    struct chain_state *s = chain_change(c, who, c->head);
    s->nonce++;
    s->free_rao -= fee_of(c, x, len);
    struct scale_in call = scale_from(bytes_from(x->call, 2));
    return is_free(c, x->call) ? commit(c, who, s, call) : NULL;
}

/* false: not yet, its nonce is to come. */
static bool include(struct sim_chain *c, struct arena *a, struct chain_sent *t)
{
    struct extrinsic_seen x;
    const struct chain_account *known = chain_account(c, t->account, false);
    if (t->nonce > (known ? chain_state_at(known, c->head)->nonce : 0))
        return false;
    bool good = extrinsic_read(c->metadata, (struct bytes){(const char *)t->bytes, t->len}, &x, NULL) &&
                judge(c, a, &x, t->len, c->head).code == 0;
    struct chain_account *who = good ? chain_account(c, t->account, true) : NULL;
    t->error = who ? dispatch(c, who, &x, t->len) : NULL;
    t->block = who ? c->head : -1;
    return who != NULL;
}

static size_t oldest(const struct sim_chain *c)
{
    return c->sents > CHAIN_SENT ? c->sents - CHAIN_SENT : 0;
}

void chain_include(struct sim_chain *c)
{
    bool more = true;
    while (more) {
        more = false;
        for (size_t i = oldest(c); i < c->sents; i++) {
            struct arena a = {0};
            struct chain_sent *t = &c->sent[i % CHAIN_SENT];
            more |= t->block == 0 && include(c, &a, t);
            arena_release(&a);
        }
    }
}

/* ---- what waits --------------------------------------------------------------------------------------------------- */

uint64_t chain_next_nonce(const struct sim_chain *c, const uint8_t key[32])
{
    uint64_t next = 0;
    for (size_t i = 0; i < c->accounts; i++)
        if (memcmp(c->account[i].key, key, 32) == 0)
            next = chain_state_at(&c->account[i], c->head)->nonce;
    for (size_t i = oldest(c); i < c->sents; i++) {
        const struct chain_sent *t = &c->sent[i % CHAIN_SENT];
        next += t->block == 0 && t->nonce == next && memcmp(t->account, key, 32) == 0;
    }
    return next;
}

static struct chain_verdict beside_others(const struct sim_chain *c, const struct extrinsic_seen *x,
                                          const uint8_t hash[32])
{
    size_t waiting = 0;
    for (size_t i = oldest(c); i < c->sents; i++) {
        const struct chain_sent *t = &c->sent[i % CHAIN_SENT];
        if (t->block != 0)
            continue;
        waiting++;
        if (memcmp(t->hash, hash, 32) == 0)
            return (struct chain_verdict){ALREADY, "Transaction Already Imported", NULL};
        if (t->nonce == x->nonce && memcmp(t->account, x->account, 32) == 0)
            return (struct chain_verdict){TOO_LOW, "Priority is too low", "another one waits with this nonce"};
    }
    if (waiting >= WAITING_MOST)
        return (struct chain_verdict){FULL, "Immediately Dropped", "The transaction pool is full"};
    return (struct chain_verdict){0};
}

static void keep(struct sim_chain *c, const struct extrinsic_seen *x, struct bytes raw, const uint8_t hash[32])
{
    struct chain_sent *t = &c->sent[c->sents++ % CHAIN_SENT];
    *t = (struct chain_sent){.len = raw.len, .nonce = x->nonce};
    memcpy(t->bytes, raw.at, raw.len);
    memcpy(t->hash, hash, sizeof t->hash);
    memcpy(t->account, x->account, sizeof t->account);
}

struct chain_verdict chain_submit(struct sim_chain *c, struct bytes extrinsic, uint8_t hash[32])
{
    struct arena a = {0};
    struct extrinsic_seen x;
    struct chain_verdict v = {UNREADABLE, "Verification Error", "Could not decode `UncheckedExtrinsic`"};
    if (extrinsic.len <= CHAIN_EXTRINSIC && extrinsic_read(c->metadata, extrinsic, &x, NULL)) {
        extrinsic_hash(hash, extrinsic);
        v = beside_others(c, &x, hash);
        if (v.code == 0)
            v = judge(c, &a, &x, extrinsic.len, c->head + 1);
        if (v.code == 0)
            keep(c, &x, extrinsic, hash);
    }
    arena_release(&a);
    return v;
}
