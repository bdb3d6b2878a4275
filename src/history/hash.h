/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash of bytes, eight at a time. Never 0, so that 0 can mean "none". The same on every machine of one byte order; not
 * against somebody who looks for collisions. */
#ifndef DAVY_HISTORY_HASH_H
#define DAVY_HISTORY_HASH_H

#include "base/bytes.h"

#include <endian.h>
#include <string.h>

static inline uint64_t hash_word(const char *at)
{
    uint64_t w;
    memcpy(&w, at, sizeof w);
    return w;
}

/* The last bytes, fewer than eight, with zeros behind them. Where more stand before them they are read along: no loop. */
static inline uint64_t hash_last(const char *at, size_t left, size_t len)
{
    uint64_t w = 0;
    if (left > 0 && len >= 8)
        return htole64(le64toh(hash_word(at + left - 8)) >> (8 - left) * 8);
    memcpy(&w, at, left);
    return w;
}

/* Both halves of the product: each bit of w reaches each bit of the result. */
static inline uint64_t hash_mix(uint64_t hash, uint64_t w)
{
    unsigned __int128 wide = (unsigned __int128)(hash ^ w) * 0x9e3779b97f4a7c15u;
    return (uint64_t)wide ^ (uint64_t)(wide >> 64);
}

static inline uint64_t hash_bytes(struct bytes in)
{
    uint64_t hash = 0xcbf29ce484222325u ^ in.len;
    const char *at = in.at;
    size_t left = in.len;
    for (; left >= 8; left -= 8, at += 8)
        hash = hash_mix(hash, hash_word(at)) + 0x2545f4914f6cdd1du;
    hash = hash_mix(hash, hash_last(at, left, in.len));
    return hash ? hash : 1;
}

#endif
