/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/window.h"

enum { LAST_WINDOW = 5 };

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

static int64_t floor_mod(int64_t a, int64_t b)
{
    return a - floor_div(a, b) * b;
}

int64_t epoch_start_of(int64_t block, int64_t netuid, int64_t tempo)
{
    int64_t r = floor_mod(block + netuid + 1, tempo + 1);
    if (r == tempo)
        r = -1;
    return block - r - 1;
}

/* A validation epoch begins one window before the subnet's epoch, and is 361 blocks long whatever the tempo. */
struct window window_at(int64_t block, int64_t epoch_start)
{
    int64_t ref = epoch_start - WINDOW_BLOCKS;
    struct window w = {.epoch_start = epoch_start};
    w.base = ref + WINDOW_EPOCH_BLOCKS * floor_div(block - ref, WINDOW_EPOCH_BLOCKS);
    int64_t index = (block - w.base) / WINDOW_BLOCKS;
    w.index = index > LAST_WINDOW ? LAST_WINDOW : (int)index;
    w.start = w.base + (int64_t)WINDOW_BLOCKS * w.index;
    w.end = w.start + WINDOW_BLOCKS - (w.index == LAST_WINDOW ? 0 : 1);
    w.blocks_to_next = w.end + 1 - block;
    w.seconds_to_next = w.blocks_to_next * BLOCK_SECONDS;
    w.wait = w.seconds_to_next <= WINDOW_WAIT_SECONDS;
    return w;
}

struct window window_of(int64_t block, int64_t netuid, int64_t tempo)
{
    return window_at(block, epoch_start_of(block, netuid, tempo));
}
