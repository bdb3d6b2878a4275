/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/detach.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static unsigned next_of(const int *keep, size_t count, unsigned from)
{
    unsigned next = ~0U;
    for (size_t i = 0; i < count; i++)
        if ((unsigned)keep[i] >= from && (unsigned)keep[i] < next)
            next = (unsigned)keep[i];
    return next;
}

static void close_others(const int *keep, size_t count)
{
    for (unsigned from = 3; from != 0;) {
        unsigned next = next_of(keep, count, from);
        if (next > from)
            close_range(from, next == ~0U ? ~0U : next - 1, 0);
        from = next == ~0U ? 0 : next + 1;
    }
}

static void plain_signals(void)
{
    sigset_t none;
    struct sigaction plain = {.sa_handler = SIG_DFL};
    for (int signo = 1; signo < SIGRTMAX; signo++)
        sigaction(signo, &plain, NULL);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void detach(const int *keep, size_t count)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    setsid();
    prctl(PR_SET_NAME, "davy-runner");
    plain_signals();
    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    close_others(keep, count);
    if (chdir("/") < 0) /* so that no folder is held either */
        _exit(3);
}
