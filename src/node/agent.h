/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The node as a table of states: what happened goes in, what is to be done comes out. No clock, no files, no network: the
 * caller says the time and a random number with each event, carries out the orders in their order, and asks agent_next_ms()
 * when to come back. What is durable is the caller's: an order to start comes before the state RUNNING is written, and a report
 * is sent only for a job whose outbox entry the caller has confirmed (agent_packed). */
#ifndef DAVY_NODE_AGENT_H
#define DAVY_NODE_AGENT_H

#include "node/job.h"
#include "node/react.h"

enum agent_state {
    AGENT_BOOT,
    AGENT_RECOVER,    /* jobs of the run before are being looked through */
    AGENT_CONNECTING, /* not registered */
    AGENT_ONLINE,
    AGENT_DEGRADED, /* registered, but the coordinator does not answer */
    AGENT_DRAINING, /* no new work */
    AGENT_STOPPED,
    AGENT_STATES
};
/* Beside the state, as bits. */
enum { AGENT_AUTH_FAILED = 1, AGENT_PAUSED = 2, AGENT_DISK_LOW = 4, AGENT_GPU_LOST = 8, AGENT_MISTAKE = 16 };

enum agent_job_state {
    JOB_FREE, /* the place in the table is */
    JOB_ACKED,
    JOB_PREP,
    JOB_RUNNING,
    JOB_COLLECT, /* it has ended; what is reported is being written */
    JOB_UPLOADING,
    JOB_RETRY_WAIT,
    JOB_DONE,
    JOB_FAILED,
    JOB_CANCELED,
    JOB_LOST, /* the coordinator does not want it any more */
    JOB_STATES
};
struct agent_state_row {
    const char *name, *says; /* says: the status of heartbeats */
    bool polls, works;       /* asks for work; starts what it has */
};
extern const struct agent_state_row agent_states[AGENT_STATES];
extern const char *const agent_job_states[JOB_STATES];
enum agent_job_state agent_job_state_of(const char *name); /* JOB_FREE: no such word */
bool agent_job_over(enum agent_job_state s);               /* nothing more will be done */
bool agent_job_may(enum agent_job_state from, enum agent_job_state to);

struct agent_job {
    char id[JOB_ID + 1];
    enum agent_job_state state;
    bool gpu, restartable, canceled;
    int slot;                      /* of its class; -1: none */
    int attempt, crashes;          /* starts so far; how many of them took the node down */
    enum node_code code;           /* how it ended; E_NONE: well */
    int64_t deadline_ms;           /* it has to start before */
    int64_t started_ms, due_ms;    /* of the attempt; of the next try, of running or reporting */
    uint64_t order;                /* in which they came */
    int tries, last_status;        /* of the report */
    bool asked, minimal, stopping; /* a report is under way; its body is the least; the run was told to end */
};

struct agent_options {
    int64_t heartbeat_ms, poll_ms, drain_ms;
    int64_t retry_ms; /* first pause before a job is tried again; doubles */
    int jitter_pct, cpu_slots, gpu_slots, pending_most, attempts_most;
    bool report_shutdown; /* tell the coordinator of jobs that a stop interrupts */
};

enum agent_order_kind {
    ORDER_REGISTER,
    ORDER_HEARTBEAT,
    ORDER_POLL,
    ORDER_REPORT, /* send its outbox entry */
    ORDER_START,  /* write PREP, prepare, agent_running(), write, run; or agent_ended() */
    ORDER_STOP,   /* end its run; agent_ended() comes all the same */
    ORDER_SAVE,   /* its state changed */
    ORDER_PACK,   /* write what is reported and the outbox entry, then agent_packed() */
    ORDER_CLOSE,  /* the report was taken: away with the entry, then agent_forget() */
    ORDER_DEAD,   /* the report will never be taken: keep it aside; why tells. Then as CLOSE */
    ORDER_KEY,    /* read the key again */
    ORDER_EXIT
};
struct agent_order {
    enum agent_order_kind kind;
    int job;             /* index in .job */
    bool minimal;        /* the least body */
    enum node_code code; /* of STOP */
    const char *why;     /* of DEAD: a word */
};

enum { AGENT_JOBS = 64, AGENT_ORDERS = 4 * AGENT_JOBS + 8, AGENT_REPORTS = 4, AGENT_CRASHES = 3 };
struct agent_call {
    bool busy, minimal;
    int tries; /* failures in a row */
    int64_t due_ms;
};
struct agent {
    struct agent_options is;
    enum agent_state state;
    unsigned side;
    struct agent_call call[NODE_CALLS]; /* not of REPORT: each job has its own */
    int64_t pause_until_ms, stop_ms, now_ms;
    int auth_tries;
    bool registered, reachable, drain, stop, parting; /* parting: the last heartbeat is out */
    uint32_t random;
    uint64_t orders_given;
    struct agent_job job[AGENT_JOBS];
    struct agent_order order[AGENT_ORDERS];
    int orders;
};

void agent_open(struct agent *a, const struct agent_options *o);
/* Before each event below. */
void agent_at(struct agent *a, int64_t now_ms, uint32_t random);

/* ---- events ---- */
void agent_recovering(struct agent *a);
/* A job as its files say, *found.deadline_ms in the caller's clock; has_report: what it reports was written; has_entry: also its
 * outbox entry. Returns its place, -1: the table is full, or nothing is left to do. The table of recovery is this function. */
int agent_found(struct agent *a, const struct agent_job *found, bool has_report, bool has_entry);
void agent_connect(struct agent *a); /* recovery is over */
/* A new one: id, gpu, deadline_ms and code count; with a code it is only reported. -1: known already, or no room. */
int agent_assigned(struct agent *a, const struct agent_job *job);
/* A job of before whose report is sent again: somebody asked for it. */
int agent_resend(struct agent *a, const char *id, enum node_code code);
void agent_running(struct agent *a, int job);
void agent_ended(struct agent *a, int job, enum node_code code);
void agent_packed(struct agent *a, int job, bool written); /* false: the disk did not take it: again later */
/* status 0: no answer. Of a REPORT (and only then job counts) with 2xx: after the receipt was written. */
void agent_answer(struct agent *a, enum node_call call, int job, int status, int64_t retry_after_s);
void agent_key_read(struct agent *a, bool changed);
void agent_facts_changed(struct agent *a); /* registers again */
void agent_side(struct agent *a, unsigned bit, bool on);
bool agent_cancel(struct agent *a, const char *id); /* false: no such job, or it is over */
void agent_drain(struct agent *a, bool on);
void agent_stop(struct agent *a);
void agent_tick(struct agent *a); /* what is due becomes orders */

/* ---- what comes out ---- */
bool agent_next_order(struct agent *a, struct agent_order *out); /* in turn; false: no more */
int64_t agent_next_ms(const struct agent *a);                    /* when something is due; INT64_MAX: nothing */
int agent_find(const struct agent *a, const char *id);           /* -1 */
size_t agent_count(const struct agent *a, unsigned states);      /* jobs in these: bits 1 << enum */
size_t agent_inflight(const struct agent *a);                    /* jobs that have not ended */
void agent_forget(struct agent *a, int job);                     /* its place is free */
size_t agent_slots_used(const struct agent *a, bool gpu);

#endif
