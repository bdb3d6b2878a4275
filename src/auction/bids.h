/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commitments on the chain (auction.md 3): a text `v;t;d`, and for prices a bitmap behind the first byte 0xff. Parsers are
 * as strict as the auction's own: what they refuse is ignored by every miner and validator. Blanks and digits are ASCII. */
#ifndef DAVY_AUCTION_BIDS_H
#define DAVY_AUCTION_BIDS_H

#include "auction/fp18.h"
#include "base/err.h"

enum { COMMITMENT_BYTES = 128, COMMITMENT_WORKERS = 1000, COMMITMENT_V2 = 2 };
#define WORKER_MIN_PH "0.05"
#define WORKER_MAX_PH "0.45"
#define PRICE_MAX "1.05"

struct commitment_head { /* the three parts */
    int64_t version;     /* 0 and less are version 1 too */
    struct bytes type;   /* "b" bids, "p" prices */
    struct bytes data;   /* untrimmed */
    struct bytes suffix; /* what follows the first 0xff; .at is NULL where there is none */
};
bool commitment_split(struct bytes raw, struct commitment_head *out);

struct bid {              /* so many workers of one size at one price */
    struct fp18 hashrate; /* PH */
    struct fp18 price;    /* multiplier */
    int64_t count;        /* 1 in version 1 */
};
struct bids {
    int64_t version;
    const struct bid *bid; /* in the order written; its digits are slices of the raw text */
    size_t count;          /* may be 0 */
};
/* NULL where it is no valid bid commitment. raw must live as long as the arena. */
const struct bids *bids_decode(struct arena *a, struct bytes raw);

/* The canonical text, at most COMMITMENT_BYTES; NULL with the sentence. Version 2 merges and sums, and checks sizes and
 * counts; version 1 repeats a bid of more than one worker. */
const char *bids_encode(struct arena *a, const struct bid *bid, size_t count, struct err *e);
const char *bids_encode_v1(struct arena *a, const struct bid *bid, size_t count, struct err *e);

#endif
