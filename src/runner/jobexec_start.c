/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/jobexec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static bool open_log(struct jobexec *w, struct capture *c, const char *name)
{
    c->most = w->l.limits.log_mb << 20;
    c->last_ms = loop_now();
    c->file = openat(w->place.logs, name, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    return c->file >= 0;
}

/* ours: the end that we read, and never wait for. */
static bool open_pipe(int *ours, int *theirs)
{
    int fd[2];
    if (pipe2(fd, O_CLOEXEC) < 0)
        return false;
    *ours = fd[0];
    *theirs = fd[1];
    return fcntl(fd[0], F_SETFL, O_NONBLOCK) == 0;
}

static bool open_params(struct jobexec *w)
{
    const char *text = w->l.params ? w->l.params : "";
    size_t len = strlen(text);
    if (!w->l.task)
        return true;
    w->answer = malloc(JOBEXEC_REPLY + 1);
    w->params = memfd_create("params", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return w->answer && w->params >= 0 && pwrite(w->params, text, len, 0) == (ssize_t)len &&
           fcntl(w->params, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0 &&
           open_pipe(&w->reply, &w->child_reply);
}

static bool open_status(struct jobexec *w)
{
    int fd[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd) < 0)
        return false;
    w->status = fd[0];
    w->child_status = fd[1];
    return fcntl(fd[0], F_SETFL, O_NONBLOCK) == 0;
}

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_childs(struct jobexec *w)
{
    int *const each[] = {&w->child_out, &w->child_err, &w->child_reply, &w->child_status,
                         &w->params,    &w->program,   &w->task};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        close_one(each[i]);
}

bool jobexec_start(struct jobexec *w)
{
    w->child_out = w->child_err = w->child_reply = w->child_status = -1;
    bool good = open_log(w, &w->out, "stdout.log") && open_log(w, &w->err, "stderr.log") &&
                open_pipe(&w->out.in, &w->child_out) && open_pipe(&w->err.in, &w->child_err) && open_params(w) &&
                open_status(w);
    w->forked_ms = loop_now();
    w->leader = good ? fork() : -1;
    if (w->leader == 0) {
        struct child_start start = {.l = &w->l,
                                    .program = w->program,
                                    .task = w->task,
                                    .out = w->child_out,
                                    .err = w->child_err,
                                    .params = w->params,
                                    .reply = w->child_reply,
                                    .status = w->child_status,
                                    .work = w->place.work};
        child_run(&start);
    }
    int why = errno;
    close_childs(w);
    if (w->leader > 0)
        return true;
    w->code = why == ENOSPC || why == EDQUOT || why == EIO ? E_DISK : E_SANDBOX;
    return err_set(&w->why, "the job cannot be started: %s", strerror(why));
}
