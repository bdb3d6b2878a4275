/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of davy-run share: the supervisor of a miner's modules, the tables [modules.NAME] of davy.toml. */
#ifndef DAVY_CMD_RUN_H
#define DAVY_CMD_RUN_H

#include "base/json.h"
#include "base/options.h"
#include "loop/loop.h"

#include <limits.h>
#include <sys/types.h>

enum { RUN_OK = 0, RUN_WRONG = 3, RUN_MODULES = 16, RUN_DEATHS = 3, RUN_NAME = 48 };

/* ---- run_config.c: what davy.toml says ---- */
/* An object of objects, checked: only what the getters below read, of the right types. The caller's. */
json_t *run_config_read(const char *path, struct err *e);
struct run_how {        /* how the miner was asked to run */
    const char *direct; /* the username; NULL: watchdog */
    bool force_fresh;
};
char **run_config_argv(struct arena *a, const json_t *module, const struct run_how *how);
int64_t run_config_grace_ms(const json_t *module);
const char *run_config_user(const json_t *module); /* NULL: davy-run's own */

/* ---- run_log.c: the output of a module, whole lines with a time in front, rotated ---- */
struct run_log {
    char path[PATH_MAX];
    int fd; /* -1: cannot be written; what comes is dropped then */
    int64_t size;
    size_t length; /* of the line that is not complete yet */
    char line[8192];
};
void run_log_open(struct run_log *l, const char *dir, const char *module);
void run_log_put(struct run_log *l, const char *bytes, size_t length);
void run_log_say(struct run_log *l, const char *sentence); /* of davy-run's own */
void run_log_close(struct run_log *l);

/* ---- run_tree.c: all processes of a module, wherever they hid ---- */
/* Those with mark in their environment (double forks and setsid() keep that), and the descendants of them and of root (0:
 * none; davy-run's own: all that it ever started, but not itself). Sends signo to each (0: only counts); returns how many there were. */
size_t run_tree_signal(const char *mark, pid_t root, int signo);
uint64_t run_tree_born(pid_t pid); /* ticks since boot; 0: there is no such process */

/* ---- run_start.c ---- */
struct run_start {
    char **argv;
    const char *folder, *user, *mark;
    const json_t *env; /* NULL, or names and texts */
};
pid_t run_start(const struct run_start *s, int *out_fd, struct err *e); /* out_fd: its output, non-blocking */

/* ---- run_module.c ---- */
enum module_state { MODULE_FREE, MODULE_RUNNING, MODULE_WAITING /* to be started again */, MODULE_STOPPING };
struct run_module {
    struct supervisor *of;
    char name[RUN_NAME], mark[PATH_MAX + 64];
    json_t *config; /* NULL: free */
    enum module_state state;
    pid_t pid;                            /* 0: its first process is gone */
    int out_fd;                           /* -1 */
    int64_t started_ms, next_ms, kill_ms; /* loop clock */
    int64_t since_ms;                     /* wall clock, of the state */
    int64_t death_ms[RUN_DEATHS];         /* the newest, loop clock; 0: none */
    bool looping;                         /* three deaths in ten minutes */
    int restarts, backoff_s;
    char last_exit[64]; /* "" */
    struct run_log log;
};
void run_module_start(struct run_module *m);
void run_module_stop(struct run_module *m); /* frees the slot when nothing of it runs any more */

struct supervisor {
    struct loop *loop;
    struct arena arena;
    char dir[PATH_MAX], config[PATH_MAX], state[PATH_MAX];
    struct run_how how;
    struct run_module module[RUN_MODULES];
    json_t *wanted; /* as davy.toml says */
    bool leaving;
    int64_t clear_ms; /* end of the grace of what was left of a davy-run before */
    int lock_fd;
};
/* run.c */
void supervisor_changed(struct supervisor *s); /* state file; what is free and wanted starts */
/* run_help.c */
void run_help(const struct option_row *options);
void run_manual(const struct option_row *options);
/* run_state.c */
void run_state_write(const struct supervisor *s);                            /* state/davy/run.json */
size_t run_state_signal_old(const struct supervisor *s, int signo);          /* to processes of the davy-run before */
void run_notify(const char *text);                                           /* systemd, if it asked */
void run_say(const char *format, ...) __attribute__((format(printf, 1, 2))); /* a line on standard error */
void run_orphans(void *ctx, int signo); /* SIGCHLD: those that came to us as their subreaper */

#endif
