/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Auction windows (auction.md 2): pure integer arithmetic on block numbers. */
#ifndef DAVY_AUCTION_WINDOW_H
#define DAVY_AUCTION_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

enum { WINDOW_BLOCKS = 60, WINDOW_EPOCH_BLOCKS = 361, BLOCK_SECONDS = 12, WINDOW_WAIT_SECONDS = 45 };

struct window {
    int64_t epoch_start;     /* of the subnet's epoch that holds the block */
    int64_t base;            /* first block of the validation epoch */
    int index;               /* 0..5 */
    int64_t start, end;      /* both inclusive; 60 blocks, the sixth 61 */
    int64_t blocks_to_next;  /* end + 1 - block */
    int64_t seconds_to_next; /* 12 x that */
    bool wait;               /* 45 s or less: wait for the next window */
};
int64_t epoch_start_of(int64_t block, int64_t netuid, int64_t tempo);
struct window window_at(int64_t block, int64_t epoch_start);
struct window window_of(int64_t block, int64_t netuid, int64_t tempo);

#endif
