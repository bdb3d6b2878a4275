/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_chain.h"

#include "chain/commitments.h"
#include "chain/hex.h"
#include "chain/portable.h"

#include <string.h>
#include <unistd.h>

/* Metadata of version 15: 0f000000 is its number as the runtime's method takes it. */
static const struct rpc_question questions[] = {
    {"chain_getBlockHash", "[0]"},
    {"state_getRuntimeVersion", NULL},
    {"chain_getHeader", NULL},
    {"chain_getFinalizedHead", NULL},
    {"state_call", "[\"Metadata_metadata_at_version\",\"0x0f000000\"]"},
};
enum { GENESIS, RUNTIME, HEAD, FINALIZED, METADATA, QUESTIONS };
_Static_assert(QUESTIONS == sizeof questions / sizeof *questions, "one name for each question");

/* What was not understood, with the node's own reason when it gave one. */
static bool unknown(const struct rpc_answer *r, const char *what, struct err *e)
{
    return err_set(e, "the node does not tell %s: %s", what,
                   r->ok ? "its answer has another form than davy knows" : r->why);
}

static bool ask_one(struct mine_rpc *r, struct arena *a, const char *method, const char *params,
                    struct rpc_answers *out, struct err *e)
{
    struct rpc_question q = {method, params};
    return mine_rpc_ask(r, a, &q, 1, out, e);
}

static bool is_wrapped_nothing(struct bytes raw)
{
    return raw.len == 1 && raw.at[0] == 0; /* Option: None */
}

/* An older node has no such method, or not this version: it still has V14. */
static bool load_v14(struct mine_rpc *r, struct arena *a, struct bytes *out, struct err *e)
{
    struct rpc_answers answers;
    if (!ask_one(r, a, "state_getMetadata", NULL, &answers, e))
        return false;
    bool ok = rpc_hex(a, &answers.at[0], out) || unknown(&answers.at[0], "its metadata", e);
    rpc_answers_release(&answers);
    return ok;
}

static bool load_metadata(struct mine_rpc *r, struct arena *a, const struct rpc_answer *v15, struct mine_chain *c,
                          struct err *e)
{
    struct bytes raw;
    if ((!rpc_hex(a, v15, &raw) || is_wrapped_nothing(raw)) && !load_v14(r, a, &raw, e))
        return false;
    c->metadata = metadata_read(a, raw, e);
    return c->metadata != NULL;
}

static bool load_finalized(struct mine_rpc *r, struct arena *a, const struct rpc_answer *hash, struct mine_chain *c,
                           struct err *e)
{
    struct rpc_answers answers;
    uint8_t raw[HASH_BYTES];
    if (!rpc_hash(hash, raw))
        return unknown(hash, "its finalized head", e);
    char *params = arena_text(a, "[\"%s\"]", hex_text(a, (struct bytes){(const char *)raw, sizeof raw}));
    if (!ask_one(r, a, "chain_getHeader", params, &answers, e))
        return false;
    bool ok = rpc_header_number(&answers.at[0], &c->finalized) || unknown(&answers.at[0], "its finalized head", e);
    rpc_answers_release(&answers);
    return ok;
}

static bool take(const struct rpc_answer *at, struct mine_chain *c, struct err *e)
{
    if (!rpc_hash(&at[GENESIS], c->genesis))
        return unknown(&at[GENESIS], "which chain it is on", e);
    if (!rpc_runtime(&at[RUNTIME], &c->spec_version, &c->transaction_version))
        return unknown(&at[RUNTIME], "the version of its runtime", e);
    return rpc_header_number(&at[HEAD], &c->head) || unknown(&at[HEAD], "its head", e);
}

bool mine_chain_load(struct mine_rpc *r, struct arena *a, struct mine_chain *out, struct err *e)
{
    struct rpc_answers answers;
    struct mine_chain c = {0};
    if (!mine_rpc_ask(r, a, questions, QUESTIONS, &answers, e))
        return false;
    bool ok = take(answers.at, &c, e) && load_metadata(r, a, &answers.at[METADATA], &c, e) &&
              load_finalized(r, a, &answers.at[FINALIZED], &c, e);
    rpc_answers_release(&answers);
    if (!ok)
        return false;
    mine_rpc_head(r, c.head);
    *out = c;
    return true;
}

/* ---- metadata that is kept ---------------------------------------------------------------------------------------- */

enum { KEPT_MOST = 16 << 20, TEMPO_USUAL = 360 };
struct kept {
    uint8_t genesis[HASH_BYTES], sum[HASH_BYTES]; /* sum: of the bytes that follow */
    uint64_t spec_version, len;
};

static bool kept_read(struct arena *a, int fd, const struct mine_chain *c, struct bytes *out)
{
    struct kept k;
    uint8_t sum[HASH_BYTES];
    if (pread(fd, &k, sizeof k, 0) != (ssize_t)sizeof k || k.spec_version != c->spec_version || k.len == 0 ||
        k.len > KEPT_MOST || memcmp(k.genesis, c->genesis, HASH_BYTES) != 0)
        return false;
    char *at = arena_alloc(a, (size_t)k.len);
    if (pread(fd, at, (size_t)k.len, sizeof k) != (ssize_t)k.len)
        return false;
    *out = (struct bytes){at, (size_t)k.len};
    blake2b(sum, sizeof sum, *out);
    return memcmp(sum, k.sum, sizeof sum) == 0;
}

/* The head last: a process that ends in between leaves a sum that fits nothing. */
static void kept_write(int fd, const struct mine_chain *c, struct bytes raw)
{
    struct kept k = {.spec_version = c->spec_version, .len = raw.len};
    memcpy(k.genesis, c->genesis, HASH_BYTES);
    blake2b(k.sum, sizeof k.sum, raw);
    if (fd >= 0 && raw.len <= KEPT_MOST && pwrite(fd, raw.at, raw.len, sizeof k) == (ssize_t)raw.len &&
        pwrite(fd, &k, sizeof k, 0) != (ssize_t)sizeof k && ftruncate(fd, 0) != 0)
        return; /* it is asked again */
}

static bool ask_metadata(struct mine_rpc *r, struct arena *a, int fd, struct mine_chain *c, struct err *e)
{
    struct rpc_answers answers;
    struct bytes raw;
    if (!mine_rpc_ask(r, a, &questions[METADATA], 1, &answers, e))
        return false;
    bool ok = (rpc_hex(a, &answers.at[0], &raw) && !is_wrapped_nothing(raw)) || load_v14(r, a, &raw, e);
    rpc_answers_release(&answers);
    if (ok && (c->metadata = metadata_read(a, raw, e)))
        kept_write(fd, c, raw);
    return c->metadata != NULL;
}

bool mine_chain_load_kept(struct mine_rpc *r, struct arena *a, int kept_fd, struct mine_chain *out, struct err *e)
{
    struct rpc_answers answers;
    struct mine_chain c = {0};
    struct bytes raw;
    if (!mine_rpc_ask(r, a, questions, METADATA, &answers, e))
        return false;
    bool ok = take(answers.at, &c, e) && load_finalized(r, a, &answers.at[FINALIZED], &c, e);
    rpc_answers_release(&answers);
    if (ok && kept_fd >= 0 && kept_read(a, kept_fd, &c, &raw))
        c.metadata = metadata_read(a, raw, NULL);
    ok = ok && (c.metadata || ask_metadata(r, a, kept_fd, &c, e));
    if (ok)
        *out = c;
    return ok;
}

bool mine_chain_can_sign(const struct mine_chain *c, struct err *e)
{
    struct arena a = {0};
    struct extrinsic_terms t = {
        .era = era_at(c->head, 64), .spec_version = c->spec_version, .transaction_version = c->transaction_version};
    struct extrinsic_draft draft;
    struct bytes call, whole;
    uint8_t nobody[64] = {0};
    bool ok = commitment_call(&a, c->metadata, 0, bytes_of("2;b;"), &call, e) &&
              extrinsic_draft(&a, c->metadata, &t, call, &draft, e) &&
              extrinsic_signed(&a, c->metadata, &draft, nobody, nobody, &whole, e);
    arena_release(&a);
    return ok;
}

bool mine_chain_value(struct mine_rpc *r, struct arena *a, struct bytes key, const uint8_t *block, struct bytes *value,
                      bool *present, struct err *e)
{
    struct rpc_answers answers;
    struct bytes hash = {(const char *)block, HASH_BYTES};
    char *params = block ? arena_text(a, "[\"%s\",\"%s\"]", hex_text(a, key), hex_text(a, hash))
                         : arena_text(a, "[\"%s\"]", hex_text(a, key));
    if (!ask_one(r, a, "state_getStorage", params, &answers, e))
        return false;
    bool none = rpc_is_null(&answers.at[0]);
    bool ok = none || rpc_hex(a, &answers.at[0], value) || unknown(&answers.at[0], "a value of its storage", e);
    rpc_answers_release(&answers);
    if (ok)
        *present = !none;
    return ok;
}

bool mine_chain_number(struct mine_rpc *r, struct arena *a, const struct mine_chain *c, const char *pallet,
                       const char *item, const struct bytes *keys, size_t count, const uint8_t *block, uint64_t *out,
                       bool *present, struct err *e)
{
    struct scale_out key = {.arena = a};
    struct bytes value;
    bool there = false;
    if (!metadata_key(c->metadata, &key, pallet, item, keys, count, e) ||
        !mine_chain_value(r, a, scale_bytes(&key), block, &value, &there, e))
        return false;
    const struct storage_item *x = metadata_storage(c->metadata, pallet, item);
    if (there && !portable_number((struct portable){c->metadata, x->value, value}, out))
        return err_set(e, "%s.%s of the chain is no number", pallet, item);
    *present = there;
    return true;
}

bool mine_chain_tempo(struct mine_rpc *r, struct arena *a, const struct mine_chain *c, uint16_t netuid, uint64_t *tempo,
                      struct err *e)
{
    char id[2] = {(char)(netuid & 0xff), (char)(netuid >> 8)};
    struct bytes key = {id, sizeof id};
    uint64_t found = TEMPO_USUAL;
    bool present = false;
    if (!mine_chain_number(r, a, c, "SubtensorModule", "Tempo", &key, 1, NULL, &found, &present, e))
        return false;
    *tempo = present && found > 0 ? found : TEMPO_USUAL;
    return true;
}
