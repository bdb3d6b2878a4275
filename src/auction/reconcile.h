/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of our own bids won (auction.md 4.7): winners of our hotkey are given out to our bids, by size and price. */
#ifndef DAVY_AUCTION_RECONCILE_H
#define DAVY_AUCTION_RECONCILE_H

#include "auction/items.h"

struct bid_result { /* one worker */
    const char *hashrate;
    struct fp18 hashrate_ph, price;
    bool won;
};
struct bid_results {
    const struct bid_result *result; /* bid by bid, of each bid the won ones first */
    size_t count, won;
};
/* own: the bids of the hotkey as the chain had them at the window's start, not as the configuration has them now. */
struct bid_results bids_reconcile(struct arena *a, const char *hotkey, const struct bid *own, size_t count,
                                  const struct winner *winner, size_t winners);

#endif
