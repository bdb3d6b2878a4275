/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/storage_key.h"

#include "chain/hash.h"

static void blake2b_128(uint8_t *out, struct bytes in)
{
    blake2b(out, 16, in);
}

static void blake2b_256(uint8_t *out, struct bytes in)
{
    blake2b(out, 32, in);
}

static const struct {
    void (*hash)(uint8_t *out, struct bytes in); /* NULL: none */
    size_t bytes;
    bool concat; /* the key itself follows */
} hashers[HASHER_COUNT] = {
    [HASHER_BLAKE2_128] = {blake2b_128, 16, false},
    [HASHER_BLAKE2_256] = {blake2b_256, 32, false},
    [HASHER_BLAKE2_128_CONCAT] = {blake2b_128, 16, true},
    [HASHER_TWOX_128] = {twox128, 16, false},
    [HASHER_TWOX_256] = {twox256, 32, false},
    [HASHER_TWOX_64_CONCAT] = {twox64, 8, true},
    [HASHER_IDENTITY] = {NULL, 0, true},
};

void storage_prefix(struct scale_out *o, const char *pallet, const char *item)
{
    storage_part(o, HASHER_TWOX_128, bytes_of(pallet));
    storage_part(o, HASHER_TWOX_128, bytes_of(item));
}

void storage_part(struct scale_out *o, enum hasher h, struct bytes key)
{
    uint8_t hash[32];
    if (hashers[h].hash) {
        hashers[h].hash(hash, key);
        scale_put(o, (struct bytes){(const char *)hash, hashers[h].bytes});
    }
    if (hashers[h].concat)
        scale_put(o, key);
}
