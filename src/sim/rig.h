/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated rig as pure, seeded steps: time in, orders out. Same setup and same times give the same bytes, however
 * finely the time is cut. The struct is plain memory: copy it, print it; nothing in it is owned. */
#ifndef DAVY_SIM_RIG_H
#define DAVY_SIM_RIG_H

#include "sim/orders.h"
#include "sim/random.h"
#include "sim/scenario.h"
#include "sim/text.h"

#define SIM_NEVER INT64_MAX

enum sim_actor { /* alphabetical; who acts at which time is in rig.c */
                 ACTOR_ARRIVALS,
                 ACTOR_BLOCKS,
                 ACTOR_CHECKS,
                 ACTOR_METRICS,
                 ACTOR_OWNER,
                 ACTOR_PIPELINE,
                 ACTOR_STATUS_LINE,
                 ACTOR_TASKS,
                 ACTOR_TEARER,
                 ACTOR_TROUBLE,
                 ACTOR_WAITING,
                 ACTOR_COUNT
};

struct sim_setup {
    uint64_t seed;
    double speed; /* events come this many times as often; stamps are always the wall clock's */
    const struct sim_scenario *scenario;
    int64_t history_days;      /* made up before the start */
    int32_t utc_offset_s;      /* of the writers' local zone: log lines are local time */
    int64_t pid;               /* of the pipeline, for miner_status.json */
    const char *dir, *program; /* of the rig and of davy-sim, for davy.toml and the scripts; absolute */
    const char
        *network; /* a node of a chain on which a real davy-mine works for this rig; NULL: its auctions are made up */
};

enum {
    SIM_LLMS = 4,
    SIM_OPEN_TASKS = 64,
    SIM_HOURS = 24 * 7 + 1,
    SIM_STAGE_EVENTS = 200,
    SIM_BIDS = 3,
    SIM_NETUID = 89,
    SIM_TEMPO = 360
};

struct sim_task {    /* taken, and not scored yet */
    bool scoring;    /* executed: waits for the validator; else the LLM is at work */
    int64_t next_ms; /* when that ends; 0: the place is free */
    int64_t number, tokens;
    int llm, strategy, subnet;
};
struct sim_tasks {
    struct sim_task open[SIM_OPEN_TASKS];
    int64_t arrival_ms, next_number;
    int64_t dip_left, until_dip; /* tasks that will score badly; tasks until that happens again (scenario dip) */
    struct sim_hour {
        int64_t hour; /* hours of the epoch; another one: the row is from last week */
        int64_t count, successes, tokens;
        double sum;
    } hour[SIM_HOURS]; /* for performance-metrics.json */
};
struct sim_ledger { /* token-budgets.json */
    int64_t used[SIM_LLMS];
    int64_t month;    /* months of the era, of the last reset */
    int64_t reset_ms; /* 0: no reset seen yet */
    bool saved;       /* the writer's save has dropped the keys it does not know */
};
struct sim_stage_event {
    int number;
    const char *status;
    const char *username; /* static */
    char message[96];
    int64_t started_ms, updated_ms;
};
struct sim_pipeline {
    struct sim_stage_event current;                   /* number -1: none yet */
    struct sim_stage_event history[SIM_STAGE_EVENTS]; /* a ring */
    int64_t events;                                   /* ever; the newest is at (events - 1) % SIM_STAGE_EVENTS */
    int64_t pid;                                      /* of the program that writes the document */
    int account;                                      /* index into the accounts of this cycle */
    bool looking;                                     /* for the next account, after a failure */
    bool stalled;
};
struct sim_market { /* auction-status.json */
    int64_t block, block_ms;
    int64_t commit_block, commit_ms;
    bool has_result;
    int64_t result_index, result_start, result_end, result_ms, result_base;
    int64_t budget_mph;               /* thousandths of a PH */
    int64_t commitments, price_milli; /* clearing price in thousandths */
    int64_t won[SIM_BIDS];
    int64_t missed, skip; /* windows missed since the last result; windows still to be missed */
};
struct sim_checks { /* heartbeat-state.json: epoch ms of each check's last run */
    int64_t token_balance_ms, bot_monitor_ms, report_ms, bittensor_ms;
};
struct sim_daemon { /* what the world told */
    bool up;
    int64_t since_ms;
};

struct sim {
    struct sim_setup setup;
    struct sim_random random;
    int64_t start_ms;
    int64_t shift_ms; /* of the writers' clock */
    int64_t due_ms[ACTOR_COUNT];
    double pace;                              /* events per usual event: 1 in old history, then setup.speed */
    struct sim_text *fill_history, *fill_log; /* while history is made up: where lines go; NULL afterwards */
    bool absent[SIM_FILES];                   /* files that are not written (any more) */
    struct sim_tasks tasks;
    struct sim_ledger ledger;
    struct sim_pipeline pipeline;
    struct sim_market market;
    struct sim_checks checks;
    struct sim_daemon daemon;
    int64_t arrived;               /* files that came so far (scenario empty) */
    int64_t troubles, tears;       /* ever */
    int64_t glut_day, glut_tokens; /* spent on that day of the epoch (scenario daily-limit) */
};

/* Makes up the past and orders the first version of every file and the daemon. */
void sim_open(struct sim *s, const struct sim_setup *setup, int64_t now_ms, struct sim_orders *out);
/* Everything that falls due up to now. After a long sleep the lost time is skipped, not made up for. */
void sim_step(struct sim *s, int64_t now_ms, struct sim_orders *out);
int64_t sim_next(const struct sim *s); /* when something falls due, ms of the epoch */
/* Of the auction: what stands on the chain when a real miner takes over. */
struct bytes market_commitment(const struct sim *s, struct arena *a);
int64_t market_block_ms(const struct sim *s);
void sim_daemon_is(struct sim *s, bool up, int64_t now_ms); /* the world tells */

/* What the daemon process writes by itself; epoch: of the write (the real writer's bug: it goes to uptime_seconds). */
struct bytes daemon_state_text(struct arena *a, const char *status, int64_t pid, const char *socket, int64_t at_ms);
struct bytes daemon_log_line(struct arena *a, int64_t at_ms, int32_t utc_offset_s, const char *level, const char *text);
int64_t daemon_period_ms(double speed);
extern const char *const daemon_start_lines[]; /* NULL at the end; the socket's line follows */

#endif
