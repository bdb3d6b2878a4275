/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which node is asked next: several endpoints in the order of the configuration, the first healthy one wins. Pure: the clock
 * is the caller's, in milliseconds of any origin. One that fails is left alone for a while, ever longer (1 s to 60 s); one
 * that says "too many" (429) for as long as it says. When none is healthy, the one whose rest ends first is next. */
#ifndef DAVY_CHAIN_ENDPOINTS_H
#define DAVY_CHAIN_ENDPOINTS_H

#include "base/arena.h"
#include "base/err.h"

struct endpoint {
    const char *url;  /* http or https; may hold a secret: for asking only */
    const char *host; /* for people */
    int64_t rest_until_ms;
    int64_t failures;      /* in a row */
    int64_t asked, failed; /* in all */
    bool single;           /* it refuses batches: one question a POST */
    int64_t latency_ms;    /* of its last answer; -1: none yet */
    int64_t answered_ms;   /* when; -1: never */
    uint64_t head;         /* the highest block it has told of; 0: none */
    int64_t risen_ms;      /* when that rose last */
    struct err why;        /* of its last failure; empty: none */
};
struct endpoints {
    struct endpoint *at;
    size_t count;
};
enum { ENDPOINT_STUCK_MS = 60000, ENDPOINT_BEHIND = 5 }; /* five blocks are a minute */

/* words: names or addresses (auction.md 8.1): "finney", "archive", "test", "local", ws:// wss:// http:// https://.
 * false with the sentence, which does not repeat an address. */
bool endpoints_of(struct arena *a, const char *const *word, size_t count, struct endpoints *out, struct err *e);
/* The one to ask now, and in *wait_ms how long not yet (0: now). */
struct endpoint *endpoints_pick(const struct endpoints *s, int64_t now_ms, int64_t *wait_ms);
void endpoint_answered(struct endpoint *p, int64_t now_ms, int64_t latency_ms);
void endpoint_failed(struct endpoint *p, int64_t now_ms, int64_t rest_ms,
                     const struct err *why); /* rest_ms 0: by itself */
/* Its head is block. A node that stands still for a minute, or is five blocks behind another, counts as failed: false. */
bool endpoint_head(const struct endpoints *s, struct endpoint *p, uint64_t block, int64_t now_ms);

#endif
