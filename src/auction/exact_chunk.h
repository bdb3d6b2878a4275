/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Equal items together, for exact.c: n of one kind become chunks of 1, 2, 4 ... and a rest, of which some make any number. */
#ifndef DAVY_AUCTION_EXACT_CHUNK_H
#define DAVY_AUCTION_EXACT_CHUNK_H

#include "auction/items.h"

struct chunk {
    int64_t cost, value;   /* of all its items */
    uint32_t group, items; /* of which kind, how many */
};
struct chunks {
    const struct chunk *chunk; /* most value per cost first */
    size_t count;
    const uint32_t *order; /* items, group by group, in their order within it */
    const uint32_t *first; /* of each group in order; one more at the end */
    size_t groups;
};
struct chunks chunks_of(struct arena *a, const struct items *all);

#endif
