/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of `davy-node run` share: the node's agent (src/node/agent.h decides, these carry out), its files, its calls.
 *
 * Files below the workspace (node.workspace, mode 0700):
 *   jobs/ID/{manifest,state,result}.json   as the coordinator sent it; where it stands; what is reported
 *   jobs/ID/{input,work,output,logs}/      the runner's
 *   outbox/ID.json                         a report that was not taken yet
 *   dead/ID.json                           a report that never will be
 *   receipts.jsonl  node_id  lock  control/socket
 * What must survive is written aside, synced, renamed and its folder synced before the next step is made. */
#ifndef DAVY_CMD_NODE_DAEMON_H
#define DAVY_CMD_NODE_DAEMON_H

#include "cmd/node.h"

#include "loop/fetch.h"
#include "model/settings.h"
#include "node/agent.h"
#include "node/ledger.h"
#include "node/metrics.h"
#include "node/probe.h"
#include "runner/runner.h"

#include <limits.h>

enum { NODE_KEY = 512, NODE_KEYS = 8, NODE_RECENT = 20, NODE_EVENTS = 20, NODE_DAYS = 14 };
enum { NODE_CALLERS = 16, NODE_SHOT = 60 };

/* ---- node_config.c: davy.toml, allow-lists, pinned keys ---- */
struct node_config {
    struct arena a;
    char dir[PATH_MAX], file[PATH_MAX], root[PATH_MAX], status[PATH_MAX], log[PATH_MAX];
    const struct node_settings *is;
    enum job_dialect dialect;
    struct lists *lists;                      /* NULL: nothing is allowed */
    const char *const *command, *const *task; /* names that they allow, NULL at the end */
    uint8_t key[NODE_KEYS][RECEIPT_KEY];
    size_t keys;
    char bad_list[200]; /* the first list that was refused; "" */
};
struct node_options {
    const char *dir, *config, *output;
};
bool node_config_read(struct node_config *c, const struct node_options *o, struct err *e);
bool node_config_complete(const struct node_config *c, struct err *e); /* enough of it to run */
void node_config_close(struct node_config *c);

/* ---- node_secret.c ---- */
/* The key, from its file (0600), the variable or systemd's credential; the variable is taken out of the environment. */
bool node_secret(const struct node_config *c, char key[NODE_KEY], struct err *e);

/* ---- node_probe.c: looks at the machine without ever waiting for it ---- */
struct node_eye;
struct node_eye *node_eye_open(struct loop *l, struct fetcher *f, const struct node_config *c);
void node_eye_close(struct node_eye *eye);
/* fn is called from the loop when all is known, or its time is over. One look at a time: false while one is under way. */
bool node_eye_look(struct node_eye *eye, void (*fn)(void *ctx, const struct probe *p), void *ctx);
struct probe_offer node_offer(const struct node_config *c, const char *id);

/* ---- the daemon ---- */
struct node_daemon;
struct node_ask { /* a call under way */
    struct node_daemon *d;
    enum node_call call;
    int job;
    struct fetch *fetch; /* NULL: none */
    int64_t began_ms;
};
struct node_job {
    struct node_daemon *d;
    struct arena a;
    struct job job;
    json_t *report;        /* what is reported; NULL: not known yet */
    struct runner *runner; /* NULL: does not run */
    struct node_ask ask, ack;
    int64_t assigned_wall_ms, started_wall_ms, run_ms;
    char price[32]; /* of its receipt; "" */
    bool verified;
    int percent; /* -1: not told */
};
struct node_done { /* a job of before, for the screen */
    char id[JOB_ID + 1], code[24];
    const char *runner;
    char price[32];
    int64_t at_ms, took_ms;
    bool verified;
};
struct node_day {
    int64_t day_ms, micro;
    size_t jobs;
};
struct node_event {
    char text[256]; /* the line, cut */
};
struct node_daemon {
    struct loop *loop;
    struct fetcher *fetcher;
    struct cgroup_place groups;
    struct node_config config;
    struct agent agent;
    struct node_job job[AGENT_JOBS];
    struct node_ask ask[NODE_CALLS];
    struct node_eye *eye;
    struct probe probe;
    char mark[65]; /* of what was registered */
    bool looked, dirty, leaving;
    char id[JOB_NAME + 1], key[NODE_KEY], token[NODE_KEY];
    /* ledger */
    struct ledger_end end;
    int ledger_fd;
    uint64_t *paid; /* hashes of jobs and receipts that were paid: an open table */
    size_t paid_room, paid_count;
    struct node_day day[NODE_DAYS];
    size_t days;
    int64_t paid_micro, unverified_micro;
    size_t receipts, receipts_bad;
    /* what the screen shows */
    struct node_done recent[NODE_RECENT];
    size_t recents;
    struct node_event event[NODE_EVENTS];
    size_t events;
    int64_t util[NODE_SHOT];
    size_t utils;
    uint64_t log_seq;
    int log_fd, lock_fd, control_fd;
    int callers;                          /* on the control socket */
    struct metrics metrics;               /* node_count.c */
    bool counted;                         /* since they were written */
    int64_t lag_ms, keep_due_ms, beat_ms; /* of the loop; when it was to be; of the last good heartbeat, 0: none */
    struct node_share *share;             /* NULL: jobs are not shared */
    struct node_http *http;               /* NULL: not asked for, or the place is taken */
    int http_port;                        /* 0: none */
    int64_t started_ms, last_ok_ms, latency_ms, drawn_ms;
    char problem[200]; /* what the coordinator last said that was no success; "" */
};

/* node_orders.c */
void node_carry_out(struct node_daemon *d); /* what the agent has ordered so far */

/* node_run.c */
void node_pump(struct node_daemon *d); /* after every event: what the agent orders */
/* node_store.c */
bool node_store_open(struct node_daemon *d, struct err *e);
bool node_store_job(struct node_daemon *d, const char *id, struct bytes manifest, struct err *e);
bool node_store_state(struct node_daemon *d, int job, bool durable, struct err *e);
bool node_store_report(struct node_daemon *d, int job, struct err *e); /* result.json, then the outbox entry */
json_t *node_store_read(struct node_daemon *d, const char *id, const char *name); /* NULL: not there, or none */
json_t *node_store_entry(struct node_daemon *d, const char *id);
bool node_store_has_entry(const struct node_daemon *d, const char *id);
void node_store_close_job(struct node_daemon *d, const char *id); /* the entry goes, and what the job worked with */
void node_store_again(struct node_daemon *d, const char *id);     /* empties what an attempt before worked with */
void node_store_bury(struct node_daemon *d, const char *id, const char *why);
bool node_store_unbury(struct node_daemon *d, const char *id);
size_t node_store_dead(const struct node_daemon *d);
void node_store_sweep(struct node_daemon *d, int64_t now_ms);
const char *node_store_path(struct arena *a, const struct node_daemon *d, const char *id, const char *name);
void node_point(const char *name); /* dies here when the hidden variable says so: for tests of what a crash leaves */

/* node_recover.c */
void node_recover(struct node_daemon *d);
int node_recover_done(struct node_daemon *d, const char *id); /* its report again; -1: it never was here */

/* node_call.c */
void node_call(struct node_daemon *d, enum node_call call, bool minimal);
void node_report(struct node_daemon *d, int job, bool minimal);
struct bytes node_parts(struct node_daemon *d, int job, struct arena *a, const char **type); /* node_parts.c */
void node_ack(struct node_daemon *d, int job);         /* NODES_V1: that it is here */
void node_call_forget(struct node_daemon *d, int job); /* the job's answer is not wanted any more */

/* node_take.c: an assignment */
void node_take(struct node_daemon *d, struct bytes body);
bool node_take_shared(struct node_daemon *d, struct bytes body); /* false: there is nothing to do with it */

/* node_book.c: receipts */
bool node_book_open(struct node_daemon *d, struct err *e);
/* The answer to a result: its receipt is checked and written. false: the disk did not take it. */
bool node_book_keep(struct node_daemon *d, int job, struct bytes answer, struct err *e);

/* node_work.c: runs a job */
void node_work_start(struct node_daemon *d, int job);
void node_work_stop(struct node_daemon *d, int job, enum node_code code);
int64_t node_work_limit_ms(const struct node_daemon *d, const struct job *job); /* how long it may run, at most */

/* node_log.c; attrs is taken, may be NULL */
enum node_level { NODE_INFO, NODE_WARNING, NODE_ERROR };
void node_log(struct node_daemon *d, enum node_level level, const char *event, const char *job_id, json_t *attrs);
void node_log_open(struct node_daemon *d);

/* node_status.c */
json_t *node_status_json(const struct node_daemon *d);
json_t *node_status_jobs(const struct node_daemon *d);
json_t *node_beat_json(const struct node_daemon *d);
void node_status_write(struct node_daemon *d);
extern const char *const node_runner_names[];

/* node_count.c: what is counted, and the gauges of now */
void node_count_open(struct node_daemon *d);
void node_count_close(struct node_daemon *d);
void node_count_call(struct node_daemon *d, enum node_call call, int status, int64_t took_ms); /* 0: no answer */
void node_count_start(struct node_daemon *d, int job);
void node_count_job(struct node_daemon *d, int job); /* it is over */
struct bytes node_count_text(struct node_daemon *d, struct arena *a);
/* node_share.c: jobs that nodes share through Redis */
void node_share_open(struct node_daemon *d);
void node_share_close(struct node_daemon *d);
bool node_share_up(const struct node_daemon *d);
bool node_share_put(struct node_daemon *d, const char *id, struct bytes body); /* false: it is ours to do */
void node_share_done(struct node_daemon *d, const char *id);
/* node_http.c: /healthz, /livez, /readyz, /metrics where node.listen says; without, when that place is taken */
void node_http_open(struct node_daemon *d);
void node_http_close(struct node_daemon *d);

/* node_control.c */
bool node_control_open(struct node_daemon *d, struct err *e);
void node_control_close(struct node_daemon *d);

#endif
