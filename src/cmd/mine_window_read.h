/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the auction of one window is made of (auction.md 4.1, 8.2), read at the window's first block. */
#ifndef DAVY_CMD_MINE_WINDOW_READ_H
#define DAVY_CMD_MINE_WINDOW_READ_H

#include "auction/gather.h"
#include "auction/window.h"
#include "cmd/mine_job.h"

struct mine_window_facts {
    uint8_t hash[HASH_BYTES]; /* of the window's first block */
    int64_t start_ms, end_ms; /* by the chain's clock; end: of the head, as long as the window lasts */
    struct auction_facts facts;
};
/* Texts live in the run's arena. false with the sentence. */
bool mine_window_read(struct mine_run *r, const struct window *w, struct mine_window_facts *out, struct err *e);

#endif
