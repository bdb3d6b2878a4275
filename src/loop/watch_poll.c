/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The backend that always works because it watches nothing: it refuses every directory, which tells the sources to look
 * at their files themselves every few seconds. */
#include "loop/watch_backend.h"

static void *poll_open(int *fd, struct err *e)
{
    static const char nothing[1];
    (void)e;
    *fd = -1;
    return (void *)(uintptr_t)nothing;
}

static void poll_close(void *state)
{
    (void)state;
}

static int poll_add(void *state, const char *dir, struct err *e)
{
    (void)state;
    (void)dir;
    err_set(e, "inotify is not used");
    return -1;
}

static void poll_remove(void *state, int wd)
{
    (void)state;
    (void)wd;
}

static bool poll_next(void *state, struct watch_raw_event *event)
{
    (void)state;
    (void)event;
    return false;
}

const struct watch_backend_ops watch_poll = {
    .name = "polling",
    .open = poll_open,
    .close = poll_close,
    .add = poll_add,
    .remove = poll_remove,
    .next = poll_next,
};
