/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Price commitments of validators (auction.md 3.3): `1;p;KEY=DEC;KEY=DEC` and a bitmap of banned uids. */
#ifndef DAVY_AUCTION_PRICES_H
#define DAVY_AUCTION_PRICES_H

#include "auction/bids.h"

enum { BAN_BYTES = 32, BAN_UIDS = 256 };

struct price {
    struct bytes key; /* verbatim, valid UTF-8; a slice of the raw text */
    struct fp18 value;
};
struct prices {
    int64_t version;
    const struct price *price; /* every key once, in the order of its first place; the last value of a key */
    size_t count;              /* may be 0: it counts for bans all the same */
    uint8_t ban[BAN_BYTES];    /* bit (uid mod 8) of byte (uid div 8) */
};
/* NULL where it is no price commitment. raw must live as long as the arena. */
const struct prices *prices_decode(struct arena *a, struct bytes raw);
const struct fp18 *prices_find(const struct prices *p, const char *key); /* NULL: not there */
bool prices_ban(const struct prices *p, unsigned uid);

/* The canonical bytes: keys in the order of their code points, those with = or ; left out, and the bitmap where ban is not
 * NULL. {NULL, 0} with the sentence when the text is longer than COMMITMENT_BYTES. */
struct bytes prices_encode(struct arena *a, const struct price *price, size_t count, const uint8_t *ban, struct err *e);

#endif
