/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes wrong between a coordinator and its nodes, as rules of one line: `poll 2-4 status 503`, `result 10% close-after`,
 * `any all delay 300`. Which rule a request meets is pure; cmd/sim_coordinator_http.c does it. */
#ifndef DAVY_SIM_COORDINATOR_FAULT_H
#define DAVY_SIM_COORDINATOR_FAULT_H

#include "base/arena.h"
#include "base/err.h"

enum { FAULT_RULES = 64 };
enum fault_act {
    FAULT_STATUS,    /* N instead of an answer; nothing is booked */
    FAULT_LIMIT,     /* 429, Retry-After: N */
    FAULT_REDIRECT,  /* 302 to another host's name */
    FAULT_EMPTY,     /* 200, no body; nothing is booked */
    FAULT_NULL,      /* 200, null; nothing is booked */
    FAULT_REFUSE,    /* the listener is away for N ms, all connections closed */
    FAULT_BEFORE,    /* closed before the request was read */
    FAULT_AFTER,     /* booked, then closed without an answer */
    FAULT_DELAY,     /* N ms before it is booked */
    FAULT_PARTIAL,   /* booked; closed behind N bytes of the body */
    FAULT_LENGTH,    /* booked; Content-Length is wrong by N */
    FAULT_CHUNKED,   /* booked; chunks without an end */
    FAULT_GARBAGE,   /* booked; no JSON */
    FAULT_DEEP,      /* booked; N arrays in each other */
    FAULT_HUGE,      /* booked; N MiB */
    FAULT_DRIP,      /* booked; a byte each N ms */
    FAULT_DUPLICATE, /* poll: the job given out last, once more */
    FAULT_BAD_ID,    /* poll: a job with an id that is none, number N of eight */
    FAULT_UNSIGNED,  /* result: without a receipt */
    FAULT_FORGED,    /* result: a receipt whose price was changed */
    FAULT_OTHER_JOB, /* result: a receipt of another job */
    FAULTS
};
struct fault_name {
    const char *name, *number, *help; /* number: what N is; NULL: takes none */
    int64_t usual;
};
extern const struct fault_name fault_names[FAULTS];

struct fault {
    char endpoint[16];
    int64_t from, to; /* of the requests to that endpoint, from 1 */
    double share;     /* of those, 0..1 */
    enum fault_act act;
    int64_t number;
};

/* A rule from a line; false with the sentence. */
bool fault_read(struct bytes line, struct fault *out, struct err *e);
/* "register", "heartbeat", "poll", "result", "fail", "artifact", "ack", "progress"; "" for what is never disturbed. */
const char *fault_endpoint(const char *path);
/* The first rule that holds for request number `nth` there; chance 0..1. NULL: all is well. */
const struct fault *fault_pick(const struct fault *rule, size_t rules, const char *endpoint, int64_t nth,
                               double chance);

#endif
