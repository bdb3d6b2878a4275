/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run of a job as a process of its own: its result comes through a pipe, and when its time is over it is ended with all that
 * it has started, first politely (SIGTERM), a second later by SIGKILL. */
#ifndef DAVY_CMD_MINE_PROC_H
#define DAVY_CMD_MINE_PROC_H

#include "cmd/mine_job.h"

/* result: what mine_job_do() told, the callee's; NULL: it told nothing, and e says why. */
typedef void mine_proc_fn(void *ctx, enum mine_job job, json_t *result, const struct err *e);
struct mine_proc {
    struct loop *loop;
    enum mine_job job;
    mine_proc_fn *fn;
    void *ctx;
    pid_t pid; /* 0: nothing runs */
    int out;
    char *text;
    size_t len;
    int64_t started_ms, limit_ms; /* CLOCK_BOOTTIME */
    bool late, stopped;
    char mark[64]; /* in the environment of all that it starts */
};
/* The task is only read in the new process. fn is called once, from the loop. */
bool mine_proc_start(struct mine_proc *p, const struct mine_task *task, struct err *e);
/* Ends it now; fn is called when it is gone. */
void mine_proc_stop(struct mine_proc *p);
/* In a new process that goes on with our code: signals as they were, an end when the parent ends, a group of its own. */
void mine_proc_begin(pid_t parent);

#endif
