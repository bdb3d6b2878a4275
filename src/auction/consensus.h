/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the validators agree on, by stake (auction.md 4.2, 4.3): a price, and who is banned. */
#ifndef DAVY_AUCTION_CONSENSUS_H
#define DAVY_AUCTION_CONSENSUS_H

#include "auction/prices.h"

#define PRICE_GAMMA 0.67

struct price_point {
    const char *hotkey;
    struct fp18 price;  /* 0 and below do not count */
    uint64_t stake_rao; /* 0 does not count */
};
/* The weighted median within the narrowest range (of logarithms) that holds gamma of the stake; false: there is none. */
bool consensus_price(struct arena *a, const struct price_point *point, size_t count, double gamma, struct fp18 *out);

struct ban_vote {
    const struct prices *prices; /* a valid price commitment, be it without prices */
    uint64_t stake_rao;
};
/* Bits as in struct prices: who is marked by more than half of the stake that has voted. Its sum in rao, for the log. */
unsigned __int128 consensus_bans(const struct ban_vote *vote, size_t count, uint8_t ban[BAN_BYTES]);

/* The stake that the auction makes of rao: the same but for the noise of two divisions of a double. */
unsigned __int128 stake_of_rao(uint64_t rao);

#endif
