/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ^Z, fg and bg. */
#include "cmd/davy_dash.h"

#include <signal.h>
#include <unistd.h>

/* SIGTSTP and not SIGSTOP: where no shell could ever continue us (a session leader, a unit of systemd) the kernel ignores
 * it. false: so it was. The SIGCONT that ended the stop is taken here, so it is not told twice. */
static bool stop_here(void)
{
    sigset_t stop, proceed, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigemptyset(&proceed);
    sigaddset(&proceed, SIGCONT);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &stop, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return sigtimedwait(&proceed, NULL, &(struct timespec){0}) == SIGCONT;
}

static bool in_foreground(const struct dash *d)
{
    pid_t group = tcgetpgrp(curses_input_fd(d->curses));
    return group < 0 || group == getpgrp();
}

/* Continued: by fg, by bg (then the terminal is still the shell's: stop again), or by somebody who had stopped us. */
void dash_continue(void *ctx, int signo)
{
    (void)signo;
    struct dash *d = ctx;
    while (!in_foreground(d) && stop_here())
        ;
    d->stopped = false;
    curses_resume(d->curses);
    d->stale = d->dirty = true;
}

/* The terminal is the shell's again before the stop. */
void dash_suspend(struct dash *d)
{
    d->stopped = true;
    curses_suspend(d->curses);
    stop_here();
    dash_continue(d, SIGCONT);
}
