/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that the chain says at a window's first block becomes one auction (auction.md 4.1 to 4.5): who bids, who is too old or
 * banned, what the prices are, what the budget is. What is left is to solve it. */
#ifndef DAVY_AUCTION_GATHER_H
#define DAVY_AUCTION_GATHER_H

#include "auction/budget.h"
#include "auction/items.h"
#include "auction/prices.h"

enum { COMMITMENT_MOST_AGE_S = 9000, V2_ONLY_SWITCH_BLOCK = 7414264 };
#define MAX_MULTIPLIER 1.05

struct chain_commitment { /* in the order of the storage keys, which decides ties */
    const char *hotkey;
    struct bytes raw; /* the first field's bytes */
    int64_t block;    /* when it was made; NOT_KNOWN: it counts as fresh */
};
struct chain_neuron {
    const char *hotkey;
    unsigned uid;
    uint64_t stake_rao;
};
struct auction_facts { /* all of it at the hash of the block start */
    int64_t start;
    const struct chain_commitment *commitment;
    size_t commitments;
    const struct chain_neuron *neuron;
    size_t neurons;
    double share; /* the emission share: 1, or the chain's split (a setting) */
};
enum auction_metric { METRIC_ALPHA_TAO, METRIC_TAO_USDC, METRIC_HASHP_USDC, METRIC_CAP, METRIC_COUNT };
struct auction_case {
    const struct bidder *bidder; /* who takes part; the same count the original logs as commitments */
    size_t bidders;
    size_t total, stale, banned; /* bid commitments before the filters; dropped for their age; for a ban */
    uint8_t ban[BAN_BYTES];
    unsigned __int128 ban_stake; /* of all who could vote */
    bool known[METRIC_COUNT];    /* the validators agree on it */
    struct fp18 metric[METRIC_COUNT];
    bool priced;          /* all but the cap, which need not be there */
    struct budget budget; /* 0 where not priced */
    struct items items;   /* none without a budget */
};
/* false with the sentence where the bids are more than any auction has. */
bool auction_gather(struct arena *a, const struct auction_facts *f, struct auction_case *out, struct err *e);
/* The bids of one hotkey that take part; NULL: none. */
const struct bidder *auction_bidder(const struct auction_case *c, const char *hotkey);

#endif
