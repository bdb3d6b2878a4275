/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by cmd/sim_coordinator*.c: the HTTP server around the pure coordinator. */
#ifndef DAVY_CMD_SIM_COORDINATOR_H
#define DAVY_CMD_SIM_COORDINATOR_H

#include "base/json.h"
#include "loop/loop.h"
#include "sim/coordinator.h"
#include "sim/coordinator_fault.h"
#include "sim/random.h"

#include <microhttpd.h>
#include <stdio.h>

enum { OFFICE_ENDPOINTS = 8, OFFICE_LOG = 256 };

struct office {
    struct coordinator *book;
    struct loop *loop;
    struct MHD_Daemon *http; /* NULL: refuses */
    int port;
    int journal_fd;     /* -1: nothing is kept */
    FILE *record;       /* NULL: none */
    char *log[OFFICE_LOG]; /* the last lines of the record, a ring; NULL: not yet */
    int64_t logged;
    struct fault rule[FAULT_RULES];
    size_t rules;
    struct {
        const char *name;
        int64_t asked;
    } endpoint[OFFICE_ENDPOINTS];
    struct sim_random chance;
    struct talk *talk; /* all that are open */
    int64_t refuse_ms; /* > 0: the listener has to go away for so long */
};

struct talk { /* one request */
    struct office *office;
    struct talk *next;
    struct MHD_Connection *line;
    struct arena arena;
    const char *method, *path;
    char *body;
    size_t len, room;
    const struct fault *rule; /* that was met; NULL: none */
    struct fault fault;       /* a copy of it: the rules may change */
    int64_t until_ms, at_ms;  /* until: of a waiting poll; at: wall clock of its start */
    bool delayed, asleep, waits, told;
    struct coordinator_answer answer;
    size_t sent; /* of the body, for answers that do not come at once */
    int64_t due_ms;
};

/* sim_coordinator_http.c */
bool office_open(struct office *o, struct err *e); /* listens on o->port of 127.0.0.1, 0: any, and puts it there */
void office_shut(struct office *o);
void talk_sleep(struct talk *t, int64_t for_ms);
bool office_faults(struct office *o, struct bytes lines, struct err *e); /* replaces all rules; "" for none */

/* sim_coordinator_reply.c */
enum MHD_Result talk_reply(struct talk *t);
bool talk_is(const struct talk *t, enum fault_act act);

/* sim_coordinator_form.c: a multipart body as JSON; empty: it is none. */
struct bytes talk_form(struct talk *t);

/* sim_coordinator_record.c */
bool journal_open(struct office *o, const char *path, struct err *e); /* asks again all that is in it */
bool journal_keep(struct office *o, const struct coordinator_request *r, struct err *e);
bool record_open(struct office *o, const char *path, struct err *e);
void record_put(struct talk *t);
struct bytes record_list(struct office *o, struct arena *a);

#endif
