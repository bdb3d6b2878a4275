/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy stage run N TEXT -- CMD: a stage around a command, which notices nothing of it. */
#include "cmd/davy_stage.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "loop/loop.h"
#include "stagelib/davy_stage.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

enum { NOT_FOUND = 127, NOT_STARTED = 126, SIGNALLED = 128 };
extern char **environ;

struct stage_child {
    struct loop *loop;
    pid_t pid;
    int status;
};

static void ended(void *ctx, pid_t pid, int status)
{
    struct stage_child *c = ctx;
    (void)pid;
    c->status = status;
    loop_stop(c->loop, 0);
}

/* ^C and ^\ come from the terminal and reach the command by themselves. */
static void on_signal(void *ctx, int signo)
{
    struct stage_child *c = ctx;
    if (signo != SIGINT && signo != SIGQUIT)
        kill(c->pid, signo);
}

static bool take_signals(struct stage_child *c, struct err *e)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        if (!loop_signal(c->loop, signals[i], on_signal, c, e))
            return false;
    return true;
}

/* With the signal mask that davy was started with. 0, or why not. */
static int start(struct stage_child *c, char **command, const sigset_t *mask)
{
    posix_spawnattr_t attributes;
    int error = posix_spawnattr_init(&attributes);
    if (error != 0)
        return error;
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, mask);
    error = posix_spawnp(&c->pid, command[0], NULL, &attributes, command, environ);
    posix_spawnattr_destroy(&attributes);
    return error;
}

static const char *how_it_ended(struct arena *a, int status, int64_t took_ms)
{
    char took[TIME_TEXT];
    duration_short(took, took_ms);
    if (WIFSIGNALED(status))
        return arena_text(a, "killed by signal %d after %s", WTERMSIG(status), took);
    return arena_text(a, "exit status %d after %s", WEXITSTATUS(status), took);
}

static int tell_end(struct stage_job *j, int number, int status, int64_t took_ms)
{
    const char *text = how_it_ended(&j->arena, status, took_ms);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        stage_complete(number, text, j->user, j->details);
    else
        stage_failed(number, text, j->user, j->details);
    return WIFSIGNALED(status) ? SIGNALLED + WTERMSIG(status) : WEXITSTATUS(status);
}

static int tell_not_started(struct stage_job *j, int number, int error)
{
    struct err e;
    err_set(&e, "cannot start %s: %s", text_safe(&j->arena, bytes_of(j->command[0]), 80), strerror(error));
    davy_fail(&e);
    stage_failed(number, e.text, j->user, j->details);
    return error == ENOENT ? NOT_FOUND : NOT_STARTED;
}

static int around(struct stage_job *j, struct stage_child *c, int number)
{
    sigset_t mask;
    struct err e;
    int64_t began_ms = loop_now();
    sigprocmask(SIG_SETMASK, NULL, &mask);
    stage_start(number, j->word[2] != NULL ? j->word[2] : j->command[0], j->user, j->details);
    if ((c->loop = loop_open(&e)) == NULL || !take_signals(c, &e))
        return davy_fail(&e);
    int error = start(c, j->command, &mask);
    if (error != 0)
        return tell_not_started(j, number, error);
    if (!loop_child(c->loop, c->pid, ended, c, &e))
        return davy_fail(&e);
    loop_run(c->loop);
    return tell_end(j, number, c->status, loop_now() - began_ms);
}

int stage_job_run(struct stage_job *j)
{
    struct stage_child c = {.loop = NULL};
    struct err e;
    int number;
    if (!stage_job_number(j, &number, &e))
        return davy_fail(&e);
    if (!stage_job_open(j)) /* the command runs all the same: the library does nothing then */
        fputs("davy: the stage cannot be tracked\n", stderr);
    int code = around(j, &c, number);
    loop_close(c.loop);
    stage_job_close(j);
    return code;
}
