/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a configuration would publish (auction.md 1.2, 3.2): the v2 commitment text. */
#ifndef DAVY_AUCTION_COMMITMENT_H
#define DAVY_AUCTION_COMMITMENT_H

#include "auction/config.h"

enum { COMMITMENT_BYTES = 128, COMMITMENT_WORKERS = 1000 };
#define WORKER_MIN_PH "0.05"
#define WORKER_MAX_PH "0.45"
#define PRICE_MAX "1.05"

/* NULL with the sentence when none can be built from it. */
const char *commitment_text(struct arena *a, const struct auction_config *c, struct err *e);

#endif
