/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a configuration would publish (auction.md 1.2, 3.2): the v2 commitment text. */
#ifndef DAVY_AUCTION_COMMITMENT_H
#define DAVY_AUCTION_COMMITMENT_H

#include "auction/bids.h"
#include "auction/config.h"

/* NULL with the sentence when none can be built from it. */
const char *commitment_text(struct arena *a, const struct auction_config *c, struct err *e);
/* The same in the legacy form, which only a list of hashrates has (APS_MINER_ALLOW_V1). */
const char *commitment_text_v1(struct arena *a, const struct auction_config *c, struct err *e);

#endif
