/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-watch, shared by its files. */
#ifndef DAVY_CMD_WATCH_H
#define DAVY_CMD_WATCH_H

#include "base/options.h"
#include "cmd/davy_post.h"
#include "model/uptime.h"
#include "source/rig.h"

enum { WATCH_OK = 0, WATCH_FAILED = 3 };

struct watch_job { /* a program of the family that a schedule started */
    struct child child;
    enum mail_run run;  /* RUNS: none */
    int64_t date;       /* for which it is made */
    int64_t again_ms;   /* CLOCK_BOOTTIME before which nothing is tried again */
    char text[8 << 10]; /* what it made, and is to be put on the disk with the date */
    bool made, checks;  /* made: text is there; checks: it is one of the checks of every few minutes */
};

struct watcher_state {
    const char *dir, *config;
    char folder[PATH_MAX]; /* the rig's */
    struct rig_options options;
    struct loop *loop;
    struct rig *rig;
    struct arena arena;
    struct office office;
    struct watch_job job;
    struct uptime uptime;
    int64_t uptime_kept_ms, checks_ms;                    /* CLOCK_BOOTTIME; checks: the next ones */
    int64_t started_ms, evaluations, born, next_ms[RUNS]; /* next_ms: wall clock; NOT_KNOWN: never */
    int64_t failed_ms;                                    /* since when nothing can be evaluated; 0: it can */
    uint64_t wrong;                                       /* of the sentence that was said last */
    int64_t ticked_ms;                                    /* CLOCK_BOOTTIME of the newest evaluation */
    int64_t watchdog_ms; /* systemd wants to hear of us at least so often; 0: it does not */
    bool leaving, broken_metrics;
};

/* watch.c: a line of words=values on standard error; value pairs, NULL at the end; values are made safe. */
void watch_say(const char *level, const char *event, ...) __attribute__((sentinel));
enum { WATCH_REST_MS = 250 };             /* between two evaluations, however fast files change */
void watch_soon(struct watcher_state *w); /* an evaluation, as soon as it has rested */
/* watch_tick.c */
void watch_tick(void *ctx);
void watch_left(struct watcher_state *w); /* ends when nothing is under way any more */
/* watch_runs.c: under the journal's lock, what the calendar wants. */
bool watch_runs(struct watcher_state *w, struct advance *v, const struct model *m, struct err *e);
/* watch_state.c */
void watch_state_open(struct watcher_state *w);
void watch_state_write(struct watcher_state *w, const struct model *m);
void watch_metrics_write(struct watcher_state *w, const struct model *m);
/* watch_clean.c: rotated logs; their number, and what went wrong in *e ("": nothing). */
size_t watch_clean(const char *log_path, int64_t days, int64_t now_ms, struct err *e);
/* watch_help.c */
void watch_help(const struct option_row *options);
void watch_manual(const struct option_row *options);

#endif
