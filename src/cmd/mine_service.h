/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine run: what its files share. */
#ifndef DAVY_CMD_MINE_SERVICE_H
#define DAVY_CMD_MINE_SERVICE_H

#include "auction/schedule.h"
#include "cmd/mine_proc.h"

enum { FOLLOW_LINE = 65536 };

struct mine_follower { /* davy-mine follow, as a process of ours */
    pid_t pid;         /* 0: none */
    int out;
    size_t len;
    char line[FOLLOW_LINE];
    char *of; /* the endpoints, netuid and block time that it was started with */
};
struct service {
    const char *config;
    struct loop *loop;
    json_t *status;
    int lock_fd, kept_fd;
    struct schedule schedule[JOB_COUNT];
    struct mine_proc proc[JOB_COUNT];
    bool again[JOB_COUNT]; /* it shall run once more, at once */
    int64_t runs[JOB_COUNT], failures[JOB_COUNT], skipped[JOB_COUNT];
    struct mine_follower follower;
    struct mine_health *health;
    char metrics[4096], healthz[256]; /* of the last good configuration; "": none */
    int64_t limit_ms;                 /* of a job: of the last good configuration */
    bool leaving;
    int code;
    char said[320]; /* what could not be written, said last */
};
/* mine_run.c */
void service_changed(struct service *s); /* status and metrics are written */
void service_end_if_idle(struct service *s);
/* mine_follower.c */
void follower_check(struct service *s, struct mine_setup *setup); /* starts it, anew when the setup is another */
void follower_stop(struct service *s);
/* mine_metrics.c: the whole text, in the arena */
const char *metrics_text(struct arena *a, const struct service *s);
/* mine_health.c: GET /healthz */
struct mine_health *health_open(struct loop *l, const char *where, const struct service *s, struct err *e);
void health_close(struct mine_health *h);

#endif
