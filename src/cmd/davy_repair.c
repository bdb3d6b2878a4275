/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Somebody else wrote over the screen: wall, the kernel, a program in the background. It is drawn anew after a while in which
 * the message can be read; ^L does it at once. */
#include "cmd/davy_dash.h"

#include <sys/epoll.h>

enum { READ_MS = 5000 };

static void repair(void *ctx)
{
    struct dash *d = ctx;
    d->repairing = false;
    if (d->stopped)
        return;
    curses_repaint(d->curses);
    d->dirty = true;
}

/* The timer is not pushed back: who writes all the time would keep the screen as it is. */
static void on_others(void *ctx, uint32_t events)
{
    (void)events;
    struct dash *d = ctx;
    curses_overheard(d->curses);
    if (!d->repairing)
        loop_timer(d->loop, loop_now() + READ_MS, repair, d);
    d->repairing = true;
}

bool dash_repair(struct dash *d, struct err *e)
{
    int fd = curses_others_fd(d->curses);
    return fd < 0 || loop_fd(d->loop, fd, EPOLLIN, on_others, d, e);
}

void dash_repair_stop(struct dash *d)
{
    if (d->curses != NULL)
        loop_fd_remove(d->loop, curses_others_fd(d->curses));
}
