/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state/davy/watch.json: what davy-watch says of itself with every evaluation, so that everybody else knows whether the rig
 * is watched: {"version": 1, "pid": N, "born": N, "beat": MS,
 * "saving": B, "notify": {"failing_s": N}, ...}. born is field 22 of /proc/PID/stat: a pid alone may be
 * somebody else by now. Whoever opened /proc says whether that process lives; what a file says of itself proves nothing. */
#ifndef DAVY_MODEL_WATCHER_H
#define DAVY_MODEL_WATCHER_H

#include "base/json.h"

static const int64_t WATCHER_LATE_MS = 60000;

enum watcher_state {
    WATCHER_NONE, /* no davy-watch ever ran here */
    WATCHER_RUNS,
    WATCHER_LATE, /* its process is there, but it evaluated nothing for WATCHER_LATE_MS */
    WATCHER_GONE  /* there is no such process */
};
struct watcher { /* davy-watch */
    enum watcher_state state;
    int64_t pid, born, beat_ms; /* NOT_KNOWN where state is NONE */
    bool saving;                /* the journal can be written */
    int64_t failing_s;          /* for so long no message went out; 0: they do, or there is nobody to tell */
};
/* NONE for what is no such file. lives: the process pid that was born then is there. */
struct watcher watcher_of(struct bytes text);
enum watcher_state watcher_judge(const struct watcher *w, bool lives, int64_t now_ms);
/* "watched", "watched, but no message goes out", "not watched: davy-watch is gone", ... */
const char *watcher_text(const struct watcher *w);

#endif
