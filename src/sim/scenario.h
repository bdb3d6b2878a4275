/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Troubles on purpose: one row each. A row only turns knobs; the actors read them, the list and the manual print them. */
#ifndef DAVY_SIM_SCENARIO_H
#define DAVY_SIM_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

struct sim_scenario {
    const char *name, *help;
    bool auction_missed; /* no auction was processed for some windows, and none will be */
    bool chain_lost;     /* auction-status.json is old and stays so */
    bool clock_ahead;    /* the writers' clock is two hours fast */
    bool config_broken;
    bool daemon_hang; /* alive, but its state file is old and stays so */
    bool dip;         /* the newest tasks score badly; again and again */
    bool empty;       /* no history; the files come one after another */
    bool episodes;    /* small troubles that come and go */
    bool not_reset;   /* last month's budgets were never reset */
    bool stall;       /* a stage that never ends */
    bool torn;        /* half-written documents, torn and foreign lines */
    bool wallet_error;
    int64_t crash_after_ms;          /* the daemon is killed this long after each start; 0: never */
    int64_t down_ms;                 /* how long the owner takes to start a daemon that is gone */
    double failing;                  /* chance that a stage fails */
    double low_score;                /* validators' mean of the last three days; 0: as usual */
    double roi;                      /* TAO per 1000 tokens */
    double used_claude, used_openai; /* share of the month's budget that is gone; 0: what the history spent */
};
extern const struct sim_scenario sim_scenarios[];           /* alphabetical; .name == NULL at the end */
const struct sim_scenario *scenario_find(const char *name); /* NULL: no such */

#endif
