/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watches directories. Backends: libinotifytools (its globals are fenced in here), raw inotify, polling; the best that
 * works is taken, and watch_notice() says so when it is not inotify. Names that do not exist yet are the source's business:
 * it watches the nearest parent. */
#ifndef DAVY_LOOP_WATCH_H
#define DAVY_LOOP_WATCH_H

#include "base/arena.h"
#include "base/err.h"

struct watch;
enum watch_what {
    WATCH_WRITTEN,  /* name was closed after writing or moved here: a whole document */
    WATCH_MODIFIED, /* name grew or changed, writer still has it open: for streams */
    WATCH_CREATED,  /* name is new; whoever made it may not be done */
    WATCH_RIGHTS,   /* owner, mode or times of name changed; name empty: those of the watched directory */
    WATCH_GONE,     /* name was deleted or moved away */
    WATCH_DIR_GONE, /* the watched directory itself went away */
    WATCH_OVERFLOW, /* events were lost: read everything again; name and id are empty */
};
struct watch_event {
    int id;
    enum watch_what what;
    const char *name;
};

enum watch_backend { WATCH_AUTO, WATCH_INOTIFYTOOLS, WATCH_RAW, WATCH_POLL };
struct watch *watch_open(enum watch_backend wanted); /* never fails: polling always works */
void watch_close(struct watch *w);
/* Nothing is watched any more. The kernel takes some 10 ms to put a watch away and makes who closes wait for it, for each one of
 * several anew; when all of them are still before the first is closed, it is one wait. w may be NULL. */
void watch_still(struct watch *w);
int watch_fd(const struct watch *w); /* -1 when polling */
bool watch_polling(const struct watch *w);
const char *watch_notice(const struct watch *w); /* NULL, or "polling every 2 s (inotify: ...)" */
/* Returns an id >= 0, or -1 with the reason in a few words ("a network file system"): this directory cannot be watched,
 * poll it. Same dir, same id. After an overflow each directory must be added again: its watch may have been lost. */
int watch_add(struct watch *w, const char *dir, struct err *e);
void watch_remove(struct watch *w, int id);
bool watch_next(struct watch *w, struct watch_event *ev); /* call until false; name lives until the next call */

#endif
