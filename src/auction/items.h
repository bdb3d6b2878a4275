/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bids of all miners become items of a knapsack (auction.md 4.5): one item a worker, cost and value in millionths of a PH. */
#ifndef DAVY_AUCTION_ITEMS_H
#define DAVY_AUCTION_ITEMS_H

#include "auction/bids.h"

struct bidder {
    const char *hotkey;
    const struct bid *bid;
    size_t count;
};

enum { ITEMS_MOST = 1 << 18 }; /* 256 miners of 1000 workers, and some */

struct item {
    int64_t cost, value; /* above 0; cost is at most the capacity */
    uint32_t bidder;     /* who */
    uint32_t bid;        /* which of their bids */
};
struct items {
    int64_t capacity;        /* the budget, rounded down; 0 or less: nobody wins */
    const struct item *item; /* in the order of bidders, of their bids, of the workers */
    size_t count;
};
/* max_multiplier: dearer bids are left out, equal is taken (1.05). false with the sentence: more than ITEMS_MOST. */
bool items_make(struct arena *a, const struct bidder *bidder, size_t bidders, double budget_ph, double max_multiplier,
                struct items *out, struct err *e);

struct answer {  /* which items win: of cbc, or of our own solver */
    bool *taken; /* as many as there are items */
    int64_t cost, value;
};
/* Adds up what is taken; false where that costs more than the capacity. */
bool answer_sum(const struct items *all, struct answer *answer);

struct winner {
    const char *hotkey, *hashrate; /* minimal decimal */
    struct fp18 price;
};
/* Sorted by price, then by the texts of hashrate and hotkey. As many as are taken. */
const struct winner *winners_list(struct arena *a, const struct bidder *bidder, const struct items *all,
                                  const struct answer *answer, size_t *count);

#endif
