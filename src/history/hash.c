/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/hash.h"

#include <string.h>

static uint64_t word(const char *at, size_t len)
{
    uint64_t w = 0;
    memcpy(&w, at, len);
    return w;
}

/* Both halves of the product: each bit of w reaches each bit of the result. */
static uint64_t mix(uint64_t hash, uint64_t w)
{
    unsigned __int128 wide = (unsigned __int128)(hash ^ w) * 0x9e3779b97f4a7c15u;
    return (uint64_t)wide ^ (uint64_t)(wide >> 64);
}

uint64_t hash_bytes(struct bytes in)
{
    uint64_t hash = 0xcbf29ce484222325u ^ in.len;
    const char *at = in.at;
    size_t left = in.len;
    for (; left >= 8; left -= 8, at += 8)
        hash = mix(hash, word(at, 8)) + 0x2545f4914f6cdd1du;
    hash = mix(hash, word(at, left));
    return hash ? hash : 1;
}
