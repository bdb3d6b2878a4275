/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nobody can catch SIGKILL, and the kernel sends it when memory runs out. So a second process stands beside the dashboard and
 * waits for the end of a pipe that only davy holds: the kernel closes it whatever davy died of, before the shell hears of it.
 * The guard then brings the terminal back, unless davy did so itself. It is forked before davy has any memory worth copying,
 * never wakes up, and is in a process group of its own: ^C, ^Z and kill %1 are davy's affair. */
#include "cmd/davy.h"

#include "sink/curses.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* All signals are blocked already, SIGTTOU too: a group in the background may then change the terminal. */
static _Noreturn void stand(int line, pid_t group)
{
    char byte;
    setpgid(0, 0);
    prctl(PR_SET_NAME, "tty-guard"); /* not davy-...: pkill -9 davy means the other one */
    dup2(line, STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    while (read(STDERR_FILENO, &byte, sizeof byte) < 0 && errno == EINTR)
        ;
    curses_restore_orphan(group);
    _exit(0);
}

static pid_t fork_guard(const int line[2])
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t group = getpgrp(), pid = fork();
    if (pid == 0)
        stand(line[0], group);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return pid;
}

void guard_start(struct guard *g)
{
    int line[2];
    *g = (struct guard){.pid = -1, .line = -1};
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !curses_restore_share() || pipe2(line, O_CLOEXEC) < 0)
        return;
    g->pid = fork_guard(line);
    g->line = line[1];
    close(line[0]);
}

/* The terminal is as it was. Not asked but killed: somebody may have stopped it. */
void guard_end(struct guard *g)
{
    if (g->pid > 0) {
        kill(g->pid, SIGKILL);
        waitpid(g->pid, NULL, 0);
    }
    if (g->line >= 0)
        close(g->line);
    *g = (struct guard){.pid = -1, .line = -1};
}
