/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Children, by pidfd: no SIGCHLD, no race with a reused pid; each is reaped here and nowhere else. */
#include "loop/loop_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void child_release(struct loop_child_slot *c)
{
    loop_fd_remove(c->loop, c->pidfd);
    close(c->pidfd);
    c->pidfd = -1;
}

static void on_child(void *ctx, uint32_t events)
{
    (void)events;
    struct loop_child_slot *c = ctx;
    int status = 0;
    if (waitpid(c->pid, &status, WNOHANG) != c->pid)
        return;
    child_release(c);
    c->fn(c->ctx, c->pid, status);
}

static struct loop_child_slot *child_room(struct loop *l)
{
    for (size_t i = 0; i < l->child_count; i++)
        if (l->child[i]->pidfd < 0)
            return l->child[i];
    l->child = loop_grow(l->child, l->child_count, sizeof(struct loop_child_slot *));
    struct loop_child_slot *c = loop_grow(NULL, 0, sizeof *c);
    c->loop = l;
    c->pidfd = -1;
    l->child[l->child_count++] = c;
    return c;
}

bool loop_child(struct loop *l, pid_t pid, loop_child_fn *fn, void *ctx, struct err *e)
{
    int fd = pidfd_open(pid, 0);
    if (fd < 0)
        return err_set(e, "cannot watch process %d: %s", (int)pid, strerror(errno));
    struct loop_child_slot *c = child_room(l);
    if (!loop_fd(l, fd, EPOLLIN, on_child, c, e)) {
        close(fd);
        return false;
    }
    c->pidfd = fd;
    c->pid = pid;
    c->fn = fn;
    c->ctx = ctx;
    return true;
}

void loop_children_close(struct loop *l)
{
    for (size_t i = 0; i < l->child_count; i++) {
        if (l->child[i]->pidfd >= 0)
            child_release(l->child[i]);
        free(l->child[i]);
    }
    free(l->child);
}
