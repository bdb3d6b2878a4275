/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "loop/loop.h"

#include "loop/loop_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_PER_TURN = 32 };

static int64_t clock_ms(clockid_t clock)
{
    struct timespec t = {0};
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t loop_now(void)
{
    return clock_ms(CLOCK_BOOTTIME);
}

int64_t wall_now(void)
{
    return clock_ms(CLOCK_REALTIME);
}

void *loop_grow(void *array, size_t count, size_t size)
{
    char *grown = reallocarray(array, count + 1, size);
    if (grown == NULL) {
        fputs("davy: out of memory\n", stderr);
        exit(3);
    }
    memset(grown + count * size, 0, size);
    return grown;
}

struct loop *loop_open(struct err *e)
{
    struct loop *l = loop_grow(NULL, 0, sizeof *l);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    l->signals = -1;
    l->armed_ms = INT64_MAX;
    sigemptyset(&l->taken);
    sigprocmask(SIG_SETMASK, NULL, &l->before);
    struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = UINT64_MAX}};
    if (l->epoll < 0 || l->timer < 0 || epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->timer, &event) < 0) {
        err_set(e, "cannot make an event loop: %s", strerror(errno));
        loop_close(l);
        return NULL;
    }
    return l;
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void drop_signals(struct loop *l)
{
    struct signalfd_siginfo info;
    while (l->signals >= 0 && read(l->signals, &info, sizeof info) > 0)
        ;
}

void loop_close(struct loop *l)
{
    if (l == NULL)
        return;
    loop_children_close(l);
    drop_signals(l); /* unblocked, one that came while we were leaving would end us half way */
    close_if_open(l->signals);
    close_if_open(l->timer);
    close_if_open(l->epoll);
    sigprocmask(SIG_SETMASK, &l->before, NULL);
    free(l->slot);
    free(l->timer_slot);
    free(l);
}

static struct loop_slot *slot_of(struct loop *l, int fd)
{
    for (size_t i = 0; i < l->slot_count; i++)
        if (l->slot[i].fd == fd)
            return &l->slot[i];
    return NULL;
}

static struct loop_slot *slot_free(struct loop *l)
{
    struct loop_slot *s = slot_of(l, -1);
    if (s != NULL)
        return s;
    l->slot = loop_grow(l->slot, l->slot_count, sizeof *l->slot);
    l->slot[l->slot_count].fd = -1;
    return &l->slot[l->slot_count++];
}

static struct epoll_event event_of(const struct loop *l, const struct loop_slot *s, uint32_t events)
{
    uint64_t index = (uint64_t)(s - l->slot);
    return (struct epoll_event){.events = events, .data = {.u64 = index | (uint64_t)s->generation << 32}};
}

bool loop_fd(struct loop *l, int fd, uint32_t events, loop_fd_fn *fn, void *ctx, struct err *e)
{
    struct loop_slot *s = slot_free(l);
    struct epoll_event event = event_of(l, s, events);
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        return err_set(e, "cannot wait for descriptor %d: %s", fd, strerror(errno));
    s->fd = fd;
    s->fn = fn;
    s->ctx = ctx;
    return true;
}

bool loop_fd_events(struct loop *l, int fd, uint32_t events)
{
    struct loop_slot *s = slot_of(l, fd);
    if (s == NULL)
        return false;
    struct epoll_event event = event_of(l, s, events);
    return epoll_ctl(l->epoll, EPOLL_CTL_MOD, fd, &event) == 0;
}

void loop_fd_remove(struct loop *l, int fd)
{
    struct loop_slot *s = fd < 0 ? NULL : slot_of(l, fd);
    if (s == NULL)
        return;
    epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL);
    s->fd = -1;
    s->generation++;
}

static void on_signal(void *ctx, uint32_t events)
{
    (void)events;
    struct loop *l = ctx;
    struct signalfd_siginfo info;
    while (read(l->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        struct loop_signal_slot *s = &l->signal[info.ssi_signo % LOOP_SIGNALS];
        if (s->fn != NULL)
            s->fn(s->ctx, (int)info.ssi_signo);
    }
}

bool loop_signal(struct loop *l, int signo, loop_signal_fn *fn, void *ctx, struct err *e)
{
    if (signo <= 0 || signo >= LOOP_SIGNALS)
        return err_set(e, "no signal has the number %d", signo);
    sigaddset(&l->taken, signo);
    int fd = signalfd(l->signals, &l->taken, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0)
        return err_set(e, "cannot wait for signals: %s", strerror(errno));
    bool first = l->signals < 0;
    l->signals = fd;
    l->signal[signo] = (struct loop_signal_slot){fn, ctx};
    sigprocmask(SIG_BLOCK, &l->taken, NULL);
    return !first || loop_fd(l, fd, EPOLLIN, on_signal, l, e);
}

void loop_after(struct loop *l, loop_timer_fn *fn, void *ctx)
{
    for (size_t i = 0; i < LOOP_AFTER; i++) {
        if (l->after[i].fn == NULL || (l->after[i].fn == fn && l->after[i].ctx == ctx)) {
            l->after[i] = (struct loop_callback){fn, ctx};
            return;
        }
    }
}

/* The timerfd is absolute and touched only when the earliest timer moved: an idle program makes no system call at all. */
static void arm(struct loop *l)
{
    int64_t next = loop_timers_next(l);
    if (next == l->armed_ms)
        return;
    l->armed_ms = next;
    struct itimerspec when = {0};
    if (next != INT64_MAX) {
        int64_t at = next < 1 ? 1 : next; /* zero would switch the timer off */
        when.it_value = (struct timespec){.tv_sec = at / 1000, .tv_nsec = at % 1000 * 1000000};
    }
    timerfd_settime(l->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void timer_fired(struct loop *l)
{
    uint64_t ticks;
    if (read(l->timer, &ticks, sizeof ticks) > 0)
        l->armed_ms = INT64_MAX;
}

static void dispatch(struct loop *l, const struct epoll_event *event)
{
    if (event->data.u64 == UINT64_MAX) {
        timer_fired(l);
        return;
    }
    size_t index = (size_t)(event->data.u64 & UINT32_MAX);
    const struct loop_slot *s = &l->slot[index];
    if (s->fd < 0 || s->generation != event->data.u64 >> 32)
        return;
    l->worked = true;
    s->fn(s->ctx, event->events);
}

static void run_after(struct loop *l)
{
    for (size_t i = 0; i < LOOP_AFTER && l->after[i].fn != NULL; i++)
        l->after[i].fn(l->after[i].ctx);
}

static bool turn(struct loop *l)
{
    struct epoll_event event[EVENTS_PER_TURN];
    arm(l);
    int n = epoll_wait(l->epoll, event, EVENTS_PER_TURN, -1);
    if (n < 0 && errno != EINTR)
        return false;
    l->turn++;
    l->worked = false;
    for (int i = 0; i < n && !l->stop; i++)
        dispatch(l, &event[i]);
    if (!l->stop)
        loop_timers_run(l);
    if (l->worked && !l->stop)
        run_after(l);
    return true;
}

int loop_run(struct loop *l)
{
    l->stop = false;
    l->code = 0;
    while (!l->stop)
        if (!turn(l))
            return 3;
    return l->code;
}

void loop_stop(struct loop *l, int code)
{
    l->stop = true;
    l->code = code;
}
