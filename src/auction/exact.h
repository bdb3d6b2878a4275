/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The knapsack of the auction solved exactly, in integers: most value, then least cost. Of equal items the first ones are
 * taken; which of several equal answers it is does not depend on chance. The check of cbc's answer, and the answer where cbc
 * gives none. Dynamic programming over what is nearly best: items sorted by value per cost, the best ones taken until one does
 * not fit, and from there on outwards each item is in or out; states that cannot become the best any more are dropped. */
#ifndef DAVY_AUCTION_EXACT_H
#define DAVY_AUCTION_EXACT_H

#include "auction/items.h"

enum { EXACT_STATES = 1 << 20 }; /* 200 MB and some seconds at the very most; usual auctions need some thousands */

/* Whether the answer is proven to be the best. false: more than states_most states, or more than 512 looks at each, would
 * be needed; the answer is the best found until then. It is always one that fits. */
bool exact_solve(struct arena *a, const struct items *all, size_t states_most, struct answer *out);

#endif
