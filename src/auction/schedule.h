/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a job that comes again and again is due (auction.md 5): at once, then on the grid of its first run. Pure: the clock is
 * the caller's, in milliseconds of any origin that does not jump. */
#ifndef DAVY_AUCTION_SCHEDULE_H
#define DAVY_AUCTION_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

enum { COMMITMENT_INTERVAL_S = 300, AUCTION_INTERVAL_S = 60, JOB_LIMIT_S = 120 };

enum due {
    DUE_NOT,  /* later */
    DUE_RUN,  /* now; however many times were missed, it is one run, and one that is late runs all the same */
    DUE_SKIP, /* its time has come while the run before still lives: there is never a second one */
};
struct schedule {
    int64_t interval_ms, next_ms;
    bool running; /* set and cleared by the caller */
};
struct schedule schedule_every(int64_t interval_ms, int64_t now_ms);
/* Whatever it says but DUE_NOT, next_ms is moved to the first time on the grid that is after now_ms. */
enum due schedule_due(struct schedule *s, int64_t now_ms);

#endif
