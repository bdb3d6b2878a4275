/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What follows from an answer of the coordinator: a table of kinds of request and status codes. */
#ifndef DAVY_NODE_REACT_H
#define DAVY_NODE_REACT_H

#include "base/bytes.h"

enum node_call {
    CALL_REGISTER,
    CALL_HEARTBEAT,
    CALL_POLL,
    CALL_REPORT,
    NODE_CALLS
}; /* REPORT: result, fail, artifact */
enum node_reaction {
    REACT_DONE,
    REACT_LATER,    /* with the call's back-off */
    REACT_MINIMAL,  /* once more, with the least body that is allowed; when that was it, LATER or DEAD */
    REACT_CONFIG,   /* somebody has to change something: every 60 s, and said */
    REACT_AUTH,     /* the key is refused: read it again, 60 s then 300 s */
    REACT_REGISTER, /* the coordinator does not know us */
    REACT_PROBE,    /* a heartbeat tells what is wrong; then LATER */
    REACT_PAUSE,    /* all calls rest for Retry-After */
    REACT_SHRINK,   /* once more without what makes it large; when that was it, DEAD */
    REACT_VANISHED, /* the job is not known any more: no retry */
    REACT_CONFLICT, /* the job is over on the other side: no retry */
    REACT_DEAD      /* it will never be taken */
};

/* status 0: no answer (refused, cut, time-out, TLS). minimal: the body was already the smallest. */
enum node_reaction node_react(enum node_call call, int status, bool minimal);
/* How long all calls rest after a 429: what its Retry-After says (0: nothing, a minute), at most 300 s. */
int64_t node_pause_ms(int64_t retry_after_s);

struct node_backoff {
    int64_t least_ms, most_ms;
    int jitter_pct; /* to both sides */
};
/* The pause before try number `tries` (from 1); random is 0..65535, from the caller. */
int64_t node_backoff_ms(const struct node_backoff *b, int tries, uint32_t random);
/* An interval with its jitter. */
int64_t node_jitter_ms(int64_t interval_ms, int jitter_pct, uint32_t random);

#endif
