/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Troubles on purpose: one row each. A row turns knobs, which the actors read, and may name somebody who makes trouble;
 * the list and the manual are printed from the rows. */
#ifndef DAVY_SIM_SCENARIO_H
#define DAVY_SIM_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

struct sim;
struct sim_orders;

struct sim_scenario {
    const char *name, *help;
    /* What somebody does again and again, as an actor (trouble.c); NULL: nothing. */
    int64_t (*trouble)(struct sim *s, int64_t at_ms, struct sim_orders *out);
    bool agent_asleep;     /* no heartbeat check ran for five hours, and none will */
    bool auction_missed;   /* no auction was processed for some windows, and none will be */
    bool bittensor_failed; /* the miner lives without the chain, and its status line says so */
    bool chain_lost;       /* auction-status.json is old and stays so */
    bool chain_trouble; /* no endpoint answers, finality lags, the solvers differ */
    bool checklist_empty;
    bool clock_ahead; /* the writers' clock is two hours fast */
    bool commit_old;  /* the commitment was made three hours ago and is not renewed */
    bool config_broken;
    bool crash_loop;                 /* davy-run keeps the modules, and one dies as soon as it is started */
    bool daemon_hang;                /* alive, but its state file is old and stays so */
    bool dip;                        /* the newest tasks score badly; again and again */
    bool empty;                      /* no history; the files come one after another */
    bool episodes;                   /* small troubles that come and go */
    bool loop_stuck;                 /* no status line for two minutes, and none will come */
    bool module_down;                /* the second module dies whenever it is started */
    bool not_reset;                  /* last month's budgets were never reset */
    bool old_trouble;                /* the trouble began before the start */
    bool overpriced;                 /* bids above every clearing price */
    bool socket_lost;                /* the socket's file was removed under the daemon */
    bool stall;                      /* a stage that never ends */
    bool torn;                       /* half-written documents, torn and foreign lines */
    int64_t crash_after_ms;          /* the daemon is killed this long after each start; 0: never */
    int64_t down_ms;                 /* how long the owner takes to start a daemon that is gone */
    double decline;                  /* how far the scores fell a week ago */
    double failing;                  /* chance that a stage fails */
    double low_score;                /* validators' mean of the last three days; 0: as usual */
    double roi;                      /* TAO per 1000 tokens */
    double used_claude, used_openai; /* share of the month's budget that is gone; 0: what the history spent */
};
extern const struct sim_scenario sim_scenarios[];           /* alphabetical; .name == NULL at the end */
const struct sim_scenario *scenario_find(const char *name); /* NULL: no such */
bool scenario_has_chain(const struct sim_scenario *sc); /* its auctions may be a real miner's on a simulated chain */

#endif
