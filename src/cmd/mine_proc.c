/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_proc.h"

#include "cmd/run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GRACE_MS = 1000, RESULT_MOST = 4 << 20, BLOCK = 65536 };
#define MARK "DAVY_MINE_JOB"

/* ---- in the new process ------------------------------------------------------------------------------------------- */

static bool put_all(int fd, const char *at, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno != EINTR)
            return false;
        at += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

void mine_proc_begin(pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int signo = 1; signo < NSIG; signo++)
        signal(signo, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    if (getppid() != parent)
        _exit(1);
}

static void be_the_job(const struct mine_proc *p, const struct mine_task *task, int out, pid_t parent)
{
    mine_proc_begin(parent);
    setenv(MARK, p->mark + sizeof MARK, 1);
    json_t *result = mine_job_do(p->job, task);
    char *text = json_dumps(result, JSON_COMPACT);
    json_decref(result);
    bool told = text && put_all(out, text, strlen(text));
    free(text);
    _exit(told ? 0 : 1);
}

/* ---- in ours ------------------------------------------------------------------------------------------------------ */

static void take(struct mine_proc *p)
{
    char block[BLOCK];
    for (ssize_t n = 1; n > 0;) {
        n = read(p->out, block, sizeof block);
        if (n <= 0 || p->len + (size_t)n > RESULT_MOST)
            continue;
        char *more = realloc(p->text, p->len + (size_t)n);
        if (!more)
            return;
        memcpy(more + p->len, block, (size_t)n);
        p->text = more;
        p->len += (size_t)n;
    }
}

static void on_text(void *ctx, uint32_t events)
{
    struct mine_proc *p = ctx;
    size_t before = p->len;
    take(p);
    if ((events & EPOLLHUP) && p->len == before)
        loop_fd_events(p->loop, p->out, 0);
}

static void harder(void *ctx)
{
    struct mine_proc *p = ctx;
    run_tree_signal(p->mark, p->pid, SIGKILL);
}

static void end_it(struct mine_proc *p)
{
    run_tree_signal(p->mark, p->pid, SIGTERM);
    loop_timer(p->loop, loop_now() + GRACE_MS, harder, p);
}

static void too_late(void *ctx)
{
    struct mine_proc *p = ctx;
    p->late = true;
    end_it(p);
}

void mine_proc_stop(struct mine_proc *p)
{
    if (p->pid <= 0 || p->stopped)
        return;
    p->stopped = true;
    end_it(p);
}

static json_t *result_of(const struct mine_proc *p, int status, struct err *e)
{
    struct err odd;
    if (p->stopped)
        err_set(e, "the run of the job %s was stopped", mine_job_names[p->job]);
    else if (p->late)
        err_set(e, "the run of the job %s was ended after %" PRId64 " s: its limit", mine_job_names[p->job],
                p->limit_ms / 1000);
    else if (WIFSIGNALED(status))
        err_set(e, "the run of the job %s ended by signal %d", mine_job_names[p->job], WTERMSIG(status));
    else
        err_set(e, "the run of the job %s told no result", mine_job_names[p->job]);
    bool whole = !p->late && !p->stopped && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    json_t *result = whole ? json_read((struct bytes){p->text, p->len}, "the result of a run", &odd) : NULL;
    if (result && !json_is_object(result)) {
        json_decref(result);
        return NULL;
    }
    return result;
}

static void has_ended(void *ctx, pid_t pid, int status)
{
    struct mine_proc *p = ctx;
    struct err e;
    loop_timer_stop(p->loop, too_late, p);
    loop_timer_stop(p->loop, harder, p);
    if (p->late || p->stopped)
        run_tree_signal(p->mark, pid, SIGKILL); /* what the job itself has left behind */
    take(p);
    loop_fd_remove(p->loop, p->out);
    close(p->out);
    json_t *result = result_of(p, status, &e);
    free(p->text);
    p->pid = 0;
    p->text = NULL;
    p->len = 0;
    p->fn(p->ctx, p->job, result, result ? NULL : &e);
}

static bool attend(struct mine_proc *p, struct err *e)
{
    fcntl(p->out, F_SETFL, O_NONBLOCK);
    if (!loop_fd(p->loop, p->out, EPOLLIN, on_text, p, e))
        return false;
    if (loop_child(p->loop, p->pid, has_ended, p, e)) {
        loop_timer(p->loop, p->started_ms + p->limit_ms, too_late, p);
        return true;
    }
    loop_fd_remove(p->loop, p->out);
    return false;
}

bool mine_proc_start(struct mine_proc *p, const struct mine_task *task, struct err *e)
{
    int line[2];
    pid_t parent = getpid();
    p->started_ms = loop_now();
    p->limit_ms = task->limit_ms;
    p->late = p->stopped = false;
    snprintf(p->mark, sizeof p->mark, MARK "=%d-%s-%" PRId64, (int)parent, mine_job_names[p->job], p->started_ms);
    if (pipe2(line, O_CLOEXEC) != 0)
        return err_set(e, "no pipe for a job: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0)
        be_the_job(p, task, line[1], parent);
    close(line[1]);
    p->out = line[0];
    p->pid = pid;
    if (pid > 0 && attend(p, e))
        return true;
    if (pid < 0)
        err_set(e, "no process for a job: %s", strerror(errno));
    else
        kill(pid, SIGKILL);
    close(p->out);
    p->pid = 0;
    return false;
}
