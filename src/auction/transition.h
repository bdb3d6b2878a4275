/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The wait for the next window (auction.md 2): who looks 45 s or less before the end of a window asks once a second, for
 * less than 48 s, whether the next one has begun. A step is pure; whoever steps sleeps TRANSITION_POLL_S before each. */
#ifndef DAVY_AUCTION_TRANSITION_H
#define DAVY_AUCTION_TRANSITION_H

#include "auction/window.h"

enum { TRANSITION_POLL_S = 1, TRANSITION_LIMIT_S = 48 };

struct transition {
    struct window window; /* what shall be processed once waiting is false */
    int64_t block;        /* the newest head that was told */
    int64_t old_index;    /* of the window at the beginning */
    int waited_s;         /* polls so far, a second each; the time that an answer takes is not counted */
    bool waiting;         /* sleep a second, ask for the head, step again */
    bool detected;        /* the next window has begun, and is the one in window */
    bool timed_out;       /* the limit was reached; both are true where the last poll saw the new window */
};
struct transition transition_begin(int64_t head, int64_t netuid, int64_t tempo);
/* head: NOT_KNOWN where this second's question was not answered. The window changes
 * only forwards: a head that fell back, because the chain was reorganised or because another endpoint lags, is not taken for
 * a new window. (The original takes any other index.) */
void transition_step(struct transition *t, int64_t head);

#endif
