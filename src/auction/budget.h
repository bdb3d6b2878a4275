/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much hashrate the subnet can pay for (auction.md 4.4). */
#ifndef DAVY_AUCTION_BUDGET_H
#define DAVY_AUCTION_BUDGET_H

#include "auction/fp18.h"

#define BASE_MINER_SHARE 0.41

struct budget_prices {
    struct fp18 alpha_tao, tao_usdc, hashp_usdc; /* none of them below 0 */
    double share;                                /* of the miners' emission; 1 unless the chain's split counts */
    bool has_cap;
    struct fp18 cap; /* of the budget; 0 and less mean 1 */
};
struct budget {
    double ph, capped_ph;
    double cap;       /* as it counted */
    int64_t share_fp; /* miners' share a block, in 10^-18 alpha */
};
struct budget budget_of(struct arena *a, const struct budget_prices *p);

#endif
