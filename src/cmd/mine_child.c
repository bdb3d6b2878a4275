/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_child.h"

#include "loop/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { GRACE_MS = 1000, NOT_STARTED = 127 };

struct watch_child {
    const struct mine_child *child;
    struct loop *loop;
    pid_t pid;
    int status;
    bool ended, late;
};

/* ---- in the new process ------------------------------------------------------------------------------------------- */

static void limit_it(const struct mine_child *c)
{
    const struct rlimit none = {0, 0}, most = {c->memory, c->memory};
    setrlimit(RLIMIT_CORE, &none);
    if (c->memory > 0)
        setrlimit(RLIMIT_AS, &most);
}

static void plain_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    for (int signo = 1; signo < NSIG; signo++)
        signal(signo, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Becomes the program, or tells the pipe why not. */
static void become(const struct mine_child *c, int in, int tell, pid_t parent)
{
    int out = c->quiet ? open("/dev/null", O_WRONLY | O_CLOEXEC) : STDERR_FILENO;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (c->own_group)
        setpgid(0, 0);
    plain_signals();
    limit_it(c);
    for (size_t i = 0; i < 2; i++)
        if (c->keep[i] > 0)
            fcntl(c->keep[i], F_SETFD, 0);
    bool ready = getppid() == parent && dup2(in, STDIN_FILENO) >= 0 && out >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
                 (!c->quiet || dup2(out, STDERR_FILENO) >= 0);
    if (ready)
        execvp(c->argv[0], c->argv);
    int why = errno;
    if (write(tell, &why, sizeof why) < 0)
        _exit(NOT_STARTED - 1);
    _exit(NOT_STARTED);
}

/* ---- in ours ------------------------------------------------------------------------------------------------------ */

int mine_memory_file(struct bytes content)
{
    int fd = memfd_create("davy-mine", MFD_CLOEXEC);
    size_t done = 0;
    while (fd >= 0 && done < content.len) {
        ssize_t n = write(fd, content.at + done, content.len - done);
        if (n <= 0 && errno != EINTR) {
            close(fd);
            return -1;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

/* What the program shall read: nothing that could block. */
static int input_of(struct bytes input)
{
    return input.at == NULL ? open("/dev/null", O_RDONLY | O_CLOEXEC) : mine_memory_file(input);
}

static pid_t start(const struct mine_child *c, int in, struct err *e)
{
    int line[2], why = 0;
    if (pipe2(line, O_CLOEXEC) != 0) {
        err_set(e, "no pipe: %s", strerror(errno));
        return -1;
    }
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(c, in, line[1], parent);
    close(line[1]);
    bool failed = pid < 0;
    if (pid > 0 && c->own_group)
        setpgid(pid, pid);
    ssize_t n = failed ? 0 : read(line[0], &why, sizeof why); /* until exec closes it: at once */
    close(line[0]);
    if (failed)
        err_set(e, "no process: %s", strerror(errno));
    if (n == (ssize_t)sizeof why)
        err_set(e, "%.80s cannot be started: %s", c->argv[0], strerror(why));
    return failed ? -1 : pid;
}

static void end_it(const struct watch_child *w, int signo)
{
    kill(w->child->own_group ? -w->pid : w->pid, signo);
}

static void harder(void *ctx)
{
    end_it(ctx, SIGKILL);
}

static void too_late(void *ctx)
{
    struct watch_child *w = ctx;
    w->late = true;
    end_it(w, w->child->own_group ? SIGTERM : SIGKILL);
    loop_timer(w->loop, loop_now() + GRACE_MS, harder, w);
}

static void has_ended(void *ctx, pid_t pid, int status)
{
    struct watch_child *w = ctx;
    (void)pid;
    w->status = status;
    w->ended = true;
    loop_stop(w->loop, 0);
}

static bool watch(struct watch_child *w, struct err *e)
{
    if (!loop_child(w->loop, w->pid, has_ended, w, e)) {
        end_it(w, SIGKILL);
        return false;
    }
    loop_timer(w->loop, loop_now() + w->child->limit_ms, too_late, w);
    loop_run(w->loop);
    if (w->late && w->child->own_group)
        end_it(w, SIGKILL); /* what the group has left behind */
    return w->ended;
}

bool mine_child_run(const struct mine_child *c, int *status, struct err *e)
{
    struct watch_child w = {.child = c, .loop = loop_open(e)};
    struct err why = {.text = ""};
    if (w.loop == NULL)
        return false;
    int in = input_of(c->input);
    w.pid = in >= 0 ? start(c, in, &why) : -1;
    bool ok = w.pid > 0 ? watch(&w, e) : err_set(e, "%s", in >= 0 ? why.text : "no room for a program's input");
    if (in >= 0)
        close(in);
    loop_close(w.loop);
    if (ok && why.text[0] != 0)
        return err_set(e, "%s", why.text);
    if (ok && w.late)
        return err_set(e, "%.80s was ended after %lld s: it took too long", c->argv[0],
                       (long long)(c->limit_ms / 1000));
    *status = w.status;
    return ok;
}
