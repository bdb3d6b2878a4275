/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the log says of an auction (auction.md 7). */
#ifndef DAVY_CMD_MINE_AUCTION_SAY_H
#define DAVY_CMD_MINE_AUCTION_SAY_H

#include "auction/result.h"
#include "auction/transition.h"
#include "cmd/mine_route.h"
#include "cmd/mine_solver.h"
#include "cmd/mine_window_read.h"

struct auction_run { /* one run of the job, as far as it has come */
    struct mine_run *run;
    uint64_t tempo;
    struct transition transition;
    struct mine_window_facts facts;
    struct auction_case auction;
    bool solved; /* there was something to solve */
    struct mine_verdict verdict;
    struct auction_result result;
    struct mine_routed routed;
};
void auction_say_waiting(const struct auction_run *x);
void auction_say_waited(const struct auction_run *x);
void auction_say_case(const struct auction_run *x);
void auction_say_result(const struct auction_run *x);
void auction_say_routed(const struct auction_run *x);

#endif
