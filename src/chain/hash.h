/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hashes of a Substrate chain: blake2b (libsodium's, without key, salt or personalisation) and xxHash64. twox keys are
 * xxHash64 of several seeds, each little-endian: twox64 has seed 0, twox128 seeds 0 and 1. None of these is asked to keep
 * a secret. */
#ifndef DAVY_CHAIN_HASH_H
#define DAVY_CHAIN_HASH_H

#include "base/bytes.h"

enum { HASH_BYTES = 32 };

void blake2b(uint8_t *out, size_t out_bytes, struct bytes in); /* 16..64 bytes */
uint64_t xxhash64(struct bytes in, uint64_t seed);
void twox64(uint8_t out[8], struct bytes in);
void twox128(uint8_t out[16], struct bytes in);
void twox256(uint8_t out[32], struct bytes in);

#endif
