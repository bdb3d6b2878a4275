/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys of the chain's storage: twox128(pallet) ++ twox128(item), then each map key through its hasher. Which hashers an item
 * has stands in the metadata (chain/metadata.h); a reader never guesses them. */
#ifndef DAVY_CHAIN_STORAGE_KEY_H
#define DAVY_CHAIN_STORAGE_KEY_H

#include "chain/scale.h"

/* In the order of their numbers in metadata. */
enum hasher {
    HASHER_BLAKE2_128,
    HASHER_BLAKE2_256,
    HASHER_BLAKE2_128_CONCAT,
    HASHER_TWOX_128,
    HASHER_TWOX_256,
    HASHER_TWOX_64_CONCAT,
    HASHER_IDENTITY,
    HASHER_COUNT
};

enum { STORAGE_PREFIX = 32 };
void storage_prefix(struct scale_out *o, const char *pallet, const char *item); /* 32 bytes */
void storage_part(struct scale_out *o, enum hasher h, struct bytes key);        /* one map key, SCALE-encoded */

#endif
