/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/hash.h"

#include <sodium.h>
#include <string.h>

#define PRIME_1 0x9E3779B185EBCA87ULL
#define PRIME_2 0xC2B2AE3D27D4EB4FULL
#define PRIME_3 0x165667B19E3779F9ULL
#define PRIME_4 0x85EBCA77C2B2AE63ULL
#define PRIME_5 0x27D4EB2F165667C5ULL
enum { LANES = 4, STRIPE = 32 };

void blake2b(uint8_t *out, size_t out_bytes, struct bytes in)
{
    crypto_generichash_blake2b(out, out_bytes, (const uint8_t *)in.at, in.len, NULL, 0);
}

static uint64_t little(const char *at, size_t bytes)
{
    uint64_t v = 0;
    for (size_t i = bytes; i-- > 0;)
        v = v << 8 | (uint8_t)at[i];
    return v;
}

static uint64_t rotate(uint64_t v, unsigned by)
{
    return v << by | v >> (64 - by);
}

static uint64_t mix_lane(uint64_t lane, uint64_t word)
{
    return rotate(lane + word * PRIME_2, 31) * PRIME_1;
}

static uint64_t eat_stripes(struct bytes *in, uint64_t seed)
{
    static const unsigned turn[LANES] = {1, 7, 12, 18};
    uint64_t lane[LANES] = {seed + PRIME_1 + PRIME_2, seed + PRIME_2, seed, seed - PRIME_1};
    for (; in->len >= STRIPE; *in = bytes_from(*in, STRIPE))
        for (size_t i = 0; i < LANES; i++)
            lane[i] = mix_lane(lane[i], little(in->at + 8 * i, 8));
    uint64_t h = 0;
    for (size_t i = 0; i < LANES; i++)
        h += rotate(lane[i], turn[i]);
    for (size_t i = 0; i < LANES; i++)
        h = (h ^ mix_lane(0, lane[i])) * PRIME_1 + PRIME_4;
    return h;
}

static uint64_t eat_rest(struct bytes in, uint64_t h)
{
    for (; in.len >= 8; in = bytes_from(in, 8))
        h = rotate(h ^ mix_lane(0, little(in.at, 8)), 27) * PRIME_1 + PRIME_4;
    if (in.len >= 4) {
        h = rotate(h ^ little(in.at, 4) * PRIME_1, 23) * PRIME_2 + PRIME_3;
        in = bytes_from(in, 4);
    }
    for (; in.len; in = bytes_from(in, 1))
        h = rotate(h ^ (uint8_t)in.at[0] * PRIME_5, 11) * PRIME_1;
    return h;
}

uint64_t xxhash64(struct bytes in, uint64_t seed)
{
    uint64_t total = in.len;
    uint64_t h = in.len >= STRIPE ? eat_stripes(&in, seed) : seed + PRIME_5;
    h = eat_rest(in, h + total);
    h = (h ^ h >> 33) * PRIME_2;
    h = (h ^ h >> 29) * PRIME_3;
    return h ^ h >> 32;
}

static void twox(uint8_t *out, size_t words, struct bytes in)
{
    for (size_t i = 0; i < words; i++) {
        uint64_t h = xxhash64(in, i);
        for (size_t k = 0; k < 8; k++)
            out[8 * i + k] = (uint8_t)(h >> (8 * k));
    }
}

void twox64(uint8_t out[8], struct bytes in)
{
    twox(out, 1, in);
}

void twox128(uint8_t out[16], struct bytes in)
{
    twox(out, 2, in);
}

void twox256(uint8_t out[32], struct bytes in)
{
    twox(out, 4, in);
}
