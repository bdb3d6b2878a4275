/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part "auction": the configuration on disk, what davy-mine last wrote, and the window now. While no chain answers, the
 * head is estimated from the newest known block at 12 s a block, and says so. */
#ifndef DAVY_MODEL_AUCTION_H
#define DAVY_MODEL_AUCTION_H

#include "auction/config.h"
#include "auction/window.h"
#include "model/decode.h"
#include "model/docs.h"
#include "model/settings.h"

struct auction_bid { const char *hashrate, *price; int64_t count, won; };
struct auction_past {           /* a window that is over, or the newest one */
    enum auction_end { PAST_WON, PAST_LOST, PAST_NONE, PAST_MISSED } what;   /* NONE: processed, without bids of ours */
    int64_t index, start, end, won, lost;
};
struct auction_endpoint { const char *host, *why; bool ok; int64_t latency_ms, asked, failed; };  /* why NULL: nothing */
enum auction_agreement { AGREE_NOT_KNOWN, AGREE_YES, AGREE_NO };
/* state/auction-status.json, written by davy-mine (and by the simulator):
 * {"version":1,"network":S,"netuid":N,"tempo":N,"block":N,"block_time":EPOCH_S,"connected":B,"endpoint":S,"error":S|null,
 *  "commitment":{"text":S,"block":N,"at":EPOCH_S,"published":B}|null,
 *  "last_result":{"window":N,"start":N,"end":N,"at":EPOCH_S,"budget_ph":N,"commitments":N,"won":N,"lost":N,"price":S|null,
 *                 "bids":[{"hashrate":S,"price":S,"count":N,"won":N}]}|null,
 *  "missed_windows":N,"updated_at":EPOCH_S} */
struct auction_doc {
    const char *network;                /* NULL */
    int64_t netuid, tempo, block, block_ms; /* NOT_KNOWN */
    bool connected;
    const char *endpoint, *error;       /* NULL */
    bool has_commitment, published;
    const char *commit_text;
    const struct auction_bid *committed;/* what it says to validators; won is 0 */
    size_t committed_count;             /* 0: nothing that they read */
    int64_t commit_block, commit_ms;
    bool has_result;
    int64_t result_index, result_start, result_end, result_ms, commitments, won, lost;
    double budget_ph;
    const char *clearing_price;
    const struct auction_bid *bid;
    size_t bid_count;
    int64_t missed_windows;
    int64_t updated_ms;
    /* What only davy-mine tells; cmd/mine_status.h. */
    bool stopped;                       /* it said so when it ended: nobody runs it now */
    int64_t finalized;                  /* block */
    double block_s;                     /* how long a block takes, as measured; NAN */
    const char *config_error;           /* of its last run; NULL */
    const char *commit_why;             /* NULL */
    int64_t next_commit_ms, next_auction_ms;
    double won_ph, lost_ph, share;      /* of the last window; share: ours of all that won; NAN */
    enum auction_agreement solvers;
    const char *solver;                 /* whose answer counts; NULL */
    int64_t cbc_value, exact_value;     /* where they differ, millionths of a PH */
    const struct auction_past *past;    /* the oldest first */
    size_t past_count;
    const struct auction_endpoint *endpoints;
    size_t endpoint_count;
};
enum { PAST_SHOWN = 24, ENDPOINTS_SHOWN = 16, FINALITY_LATE = 15, FINALITY_STUCK = 50 /* blocks */ };
/* What davy-mine follow told the dashboard, where no miner of ours runs. */
struct auction_told {
    int64_t block, at_ms, finalized, tempo; /* NOT_KNOWN */
    double block_s;                         /* NAN */
    char error[200];                        /* why it knows nothing newer; "" */
};
decode_fn auction_decode, auction_config_decode;

struct auction {
    bool known;                         /* a netuid is known: there is an auction to show */
    bool has_window;                    /* a block is known */
    const struct auction_config *config;/* NULL */
    const struct auction_doc *status;   /* NULL */
    const char *network;
    int64_t netuid, tempo;
    int64_t block;                      /* now, estimated when estimated */
    int64_t known_block, known_ms;      /* the newest one somebody told us */
    int64_t block_age_ms;               /* of known_block */
    bool estimated;                     /* status file stale or absent: block is arithmetic */
    struct window window;
    int64_t seconds_left;               /* to the end of the window, from now */
    int64_t window_end_ms;              /* wall clock; NOT_KNOWN */
    double window_fraction_left;        /* 1 .. 0 */
    bool config_changed;                /* configuration is newer than the commitment */
    bool uncommitted;                   /* it would publish another text than the chain has */
    int64_t commit_age_ms;              /* NOT_KNOWN */
    int64_t finalized, finality_lag;    /* a block; blocks behind the head; NOT_KNOWN */
    double block_s;                     /* how long a block takes, as measured; NAN */
    const char *follow_error;           /* why the head is not followed; NULL */
    int64_t windows_since_result;       /* whole windows without a processed auction; NOT_KNOWN */
};
const struct auction *auction_at(struct arena *a, const struct docs *docs, const struct origin *origins,
                                 const struct settings *s, const struct auction_told *told, int64_t now_ms); /* told: NULL */

#endif
