/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happens to a dashboard: keys, signals, a terminal that stalls, goes away or changes its size, a clock that is set. */
#include "cmd/davy_dash.h"

#include "action/action.h"
#include "base/timetext.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

static void on_pause(struct dash *d)
{
    rig_hold(d->rig, d->ui.paused);
    d->stale = d->stale || !d->ui.paused;
}

/* An action reads the model: it must be of now. */
static void press(struct dash *d, int key)
{
    bool paused = d->ui.paused;
    if (d->model != NULL && d->changes != rig_changes(d->rig) && !paused)
        dash_draw(d);
    if (d->ui.mode != UI_ASK)
        arena_reset(&d->question);
    struct act act = {
        .ui = &d->ui,
        .model = d->model,
        .keymap = &d->keymap,
        .arena = &d->question,
        .dir = rig_folder(d->rig),
        .at_ms = loop_now(),
        .key = key,
    };
    if (!action_run(&act))
        return;
    d->dirty = true;
    if (!curses_mouse(d->curses, d->ui.mouse)) {
        d->ui.mouse = false;
        ui_say(&d->ui, "this terminal does not report its mouse");
    }
    if (d->ui.paused != paused)
        on_pause(d);
    dash_obey(d, act.order);
}

/* A terminal that is gone ends davy at once, also when somebody ignores SIGHUP for it: never a loop on an error. */
static void on_input(void *ctx, uint32_t events)
{
    struct dash *d = ctx;
    int key = 0;
    while (!d->stopped && (key = curses_key(d->curses)) > 0)
        press(d, key);
    d->dirty = d->dirty || curses_outdated(d->curses);
    dash_ground(d);
    if (key < 0 || (events & (EPOLLHUP | EPOLLERR)))
        dash_leave(d, DAVY_OK);
}

static void on_output(void *ctx, uint32_t events)
{
    struct dash *d = ctx;
    if (events & (EPOLLHUP | EPOLLERR)) {
        dash_leave(d, DAVY_OK);
        return;
    }
    dash_wait_for_room(d, !curses_flush(d->curses));
}

void dash_wait_for_room(struct dash *d, bool wait)
{
    if (wait != d->waits)
        loop_fd_events(d->loop, curses_output_fd(d->curses), wait ? EPOLLOUT : 0);
    d->waits = wait;
}

static void on_end(void *ctx, int signo)
{
    dash_leave(ctx, signo == SIGHUP ? DAVY_OK : 128 + signo);
}

static void on_resize(void *ctx, int signo)
{
    (void)signo;
    struct dash *d = ctx;
    if (!d->stopped && curses_resize(d->curses))
        d->dirty = true;
}

static void on_stop(void *ctx, int signo)
{
    (void)signo;
    struct dash *d = ctx;
    if (!d->stopped)
        dash_suspend(d);
}

static bool take_signals(struct dash *d, struct err *e)
{
    static const struct {
        int signo;
        loop_signal_fn *fn;
    } table[] = {
        {SIGCONT, dash_continue}, {SIGHUP, on_end},   {SIGINT, on_end},      {SIGQUIT, on_end},
        {SIGTERM, on_end},        {SIGTSTP, on_stop}, {SIGWINCH, on_resize},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (!loop_signal(d->loop, table[i].signo, table[i].fn, d, e))
            return false;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTTOU, SIG_IGN); /* putting the terminal back from the background must not stop us */
    return true;
}

static void arm_clock(const struct dash *d)
{
    struct itimerspec far = {.it_value = {.tv_sec = INT32_MAX}};
    timerfd_settime(d->clock_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &far, NULL);
}

/* The wall clock was set: every age and countdown is another one. */
static void on_clock(void *ctx, uint32_t events)
{
    (void)events;
    struct dash *d = ctx;
    uint64_t ticks;
    if (read(d->clock_fd, &ticks, sizeof ticks) < 0 && errno == EAGAIN)
        return;
    arm_clock(d);
    d->stale = d->dirty = true;
}

static bool watch_clock(struct dash *d, struct err *e)
{
    d->clock_fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (d->clock_fd < 0)
        return err_set(e, "cannot watch the clock: %s", strerror(errno));
    arm_clock(d);
    return loop_fd(d->loop, d->clock_fd, EPOLLIN, on_clock, d, e);
}

bool dash_events(struct dash *d, struct err *e)
{
    loop_after(d->loop, dash_after, d);
    return loop_fd(d->loop, curses_input_fd(d->curses), EPOLLIN, on_input, d, e) &&
           loop_fd(d->loop, curses_output_fd(d->curses), 0, on_output, d, e) && take_signals(d, e) &&
           watch_clock(d, e) && dash_repair(d, e);
}

/* Behind the first frame, which needs none of it: what happened to a file since it was read is found. */
bool dash_watch(struct dash *d, struct err *e)
{
    if (!rig_watch(d->rig, d->loop, dash_changed, d, e))
        return false;
    if (rig_polls(d->rig))
        d->stale = d->dirty = true;
    return true;
}

void dash_events_stop(struct dash *d)
{
    dash_repair_stop(d);
    if (d->curses != NULL) {
        loop_fd_remove(d->loop, curses_input_fd(d->curses));
        loop_fd_remove(d->loop, curses_output_fd(d->curses));
    }
    if (d->clock_fd >= 0) {
        loop_fd_remove(d->loop, d->clock_fd);
        close(d->clock_fd);
    }
}
