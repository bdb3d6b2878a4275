/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by src/sim/coordinator*.c only. Texts of the book live in book->arena until the end. */
#ifndef DAVY_SIM_COORDINATOR_PRIVATE_H
#define DAVY_SIM_COORDINATOR_PRIVATE_H

#include "base/json.h"
#include "sim/coordinator.h"

enum coordinator_state {
    BOOK_QUEUED,
    BOOK_RUNNING,
    BOOK_COMPLETED,
    BOOK_FAILED,
    BOOK_CANCELED,
    BOOK_EXPIRED,
    BOOK_STATES
};
extern const char *const book_state_names[BOOK_STATES];

struct book_miner {
    const char *id, *capabilities, *region; /* JSON text; NULL: none */
    int64_t concurrency, inflight, heard_ms, done, failed;
    const char *status;
};
struct book_job {
    const char *id, *client;
    struct bytes payload, constraints; /* JSON as the client wrote it */
    enum coordinator_state state;
    const char *miner;                              /* whom it was given to last; NULL */
    int64_t requested_ms, expires_ms, heard_ms;     /* heard: its miner named it last, or got it */
    struct bytes result, receipt;                   /* the last ones; .at NULL: none */
    const char *error;                              /* "<code>: <message>" */
    int64_t given, results, fails, receipts, files; /* how often */
};
struct coordinator {
    struct coordinator_options o;
    struct arena arena;
    struct book_miner *miner;
    struct book_job *job;
    size_t miners, jobs, miner_room, job_room;
    int64_t submitted, signed_receipts, asked; /* counters: ids are made of them */
    bool drain;
};

/* One question on its way through the table of routes. */
struct coordinator_call {
    struct coordinator *c;
    const struct coordinator_request *r;
    struct arena *a;
    struct coordinator_answer *out;
    const json_t *body; /* NULL: none, or no JSON */
    const char *id;     /* of the path; "" */
    const char *who;    /* the miner; the client's key */
};

/* coordinator.c */
void answer_json(struct coordinator_call *k, int status, json_t *value); /* takes it */
void answer_detail(struct coordinator_call *k, int status, const char *detail);
void answer_text(struct coordinator_call *k, int status, const char *text);
struct bytes json_bytes(struct arena *a, const json_t *value);

/* coordinator_shape.c: wrong bodies, as pydantic says it */
enum shape_kind { SHAPE_OBJECT, SHAPE_WHOLE, SHAPE_TEXT };
struct shape_row {
    const char *name;
    enum shape_kind kind;
    bool required, positive, nullable;
};
/* false: answered with 422. Rows end with .name == NULL. */
bool shape_holds(struct coordinator_call *k, const struct shape_row *rows);
/* A whole number, or `absent`. */
int64_t shape_whole(const json_t *o, const char *name, int64_t absent);
/* The member as it was written; .at NULL: absent. */
struct bytes shape_raw(struct bytes object, const char *name);

/* coordinator_book.c */
struct book_miner *book_miner(struct coordinator *c, const char *id); /* NULL: not registered */
struct book_miner *book_enrol(struct coordinator *c, const char *id);
struct book_job *book_job(struct coordinator *c, const char *id); /* NULL */
struct book_job *book_add(struct coordinator *c);
struct bytes book_keep(struct coordinator *c, struct bytes text);
const char *book_keep_text(struct coordinator *c, const char *text);
void book_expire(struct coordinator *c, int64_t now_ms);
/* strict: what its miner does not name any more is queued again; whether there was any. */
bool book_expect(struct coordinator *c, const char *miner, int64_t now_ms);
struct book_job *book_next(struct coordinator *c, const struct book_miner *m); /* the oldest that m can do; NULL */
struct book_job *book_latest(struct coordinator *c, const char *miner);        /* given to it last; NULL */
const char *book_id(struct coordinator *c, struct arena *a, const char *what,
                    int64_t number); /* 32 hexadecimal digits */

/* coordinator_receipt.c: signs for a result; empty without a seed. The job's result is kept already. */
struct bytes receipt_make(struct coordinator_call *k, struct book_job *j, struct bytes result, struct bytes metrics);
struct bytes receipt_twisted(struct coordinator_call *k, struct bytes receipt);

/* coordinator_work.c: what both dialects do with the book */
bool work_enrol(struct coordinator_call *k, const char *capabilities, int64_t concurrency, const char *region);
struct book_job *work_give(struct coordinator_call *k, struct book_miner *m); /* NULL: nothing to do */
/* false: answered. strict: whether the caller may end this job now, and whether it has (again). */
bool work_may_end(struct coordinator_call *k, struct book_job *j, enum coordinator_state state, bool *again);
void work_result(struct coordinator_call *k, struct book_job *j, struct bytes result, struct bytes metrics);
void work_fail(struct coordinator_call *k, struct book_job *j, const char *code, const char *message);
void work_heard(struct coordinator_call *k, const char *miner, const json_t *jobs, int64_t inflight);

/* The routes: coordinator_miner.c, coordinator_node.c, coordinator_client.c, coordinator_admin.c */
enum route_who { ROUTE_ANYBODY, ROUTE_MINER, ROUTE_CLIENT, ROUTE_ADMIN };
struct coordinator_route {
    const char *method, *path; /* * stands for one word: the id */
    enum route_who who;
    bool strict; /* only there */
    void (*run)(struct coordinator_call *k);
};
extern const struct coordinator_route miner_routes[], node_routes[], client_routes[], admin_routes[];

#endif
