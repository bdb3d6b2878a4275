/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/sr25519.h"

#include "chain/merlin.h"

#include <sodium.h>
#include <string.h>

static struct bytes run(const uint8_t *at, size_t len)
{
    return (struct bytes){(const char *)at, len};
}

/* All bits three to the right, over 32 bytes little-endian. */
static void divide_by_8(uint8_t scalar[32])
{
    for (size_t i = 0; i < 31; i++)
        scalar[i] = (uint8_t)(scalar[i] >> 3 | scalar[i + 1] << 5);
    scalar[31] >>= 3;
}

/* The public key is not secret; that the scalar is zero, which cannot be, shows as a result that libsodium refuses. */
static bool find_public(struct sr25519 *key)
{
    return crypto_scalarmult_ristretto255_base(key->public_key, key->scalar) == 0;
}

void sr25519_from_seed(struct sr25519 *key, const uint8_t seed[SR25519_SEED])
{
    uint8_t h[crypto_hash_sha512_BYTES];
    crypto_hash_sha512(h, seed, SR25519_SEED);
    h[0] &= 248;
    h[31] = (h[31] & 63) | 64;
    divide_by_8(h);
    memcpy(key->scalar, h, 32);
    memcpy(key->nonce, h + 32, 32);
    find_public(key);
    sodium_memzero(h, sizeof h);
}

/* Below the order of the group: then reducing leaves it as it is. */
static bool is_reduced(const uint8_t scalar[32])
{
    uint8_t wide[64] = {0}, same[32];
    memcpy(wide, scalar, 32);
    crypto_core_ristretto255_scalar_reduce(same, wide);
    bool ok = sodium_memcmp(same, scalar, 32) == 0;
    sodium_memzero(wide, sizeof wide);
    sodium_memzero(same, sizeof same);
    return ok;
}

static bool is_key_of(struct sr25519 *key, const uint8_t *public_key)
{
    return is_reduced(key->scalar) && find_public(key) &&
           (!public_key || sodium_memcmp(key->public_key, public_key, SR25519_KEY) == 0);
}

static bool from_expanded(struct sr25519 *key, const uint8_t *public_key)
{
    if (is_key_of(key, public_key))
        return true;
    if (key->scalar[0] & 7)
        return false;
    divide_by_8(key->scalar);
    return is_key_of(key, public_key);
}

bool sr25519_from_expanded(struct sr25519 *key, const uint8_t bytes[SR25519_EXPANDED], const uint8_t *public_key)
{
    struct sr25519 found = {0};
    memcpy(found.scalar, bytes, 32);
    memcpy(found.nonce, bytes + 32, 32);
    bool ok = from_expanded(&found, public_key);
    if (ok)
        *key = found;
    sodium_memzero(&found, sizeof found);
    return ok;
}

static void say(struct merlin *m, struct bytes message, const uint8_t public_key[SR25519_KEY])
{
    merlin_init(m, "SigningContext");
    merlin_append(m, "", bytes_of("substrate"));
    merlin_append(m, "sign-bytes", message);
    merlin_append(m, "proto-name", bytes_of("Schnorr-sig"));
    merlin_append(m, "sign:pk", run(public_key, SR25519_KEY));
}

static void challenge(struct merlin *m, const uint8_t point[32], uint8_t k[32])
{
    uint8_t wide[64];
    merlin_append(m, "sign:R", run(point, 32));
    merlin_challenge(m, "sign:c", wide, sizeof wide);
    crypto_core_ristretto255_scalar_reduce(k, wide);
}

void sr25519_sign(const struct sr25519 *key, struct bytes message, const uint8_t random[32],
                  uint8_t signature[SR25519_SIGNATURE])
{
    struct merlin m;
    uint8_t wide[64], r[32], k[32], product[32], point[32];
    say(&m, message, key->public_key);
    merlin_witness(&m, "signing", key->nonce, random, wide, sizeof wide);
    crypto_core_ristretto255_scalar_reduce(r, wide);
    if (crypto_scalarmult_ristretto255_base(point, r)) /* r is 0 once in 2^252 */
        memset(point, 0, sizeof point);
    challenge(&m, point, k);
    crypto_core_ristretto255_scalar_mul(product, k, key->scalar);
    memcpy(signature, point, 32);
    crypto_core_ristretto255_scalar_add(signature + 32, product, r);
    signature[63] |= 0x80; /* schnorrkel's mark: this is no ed25519 signature */
    sodium_memzero(&m, sizeof m);
    sodium_memzero(wide, sizeof wide);
    sodium_memzero(r, sizeof r);
    sodium_memzero(product, sizeof product);
}

/* s*B - k*A. libsodium refuses products that are the neutral element; with k or s of 0 there is no signature of anybody. */
static bool commitment_of(uint8_t out[32], const uint8_t s[32], const uint8_t k[32], const uint8_t public_key[32])
{
    uint8_t left[32], right[32];
    return crypto_scalarmult_ristretto255_base(left, s) == 0 &&
           crypto_scalarmult_ristretto255(right, k, public_key) == 0 &&
           crypto_core_ristretto255_sub(out, left, right) == 0;
}

bool sr25519_verify(const uint8_t public_key[SR25519_KEY], struct bytes message,
                    const uint8_t signature[SR25519_SIGNATURE])
{
    struct merlin m;
    uint8_t s[32], k[32], point[32];
    memcpy(s, signature + 32, 32);
    if (!(s[31] & 0x80))
        return false;
    s[31] &= 0x7f;
    if (!is_reduced(s))
        return false;
    say(&m, message, public_key);
    challenge(&m, signature, k);
    return commitment_of(point, s, k, public_key) && memcmp(point, signature, 32) == 0;
}
