/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A coordinator of jobs as a pure step: a request in, an answer out, and a book of miners and jobs between them. Dialect 1
 * answers as the deployed servers do, with their bugs: a result is taken in any state, from anybody, and paid again each time.
 * `strict` is how they should be: idempotent by job, only from whom the job was given to, cancels told in heartbeats, artifacts
 * taken, an unheard-of job given out again, waiting polls.
 *
 * The same requests at the same times make the same book, byte for byte, receipts included: who keeps those that changed it
 * (.changed) and asks them again gets it back after a crash. */
#ifndef DAVY_SIM_COORDINATOR_H
#define DAVY_SIM_COORDINATOR_H

#include "base/arena.h"

enum { COORDINATOR_SEED = 32 };

struct coordinator_options {
    bool strict;
    const char *miner_keys; /* what X-Api-Key may be, with commas between */
    const char *client_key, *admin_key;
    const uint8_t *seed; /* of Ed25519: receipts are signed with it; NULL: results get no receipt */
    int64_t lease_ms;    /* strict: a running job that its miner has not named for so long is given out again */
};

struct coordinator_request {
    int64_t now_ms;     /* Unix time */
    const char *method; /* "POST" */
    const char *path;   /* without the query */
    const char *key;    /* X-Api-Key, or behind Authorization: Bearer; "" when there is none */
    const char *miner;  /* X-Miner-ID; "" */
    struct bytes
        body; /* JSON. Of multipart: {"<field>": "<text>", ..., "files": [{name, filename, type, bytes, sha256}]} */
    const char *
        twist; /* what a fault does to the answer itself: "duplicate", "bad-id", "unsigned", "forged", "other-job"; "" */
    int64_t twist_number; /* bad-id: which one */
};

struct coordinator_answer {
    int status;
    bool text;         /* text/plain; else JSON */
    bool changed;      /* the book did: the request has to be kept before the answer leaves */
    int64_t wait_ms;   /* > 0: nothing to do yet; ask again until so much later */
    struct bytes body; /* in the arena of the call */
};

struct coordinator;
struct coordinator *coordinator_open(const struct coordinator_options *o); /* options are borrowed until the end */
void coordinator_close(struct coordinator *c);
/* a: for the answer. */
void coordinator_ask(struct coordinator *c, const struct coordinator_request *r, struct arena *a,
                     struct coordinator_answer *out);

/* What has been booked, for who watches: how many jobs are in each state. */
struct coordinator_tally {
    size_t jobs, queued, running, completed, failed, canceled, expired, receipts, miners;
};
struct coordinator_tally coordinator_tally(const struct coordinator *c);

#endif
