/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two jobs of the miner (auction.md 5), each one run in a process of its own. A run reads config.toml anew, connects anew,
 * and tells one JSON object when it is done:
 *   {"job": S, "ok": B, "error": S or null, "head": N, "endpoints": [...], "patch": {members of state/auction-status.json}}
 * Runs share what costs much to ask for again: metadata, and how the endpoints were. */
#ifndef DAVY_CMD_MINE_JOB_H
#define DAVY_CMD_MINE_JOB_H

#include "cmd/mine_chain.h"
#include "cmd/mine_setup.h"

struct mine_task { /* what a run is given */
    const char *config;
    int log_fd;          /* where events go */
    int kept_fd;         /* of mine_chain_load_kept(); -1 */
    const json_t *known; /* "endpoints" of the run before; NULL */
    bool force;          /* commitment: publish whatever the chain has */
    int64_t limit_ms;    /* that the job has */
    int64_t confirm_ms;  /* commitment: how long the finalized chain is waited for */
    int64_t poll_ms;     /* and how often it is looked at; 0: as fits the chain's blocks */
};
enum mine_job { JOB_COMMITMENT, JOB_AUCTION, JOB_COUNT };
extern const char *const mine_job_names[JOB_COUNT]; /* "commitment", "auction" */
/* In this process; new reference, never NULL. */
json_t *mine_job_do(enum mine_job job, const struct mine_task *task);

/* ---- for the jobs themselves ---- */
struct mine_run { /* one run */
    const struct mine_task *task;
    struct arena a;
    struct loop *loop;
    struct mine_rpc *rpc;
    struct mine_setup setup;
    struct mine_chain chain;
    json_t *patch;
};
/* Connects; a node that stands still is left for another. */
bool mine_run_connect(struct mine_run *r, struct err *e);
void mine_run_nap(struct mine_run *r, int64_t ms);
bool mine_commitment_run(struct mine_run *r, struct err *e);
bool mine_auction_run(struct mine_run *r, struct err *e);

/* "endpoints" as state/auction-status.json tells them, and what only the next run wants to know. */
json_t *mine_endpoints_json(const struct endpoints *s);
void mine_endpoints_recall(const struct endpoints *s, const json_t *known);

#endif
