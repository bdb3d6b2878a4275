/* SPDX-License-Identifier: GPL-2.0-or-later */
/* src/chain as a filter, for oracle/chain.mjs: a line is a verb and its words (bytes as hex), the answer is one line, or "-"
 * for "no". With the name of a file: metadata (binary), for the verbs that need some. */
#include "chain/commitments.h"
#include "chain/extrinsic.h"
#include "chain/hex.h"
#include "chain/mnemonic.h"
#include "chain/portable.h"
#include "chain/sr25519.h"
#include "chain/ss58.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 24, LINE = 1 << 22 };
struct ask {
    struct arena *arena;
    const struct metadata *m;
    char *word[WORDS];
    size_t words;
};

static struct bytes raw(const struct ask *q, size_t i)
{
    struct bytes out = {"", 0};
    if (i < q->words && !hex_read(q->arena, bytes_of(q->word[i]), &out))
        fprintf(stderr, "chain_line: %s is no hex\n", q->word[i]);
    return out;
}

static const uint8_t *octets(const struct ask *q, size_t i)
{
    return (const uint8_t *)raw(q, i).at;
}

static const char *say(const struct ask *q, const void *at, size_t len)
{
    return hex_text(q->arena, (struct bytes){at, len}) + 2;
}

/* The ed25519 form of a secret key, which @polkadot writes: eight times the scalar, and the nonce. */
static void ed25519_form(const struct sr25519 *key, uint8_t out[SR25519_EXPANDED])
{
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += 8u * key->scalar[i];
        out[i] = (uint8_t)carry;
        carry >>= 8;
    }
    memcpy(out + 32, key->nonce, 32);
}

static const char *do_seed(struct ask *q)
{
    struct sr25519 key;
    uint8_t form[SR25519_EXPANDED];
    sr25519_from_seed(&key, octets(q, 1));
    ed25519_form(&key, form);
    return arena_text(q->arena, "%s %s", say(q, key.public_key, 32), say(q, form, sizeof form));
}

static const char *do_expanded(struct ask *q)
{
    struct sr25519 key;
    return sr25519_from_expanded(&key, octets(q, 1), NULL) ? say(q, key.public_key, 32) : "-";
}

static const char *do_sign(struct ask *q)
{
    struct sr25519 key;
    uint8_t signature[SR25519_SIGNATURE];
    sr25519_from_seed(&key, octets(q, 1));
    sr25519_sign(&key, raw(q, 2), octets(q, 3), signature);
    return say(q, signature, sizeof signature);
}

static const char *do_verify(struct ask *q)
{
    return sr25519_verify(octets(q, 1), raw(q, 2), octets(q, 3)) ? "yes" : "-";
}

static const char *do_ss58(struct ask *q)
{
    char text[SS58_TEXT];
    return arena_text(q->arena, "%s", ss58_encode(text, octets(q, 1), (unsigned)atoi(q->word[2])));
}

static const char *do_account(struct ask *q)
{
    uint8_t account[ACCOUNT_BYTES];
    unsigned prefix;
    if (!ss58_decode(bytes_of(q->word[1]), account, &prefix, NULL))
        return "-";
    return arena_text(q->arena, "%s %u", say(q, account, sizeof account), prefix);
}

static const char *do_hash(struct ask *q)
{
    uint8_t out[5][64];
    struct bytes in = raw(q, 1);
    twox64(out[0], in);
    twox128(out[1], in);
    twox256(out[2], in);
    blake2b(out[3], 16, in);
    blake2b(out[4], 32, in);
    return arena_text(q->arena, "%s %s %s %s %s", say(q, out[0], 8), say(q, out[1], 16), say(q, out[2], 32),
                      say(q, out[3], 16), say(q, out[4], 32));
}

static const char *do_compact(struct ask *q)
{
    struct scale_out o = {.arena = q->arena};
    scale_put_compact(&o, strtoull(q->word[1], NULL, 10));
    return say(q, o.at, o.len);
}

static const char *do_key(struct ask *q)
{
    struct scale_out o = {.arena = q->arena};
    struct bytes keys[WORDS];
    for (size_t i = 3; i < q->words; i++)
        keys[i - 3] = raw(q, i);
    return metadata_key(q->m, &o, q->word[1], q->word[2], keys, q->words - 3, NULL) ? say(q, o.at, o.len) : "-";
}

static const char *do_constant(struct ask *q)
{
    const struct pallet_constant *c = metadata_constant(q->m, q->word[1], q->word[2]);
    return c ? say(q, c->value.at, c->value.len) : "-";
}

static const char *do_fits(struct ask *q)
{
    struct portable v = {q->m, (uint32_t)atoi(q->word[1]), raw(q, 2)};
    return v.type < q->m->type_count && portable_fits(v) ? "yes" : "-";
}

static const char *do_record(struct ask *q)
{
    struct commitment_record r;
    if (!commitment_record_read(q->m, raw(q, 1), &r))
        return "-";
    return arena_text(q->arena, "%llu %s", (unsigned long long)r.block,
                      r.is_raw ? say(q, r.text.at, r.text.len) : "none");
}

static void terms_of(struct ask *q, size_t i, struct extrinsic_terms *t)
{
    *t = (struct extrinsic_terms){.spec_version = (uint32_t)atoi(q->word[i]),
                                  .transaction_version = (uint32_t)atoi(q->word[i + 1]),
                                  .nonce = strtoull(q->word[i + 2], NULL, 10)};
    uint32_t period = (uint32_t)atoi(q->word[i + 3]);
    if (period)
        t->era = era_at(strtoull(q->word[i + 4], NULL, 10), period);
    memcpy(t->genesis, octets(q, i + 5), HASH_BYTES);
    memcpy(t->birth, octets(q, i + 6), HASH_BYTES);
}

static const char *do_call(struct ask *q)
{
    struct bytes call;
    if (!commitment_call(q->arena, q->m, (uint16_t)atoi(q->word[1]), raw(q, 2), &call, NULL))
        return "-";
    return say(q, call.at, call.len);
}

/* extrinsic SEED RANDOM CALL, then the terms: payload, extrinsic, its hash. */
static const char *do_extrinsic(struct ask *q)
{
    struct extrinsic_terms t;
    struct extrinsic_draft d;
    struct sr25519 key;
    struct bytes out;
    uint8_t signature[SR25519_SIGNATURE], hash[HASH_BYTES];
    struct err e = {0};
    terms_of(q, 4, &t);
    sr25519_from_seed(&key, octets(q, 1));
    if (!extrinsic_draft(q->arena, q->m, &t, raw(q, 3), &d, &e))
        return arena_text(q->arena, "- %s", e.text);
    sr25519_sign(&key, d.payload, octets(q, 2), signature);
    if (!extrinsic_signed(q->arena, q->m, &d, key.public_key, signature, &out, &e))
        return arena_text(q->arena, "- %s", e.text);
    extrinsic_hash(hash, out);
    return arena_text(q->arena, "%s %s %s", say(q, d.payload.at, d.payload.len), say(q, out.at, out.len),
                      say(q, hash, sizeof hash));
}

/* era PERIOD BLOCK: its bytes, birth and death. */
static const char *do_era(struct ask *q)
{
    uint64_t block = strtoull(q->word[2], NULL, 10);
    struct era era = era_at(block, (uint32_t)atoi(q->word[1]));
    struct scale_out o = {.arena = q->arena};
    era_write(&o, era);
    return arena_text(q->arena, "%s %llu %llu", say(q, o.at, o.len), (unsigned long long)era_birth(era, block),
                      (unsigned long long)era_death(era, block));
}

/* phrase WORD_WORD_WORD */
static const char *do_phrase(struct ask *q)
{
    uint8_t seed[SR25519_SEED];
    for (char *c = q->word[1]; *c; c++)
        if (*c == '_')
            *c = ' ';
    return mnemonic_seed(bytes_of(q->word[1]), seed, NULL) ? say(q, seed, sizeof seed) : "-";
}

/* seen EXTRINSIC, then the terms: who, nonce, birth, death, tip, call, and whether the signature is good. */
static const char *do_seen(struct ask *q)
{
    struct extrinsic_terms t;
    struct extrinsic_seen x;
    struct bytes payload;
    struct err e = {0};
    terms_of(q, 2, &t);
    if (!extrinsic_read(q->m, raw(q, 1), &x, &e) || !extrinsic_payload(q->arena, q->m, &t, &x, &payload, &e))
        return arena_text(q->arena, "- %s", e.text);
    return arena_text(q->arena, "%s %llu %llu %llu %s %s", say(q, x.account, 32), (unsigned long long)x.nonce,
                      (unsigned long long)x.tip, (unsigned long long)x.era.period, say(q, x.call.at, x.call.len),
                      sr25519_verify(x.account, payload, x.signature) ? "good" : "bad");
}

static const struct {
    const char *verb;
    const char *(*answer)(struct ask *q);
    size_t words;
} verbs[] = {
    {"account", do_account, 2},
    {"call", do_call, 3},
    {"compact", do_compact, 2},
    {"constant", do_constant, 3},
    {"era", do_era, 3},
    {"expanded", do_expanded, 2},
    {"extrinsic", do_extrinsic, 11},
    {"fits", do_fits, 2},
    {"hash", do_hash, 1},
    {"key", do_key, 3},
    {"phrase", do_phrase, 2},
    {"record", do_record, 2},
    {"seed", do_seed, 2},
    {"seen", do_seen, 9},
    {"sign", do_sign, 4},
    {"ss58", do_ss58, 3},
    {"verify", do_verify, 4},
};

static const char *answer(struct ask *q)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (q->words >= verbs[i].words && strcmp(q->word[0], verbs[i].verb) == 0)
            return verbs[i].answer(q);
    return "what?";
}

static const struct metadata *load(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = arena_alloc(a, LINE);
    struct err e = {0};
    const struct metadata *m = f ? metadata_read(a, (struct bytes){text, fread(text, 1, LINE, f)}, &e) : NULL;
    if (f)
        fclose(f);
    if (!m)
        fprintf(stderr, "chain_line: %s: %s\n", path, e.text);
    return m;
}

/* Empty words stay: bytes may be none. */
static void split(struct ask *q, char *line)
{
    for (q->words = 0; line && q->words < WORDS; q->words++)
        q->word[q->words] = strsep(&line, " \n");
    if (q->words)
        q->words--; /* behind the end of the line */
}

int main(int argc, char **argv)
{
    struct arena kept = {0}, a = {0};
    struct ask q = {.arena = &a, .m = argc > 1 ? load(&kept, argv[1]) : NULL};
    char *line = arena_alloc(&kept, LINE);
    bool ready = sodium_init() >= 0 && (argc < 2 || q.m);
    while (ready && fgets(line, LINE, stdin)) {
        split(&q, line);
        puts(answer(&q));
        fflush(stdout);
        arena_reset(&a);
    }
    arena_release(&a);
    arena_release(&kept);
    return !ready;
}
