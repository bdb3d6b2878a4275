/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part "daemon": does the miner's daemon run? Pid file + state file + /proc + /proc/net/unix, judged as rig-files.md 2.6.
 * Nothing is ever connected to or signalled. */
#ifndef DAVY_MODEL_DAEMON_H
#define DAVY_MODEL_DAEMON_H

#include "model/decode.h"
#include "model/docs.h"
#include "model/settings.h"

struct pid_doc {
    int64_t pid; /* 2.. */
    int64_t mtime_ms;
};
struct state_doc {           /* miner-state.json */
    const char *status;      /* verbatim; NULL when absent */
    int64_t daemon_pid;      /* NOT_KNOWN */
    const char *socket_path; /* NULL */
    int64_t last_task_ms;    /* NOT_KNOWN */
    int64_t tasks_processed; /* NOT_KNOWN; since process start, not today */
    int64_t uptime_s;        /* NOT_KNOWN also when the writer put an epoch there (its known bug) */
    int64_t beat_ms;         /* last write: the file's mtime, or that epoch when it is older */
};
decode_fn pid_decode, state_decode;

enum probe_state { PROBE_GONE, PROBE_ALIVE, PROBE_ZOMBIE, PROBE_HIDDEN /* cannot be read, but is there */ };
struct process { /* one pid as /proc shows it */
    int64_t pid;
    enum probe_state state;
    const char *cmdline;       /* words joined by blanks, safe; "" when hidden or zombie */
    bool is_daemon;            /* cmdline has settings.daemon_match */
    int64_t start_ms;          /* wall clock; NOT_KNOWN */
    int64_t cpu_ms, rss_bytes; /* NOT_KNOWN */
};
enum socket_state {
    SOCKET_UNKNOWN, /* no path known, or /proc/net/unix unreadable */
    SOCKET_LISTENING,
    SOCKET_STALE,    /* inode without listener */
    SOCKET_UNLINKED, /* listener without inode */
    SOCKET_ABSENT,
    SOCKET_NOT_ONE, /* a file of another kind has its place */
};
struct process_doc {                     /* what the probe saw, made by source/probe.c */
    struct process by_pidfile, by_state; /* .pid 0: not asked */
    struct process by_run;               /* the davy-run of run.json; is_daemon: it is one. .pid 0: not asked */
    enum socket_state socket;
    const char *socket_path; /* NULL */
    int64_t socket_backlog;  /* queued clients that nobody accepted */
    int64_t now_ms;
    bool proc_readable;
    const char *error; /* NULL */
};

enum daemon_state {
    DAEMON_UNKNOWN,
    DAEMON_UP,
    DAEMON_STALE,
    DAEMON_HUNG,
    DAEMON_IMPOSTOR,
    DAEMON_DOWN,
    DAEMON_STOPPED,
    DAEMON_NEVER
};
const char *daemon_state_name(enum daemon_state s); /* "UP", ... as in the JSON */

struct daemon {
    enum daemon_state state;
    int64_t pid;             /* of the daemon believed in; NOT_KNOWN */
    int64_t other_pid;       /* when pid file and state file differ; NOT_KNOWN */
    int64_t uptime_s;        /* from /proc; NOT_KNOWN */
    int64_t beat_age_ms;     /* age of the state file's last write; NOT_KNOWN */
    int64_t since_ms;        /* when this state began, as far as the facts tell; NOT_KNOWN */
    int64_t tasks_processed; /* NOT_KNOWN */
    const char *status;      /* the state file's word; NULL */
    enum socket_state socket;
    const char *socket_path;
    int64_t socket_backlog;
    int64_t cpu_ms, rss_bytes;
    bool grace;      /* within 15 s of the pid file's mtime: DOWN/STALE raise nothing yet */
    const char *why; /* the sentence with the numbers */
};
const struct daemon *daemon_at(struct arena *a, const struct docs *docs, const struct origin *origins,
                               const struct settings *s, int64_t now_ms);

#endif
