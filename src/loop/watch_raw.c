/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inotify(7) without a library: for when libinotifytools cannot be used (its descriptor would be too high for its
 * select(), or somebody else in this process has its globals). */
#include "loop/watch_backend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RAW_BUFFER = 64 * 1024 };

struct raw {
    int fd;
    size_t have, at;
    _Alignas(struct inotify_event) char buffer[RAW_BUFFER];
};

static void *raw_open(int *fd, struct err *e)
{
    struct raw *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (r->fd < 0) {
        err_set(e, "%s", errno == EMFILE ? "no instances or descriptors left" : strerror(errno));
        free(r);
        return NULL;
    }
    *fd = r->fd;
    return r;
}

static void raw_close(void *state)
{
    struct raw *r = state;
    close(r->fd);
    free(r);
}

static int raw_add(void *state, const char *dir, struct err *e)
{
    const struct raw *r = state;
    int wd = inotify_add_watch(r->fd, dir, WATCH_MASK);
    if (wd < 0)
        err_set(e, "%s", errno == ENOSPC ? "no inotify watches left" : strerror(errno));
    return wd;
}

static void raw_remove(void *state, int wd)
{
    const struct raw *r = state;
    inotify_rm_watch(r->fd, wd);
}

static bool raw_fill(struct raw *r)
{
    ssize_t n = read(r->fd, r->buffer, sizeof r->buffer);
    r->at = 0;
    r->have = n > 0 ? (size_t)n : 0;
    return n > 0;
}

static bool raw_next(void *state, struct watch_raw_event *event)
{
    struct raw *r = state;
    if (r->at + sizeof(struct inotify_event) > r->have && !raw_fill(r))
        return false;
    const struct inotify_event *in = (const void *)(r->buffer + r->at);
    r->at += sizeof *in + in->len;
    *event = (struct watch_raw_event){.wd = in->wd, .mask = in->mask, .name = in->len > 0 ? in->name : ""};
    return true;
}

const struct watch_backend_ops watch_raw = {
    .name = "inotify",
    .open = raw_open,
    .close = raw_close,
    .add = raw_add,
    .remove = raw_remove,
    .next = raw_next,
};
