/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A crash must not leave a terminal without echo. The handler puts the terminal back and lets the signal do what it would
 * have done without us (so a sanitizer still reports, and the exit status is right). */
#include "cmd/davy.h"

#include "sink/curses.h"

#include <signal.h>
#include <stdlib.h>

enum { STACK = 64 * 1024 };

static const int signals[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV};
static struct sigaction before[NSIG];

static void on_crash(int signo)
{
    curses_restore_now();
    sigaction(signo, &before[signo], NULL);
    raise(signo);
}

void davy_crash_guard(void)
{
    static char stack[STACK]; /* a stack overflow leaves no other */
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &action, &before[signals[i]]);
    atexit(curses_restore_now);
}
