/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_publish.h"

#include "chain/hex.h"
#include "chain/ss58.h"

#include <sodium.h>
#include <string.h>

enum { ERA_BLOCKS = 64, ALREADY_THERE = 1013 };

static void wake(void *ctx)
{
    loop_stop(ctx, 0);
}

static void nap(struct loop *l, int64_t ms)
{
    loop_timer(l, loop_now() + ms, wake, l);
    loop_run(l);
    loop_timer_stop(l, wake, l);
}

static const char *hash_text(struct arena *a, const uint8_t hash[HASH_BYTES])
{
    return hex_text(a, (struct bytes){(const char *)hash, HASH_BYTES});
}

static bool refused(const struct rpc_answer *r, const char *what, struct err *e)
{
    return err_set(e, "%s: %s", what, r->ok ? "the node's answer has another form than davy knows" : r->why);
}

struct finality {
    uint8_t hash[HASH_BYTES];
    uint64_t number;
};

static bool ask_finality(const struct mine_publish *p, struct arena *a, struct finality *out, struct err *e)
{
    struct rpc_question q = {"chain_getFinalizedHead", NULL};
    struct rpc_answers r;
    if (!mine_rpc_ask(p->rpc, a, &q, 1, &r, e))
        return false;
    bool ok = rpc_hash(&r.at[0], out->hash) || refused(&r.at[0], "the finalized head", e);
    rpc_answers_release(&r);
    q = (struct rpc_question){"chain_getHeader", arena_text(a, "[\"%s\"]", hash_text(a, out->hash))};
    if (!ok || !mine_rpc_ask(p->rpc, a, &q, 1, &r, e))
        return false;
    ok = rpc_header_number(&r.at[0], &out->number) || refused(&r.at[0], "the finalized head", e);
    rpc_answers_release(&r);
    return ok;
}

/* When it was signed. */
struct signing {
    uint64_t head, born;
    uint64_t before; /* the block of the record that stood there; 0: none */
};

/* What is born in the finalized chain stays valid when the newest blocks are replaced; born at the head it would be dropped
 * with that block. Only where finality lags so far that the era would soon be over the head must do. */
static bool ask_birth(const struct mine_publish *p, struct arena *a, struct extrinsic_terms *t, struct signing *at,
                      struct err *e)
{
    struct finality f;
    if (!ask_finality(p, a, &f, e))
        return false;
    bool lags = at->head > f.number + ERA_BLOCKS / 2;
    at->born = lags ? at->head : f.number;
    t->era = era_at(at->born, ERA_BLOCKS);
    memcpy(t->birth, f.hash, sizeof f.hash);
    if (!lags)
        return true;
    struct rpc_question q = {"chain_getBlockHash", arena_text(a, "[%llu]", (unsigned long long)at->head)};
    struct rpc_answers r;
    if (!mine_rpc_ask(p->rpc, a, &q, 1, &r, e))
        return false;
    bool ok = rpc_hash(&r.at[0], t->birth) || refused(&r.at[0], "the hash of the head", e);
    rpc_answers_release(&r);
    return ok;
}

static bool ask_terms(const struct mine_publish *p, struct arena *a, struct extrinsic_terms *t, struct signing *at,
                      struct err *e)
{
    char ss58[SS58_TEXT];
    ss58_encode(ss58, p->wallet->public_key, SS58_BITTENSOR);
    struct rpc_question q[2] = {{"system_accountNextIndex", arena_text(a, "[\"%s\"]", ss58)},
                                {"chain_getHeader", NULL}};
    struct rpc_answers r;
    if (!mine_rpc_ask(p->rpc, a, q, 2, &r, e))
        return false;
    bool ok = (rpc_uint(&r.at[0], &t->nonce) || refused(&r.at[0], "the nonce of the hotkey", e)) &&
              (rpc_header_number(&r.at[1], &at->head) || refused(&r.at[1], "the chain's head", e));
    rpc_answers_release(&r);
    return ok && ask_birth(p, a, t, at, e);
}

static bool sign(const struct mine_publish *p, struct arena *a, const struct extrinsic_terms *t, struct bytes *out,
                 struct err *e)
{
    uint8_t random[32], signature[SR25519_SIGNATURE];
    struct extrinsic_draft draft;
    struct bytes call;
    if (!commitment_call(a, p->chain->metadata, p->netuid, p->text, &call, e) ||
        !extrinsic_draft(a, p->chain->metadata, t, call, &draft, e))
        return false;
    randombytes_buf(random, sizeof random);
    sr25519_sign(&p->wallet->key, draft.payload, random, signature);
    sodium_memzero(random, sizeof random);
    return extrinsic_signed(a, p->chain->metadata, &draft, p->wallet->public_key, signature, out, e);
}

static bool submit(const struct mine_publish *p, struct arena *a, struct bytes extrinsic, struct err *e)
{
    struct rpc_question q = {"author_submitExtrinsic", arena_text(a, "[\"%s\"]", hex_text(a, extrinsic))};
    struct rpc_answers r;
    if (!mine_rpc_ask(p->rpc, a, &q, 1, &r, e))
        return false;
    bool ok = r.at[0].ok || r.at[0].code == ALREADY_THERE || refused(&r.at[0], "the commitment was not taken", e);
    rpc_answers_release(&r);
    return ok;
}

bool mine_publish_record(const struct mine_publish *p, struct arena *a, const uint8_t *block,
                         struct commitment_record *out, bool *present, struct err *e)
{
    struct scale_out key = {.arena = a};
    struct bytes value = {"", 0};
    bool there = false;
    if (!commitment_key(&key, p->chain->metadata, p->netuid, p->wallet->public_key, e) ||
        !mine_chain_value(p->rpc, a, scale_bytes(&key), block, &value, &there, e))
        return false;
    if (there && !commitment_record_read(p->chain->metadata, value, out))
        return err_set(e, "the record of the commitment is not what the chain's metadata says");
    *present = there;
    return true;
}

/* One look at the finalized chain: is it there. */
static bool is_there(const struct mine_publish *p, struct arena *a, const struct signing *at,
                     struct mine_published *out, struct err *e)
{
    struct finality f;
    struct commitment_record r;
    bool present = false;
    if (!ask_finality(p, a, &f, e) || !mine_publish_record(p, a, f.hash, &r, &present, e))
        return false;
    out->finalized = f.number;
    /* A branch may have taken it that is longer than the one it was signed on, and in a lower block. */
    bool ours = present && r.is_raw && r.block > at->born && r.block != at->before && bytes_equal(r.text, p->text);
    out->block = ours ? r.block : 0;
    return true;
}

/* A look that failed is only one look less: the extrinsic is on its way. */
static bool wait_for(const struct mine_publish *p, const struct signing *at, uint64_t death, struct mine_published *out,
                     struct err *e)
{
    struct err why = {""};
    for (int64_t begun = loop_now(); loop_now() - begun < p->limit_ms; nap(p->loop, p->poll_ms)) {
        struct arena a = {0};
        bool looked = is_there(p, &a, at, out, &why);
        arena_release(&a);
        if (looked && out->block)
            return true;
        if (looked && out->finalized >= death)
            return err_set(e, "the commitment was taken but is in no block up to %llu: it cannot come any more",
                           (unsigned long long)out->finalized);
    }
    return err_set(e,
                   "the commitment was sent and is not in a finalized block after %lld s: it may still come (%.160s)",
                   (long long)(p->limit_ms / 1000), why.text[0] ? why.text : "finality lags");
}

bool mine_publish(const struct mine_publish *p, struct arena *a, struct mine_published *out, struct err *e)
{
    struct extrinsic_terms t = {.spec_version = p->chain->spec_version,
                                .transaction_version = p->chain->transaction_version};
    struct bytes extrinsic;
    struct signing at = {0};
    struct commitment_record before = {0};
    bool present = false;
    struct err unread;
    memcpy(t.genesis, p->chain->genesis, HASH_BYTES);
    if (!ask_terms(p, a, &t, &at, e))
        return false;
    if (mine_publish_record(p, a, NULL, &before, &present, &unread) && present) /* what cannot be read is no obstacle */
        at.before = before.block;
    if (!sign(p, a, &t, &extrinsic, e) || !submit(p, a, extrinsic, e))
        return false;
    extrinsic_hash(out->hash, extrinsic);
    out->nonce = t.nonce;
    return wait_for(p, &at, era_death(t.era, at.born), out, e);
}
