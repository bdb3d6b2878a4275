/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The chain's head as it moves: one question (a batch) a block at most, a line of JSON for each new block and for each change
 * from answered to unanswered:
 *   {"block": N or null, "finalized": N or null, "block_time": S, "netuid": N, "tempo": N, "window": {"index", "start", "end",
 *    "blocks_left", "seconds_left"}, "block_interval_s": S or null, "endpoint": S, "latency_ms": N, "error": S or null,
 *    "endpoints": [...]} */
#ifndef DAVY_CMD_MINE_FOLLOW_H
#define DAVY_CMD_MINE_FOLLOW_H

#include "cmd/mine_job.h"

/* Writes to fd until nobody reads it, or for so many lines (0: for ever). The endpoints are those of the setup. */
int mine_follow_do(struct mine_setup *setup, int fd, int64_t lines);

#endif
