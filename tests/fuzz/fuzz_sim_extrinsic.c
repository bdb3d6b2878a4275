/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is sent to the simulated node: bytes as an extrinsic, as a question, and as changes (three bytes each: where, what) to
 * an extrinsic that is well signed. Whatever was changed in that one, the node must not take it. */
#include "sim/chain_rpc.h"

#include "chain/commitments.h"
#include "chain/sr25519.h"
#include "sim/runtime.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct world {
    struct sim_chain c;
    struct bytes good;
};

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static struct bytes sign(struct sim_chain *c)
{
    static const uint8_t seed[32] = {1}, random[32] = {2};
    struct extrinsic_terms t = {.spec_version = RUNTIME_SPEC_VERSION,
                                .transaction_version = RUNTIME_TRANSACTION_VERSION,
                                .era = era_at((uint64_t)c->head, 64)};
    struct sr25519 key;
    struct extrinsic_draft d;
    struct bytes call, whole;
    uint8_t signature[64];
    sr25519_from_seed(&key, seed);
    chain_hash(c, 0, t.genesis);
    chain_hash(c, c->head, t.birth);
    demand(commitment_call(&c->arena, c->metadata, 1, bytes_of("2;b;BTC,1=0.1:1"), &call, NULL));
    demand(extrinsic_draft(&c->arena, c->metadata, &t, call, &d, NULL));
    sr25519_sign(&key, d.payload, random, signature);
    demand(extrinsic_signed(&c->arena, c->metadata, &d, key.public_key, signature, &whole, NULL));
    demand(chain_register(c, key.public_key, 0) != NULL);
    return whole;
}

/* Made once: most of the time would go into it. */
static struct world *world(void)
{
    static struct world kept;
    static const struct sim_chain_setup setup = {
        .seed = 1, .netuid = 1, .tempo = 360, .head = 1000, .block_ms = 1, .lag = 3, .miners = 2, .validators = 2};
    if (!kept.good.len) {
        demand(sodium_init() >= 0);
        chain_open(&kept.c, &setup, 0);
        kept.good = sign(&kept.c);
    }
    return &kept;
}

static void submit(struct sim_chain *c, struct bytes in, bool good)
{
    uint8_t hash[32];
    size_t before = c->sents;
    struct chain_verdict v = chain_submit(c, in, hash);
    demand((v.code == 0) == good && c->sents == before + good && (good || v.message));
    if (good)
        c->sents = 0; /* forgotten, so that it can come again */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world *w = world();
    struct bytes in = {(const char *)data, size};
    char copy[512];
    demand(w->good.len < sizeof copy);
    memcpy(copy, w->good.at, w->good.len);
    for (size_t at = 0; at + 2 < size && at < 24; at += 3)
        copy[(data[at] | (size_t)data[at + 1] << 8) % w->good.len] = (char)data[at + 2];
    bool same = memcmp(copy, w->good.at, w->good.len) == 0;
    submit(&w->c, (struct bytes){copy, w->good.len}, same);
    submit(&w->c, in, size == w->good.len && memcmp(data, w->good.at, size) == 0);
    struct chain_node n = {.chain = &w->c};
    if (bytes_find(in, "sim_") == in.len) {
        json_t *answer = chain_node_answer(&n, in, CHAIN_FINE, 0);
        demand(answer != NULL);
        json_decref(answer);
    }
    return 0;
}
