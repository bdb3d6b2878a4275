/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sr25519 (schnorrkel) keys and signatures on libsodium's ristretto255, context "substrate".
 * A secret lives where its owner put it: in memory of sodium_malloc(), which is locked, fenced and wiped by sodium_free().
 * Nothing here copies it to the heap; what a calculation leaves on the stack is wiped before it returns. Time and memory
 * accesses do not depend on secret bytes. Random bytes are the caller's (randombytes_buf); the same random bytes for two
 * messages do not give the key away, because nonce and message are mixed into them, but none at all would be wrong.
 * sodium_init() must have been called. */
#ifndef DAVY_CHAIN_SR25519_H
#define DAVY_CHAIN_SR25519_H

#include "base/bytes.h"

enum { SR25519_KEY = 32, SR25519_SIGNATURE = 64, SR25519_SEED = 32, SR25519_EXPANDED = 64 };

struct sr25519 {
    uint8_t scalar[32]; /* below the group's order */
    uint8_t nonce[32];
    uint8_t public_key[SR25519_KEY];
};
/* From a mini secret, as a wallet's secretSeed is: SHA-512, clamped as ed25519 does, divided by the cofactor. */
void sr25519_from_seed(struct sr25519 *key, const uint8_t seed[SR25519_SEED]);
/* From 64 expanded bytes, scalar and nonce. Two spellings are in use: the scalar itself (schnorrkel's own, Bittensor's
 * privateKey), or eight times it (the ed25519 form, which @polkadot writes). public_key, when not NULL, decides; without it
 * the form whose scalar is in range, schnorrkel's first. false: neither fits. */
bool sr25519_from_expanded(struct sr25519 *key, const uint8_t bytes[SR25519_EXPANDED], const uint8_t *public_key);

void sr25519_sign(const struct sr25519 *key, struct bytes message, const uint8_t random[32],
                  uint8_t signature[SR25519_SIGNATURE]);
bool sr25519_verify(const uint8_t public_key[SR25519_KEY], struct bytes message,
                    const uint8_t signature[SR25519_SIGNATURE]);

#endif
