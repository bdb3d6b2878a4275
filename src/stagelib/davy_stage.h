/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libdavystage: a miner tells which stage of its work it is in, and davy shows it.
 *
 *     stage_start(1, "Fetching posts", "elonmusk", NULL);
 *     stage_complete(1, "50 posts", "elonmusk", "{\"posts\": 50}");
 *
 * Goes into miner_status.json, which any number of threads, processes and languages may share: each writer takes the lock of
 * miner_status.json.lock (flock), adds its events to what is there, and renames a new file into place, so every reader sees a
 * whole document. The last 200 events are kept, and for each stage how often it began, ended and failed and how long it took
 * the last 20 times, and the last 10 times for each of the 16 newest accounts: so what is usual outlives a run.
 *
 * A call only notes the event, in about a microsecond; a thread of the library writes it, at once when the last write is
 * longer ago than 20 ms, else together with what comes until then. The library never fails its caller, never blocks it for
 * longer than a mutex takes, never prints but one sentence (see tell) when something is wrong: a folder that cannot be
 * written to, a full disk. Events then wait in memory (the newest 200, all of them counted) and it tries again every five
 * seconds. exit() waits up to two seconds until all is written; what a process tells in its last moment before SIGKILL or
 * _exit() may be missing, unless it called stage_flush().
 *
 * A child of fork() inherits a tracker that does nothing and says so once; stage_open() in the child makes one of its own.
 * All functions may be called from any thread, but not from signal handlers. Texts are UTF-8; what is not becomes U+FFFD.
 * NULL is an empty text. Link with -ldavystage, or statically: pkg-config --static --libs davystage. */
#ifndef DAVY_STAGELIB_DAVY_STAGE_H
#define DAVY_STAGELIB_DAVY_STAGE_H

#include <stddef.h> /* NULL */

#ifdef __cplusplus
extern "C" {
#endif

#define DAVY_STAGE_API __attribute__((visibility("default")))

enum { STAGE_TABLE_MOST = 64, STAGE_TEXT_MOST = 1000, STAGE_USER_MOST = 200, STAGE_DETAILS_MOST = 4000 };

struct stage_options {
    const char *file;         /* NULL: $DAVY_STAGE_FILE, or miner_status.json where the process is when it calls */
    const char *mode;         /* "watchdog", "direct" or whatever is true; NULL: not said */
    const char *const *names; /* a stage table of your own: names[0] is stage 0; NULL: the eight of davy */
    int count;                /* of names, at most STAGE_TABLE_MOST */
    void (*tell)(void *ctx,
                 const char *sentence); /* what is wrong, once; from the library's thread. NULL: standard error */
    void *ctx;
};

struct stage_state_now {
    int number;         /* of the stage */
    const char *status; /* "running", "completed" or "failed" */
    double updated_at;  /* seconds of the epoch */
    char name[STAGE_USER_MOST + 1], message[STAGE_TEXT_MOST + 1], username[STAGE_USER_MOST + 1];
};

/* Before the first event, when the defaults do not fit; else the first event does it. 0; -1: no memory, already open, or a
 * table that is too long. */
DAVY_STAGE_API int stage_open(const struct stage_options *options);
/* number: 0 and above; what is beyond the table is called "Stage N". message: "Indexing 50 posts". username: the account it
 * is about. details: a JSON text, as "{\"posts\": 50}"; what is none is kept as a text. Too long texts are cut. */
DAVY_STAGE_API void stage_start(int number, const char *message, const char *username, const char *details);
DAVY_STAGE_API void stage_complete(int number, const char *message, const char *username, const char *details);
DAVY_STAGE_API void stage_failed(int number, const char *message, const char *username, const char *details);
/* "No stage yet", as at the start of a miner. History and durations stay: they tell what is usual. */
DAVY_STAGE_API void stage_reset(void);
/* The last event that this process told, or, when it told none, the one in the file. 1; 0: there is none. */
DAVY_STAGE_API int stage_current(struct stage_state_now *out);
/* Waits until all events are in the file, timeout_ms at most. 1; 0: not yet, or they cannot be written. */
DAVY_STAGE_API int stage_flush(int timeout_ms);
/* Writes what is left (two seconds at most) and ends the library's thread. No other thread may be in a call. */
DAVY_STAGE_API void stage_close(void);

#ifdef __cplusplus
}
#endif

#endif
