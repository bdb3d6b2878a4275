/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a backend of watch.c does: hand out inotify's own events of inotify's own watch descriptors. The mapping to
 * directories, and what an event means, is common to all and stands in watch.c. */
#ifndef DAVY_LOOP_WATCH_BACKEND_H
#define DAVY_LOOP_WATCH_BACKEND_H

#include "loop/watch.h"

#include <sys/inotify.h>

/* CREATE is needed for folders that appear and for links (neither is ever "closed after writing"), ATTRIB for files and
 * folders that become readable. */
enum {
    WATCH_MASK = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MODIFY | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ATTRIB |
                 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
};

struct watch_raw_event {
    int wd; /* -1: overflow */
    uint32_t mask;
    const char *name; /* "" when the event has none; lives until the next call */
};
struct watch_backend_ops {
    const char *name;
    void *(*open)(int *fd, struct err *e); /* NULL: this backend cannot work here; fd -1: polling */
    void (*close)(void *state);
    int (*add)(void *state, const char *dir, struct err *e);  /* watch descriptor, the same while it lives, or -1 */
    void (*remove)(void *state, int wd);                      /* of a directory that is still there */
    bool (*next)(void *state, struct watch_raw_event *event); /* never blocks */
};
extern const struct watch_backend_ops watch_inotifytools, watch_poll, watch_raw;

/* The same as watch_open() with a backend from elsewhere: for tests. */
struct watch *watch_open_with(const struct watch_backend_ops *ops);

#endif
