/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a rig, shared by rig.c (what it is) and rig_watch.c (how it stays fresh). */
#ifndef DAVY_SOURCE_RIG_PRIVATE_H
#define DAVY_SOURCE_RIG_PRIVATE_H

#include "source/probe.h"
#include "source/rig.h"
#include "source/source.h"
#include "source/task_finder.h"
#include "source/task_pages.h"

struct scores_of { /* what scores were made of */
    const void *history, *metrics, *settings, *budgets, *newest;
    uint64_t fed;
    int range;
    int64_t now_ms;
};
struct rig_scores {
    struct arena arena[2];
    bool live;
    const struct scores *scores;
    struct scores_of of;
};
struct rig {
    char dir[PATH_MAX];         /* absolute */
    char name[NAME_MAX + 1];    /* of the folder, raw */
    char host[256];
    const char *config;         /* --config; NULL */
    void (*check)(const struct settings *s, settings_say_fn *say, void *ctx);   /* of the options */
    void (*before_history)(void);   /* of the options */
    struct index index;         /* of the history */
    int64_t fixed_now_ms;       /* --now; NOT_KNOWN */
    enum watch_backend backend;
    int32_t local_offset_s;
    struct source source[DOC_COUNT];
    struct docs docs;
    struct auction_told told;   /* of rig_head() */
    bool has_told;
    struct probe probe;
    struct rig_scores scores;
    struct task_pages pages;
    struct task_finder finder;
    struct pieces found;        /* its own: while it searches, the pages stay */
    uint64_t page_gaps;         /* of the history, when they were read */
    uint64_t changes;
    struct watch *watch;        /* NULL until rig_watch() */
    struct loop *loop;
    loop_timer_fn *changed;
    void *ctx;
    bool held;
    int64_t fetched_ms;         /* loop clock: the last time sources were fetched */
    int64_t slow_ms;            /* loop clock: the next slow look at all files */
    int64_t sweep_ms;           /* loop clock: the next look at files, slow or not; INT64_MAX: none */
    int64_t work_ms;            /* loop clock: when the sources are fetched next; INT64_MAX: on an event */
    int64_t look_ms;            /* loop clock: the next look at the daemon's process; INT64_MAX: none */
    int64_t unsettled_ms;       /* loop clock: until then the looks are frequent */
    int pidfd;                  /* of the daemon; -1 */
    int64_t pidfd_pid;
};

int64_t rig_now(const struct rig *r);
void rig_take_events(void *rig);    /* of the watch: what they concern becomes dirty */
/* Fetches those that are dirty or due. true: models differ. */
bool rig_fetch(struct rig *r);

const struct scores *rig_scores(struct rig *r, int64_t now_ms);     /* at most ten seconds old */
void rig_scores_release(struct rig *r);
/* rig_daemon.c */
enum { RIG_SWEEP_MS = 30000 };      /* slow looks come together */
/* The loop's time when the wall clock's is a whole step, after wait at least: with the ticks of the screen. */
int64_t rig_whole(int64_t wait_ms, int64_t step_ms);
bool rig_probe(struct rig *r);
void rig_watch_daemon(struct rig *r);   /* after anything that may have changed who it is */
void rig_note_socket(struct rig *r, const char *name);  /* an event of a file with that name */
void rig_daemon_close(struct rig *r);

#endif
