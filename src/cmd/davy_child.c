/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GRACE_MS = 1000 };

static void drop_output(struct child *c)
{
    if (c->out >= 0) {
        loop_fd_remove(c->loop, c->out);
        close(c->out);
    }
    c->out = -1;
}

static bool take(struct child *c)
{
    char much[4096];
    ssize_t got = read(c->out, much, sizeof much);
    size_t room = sizeof c->text - c->len, len = got > 0 ? (size_t)got : 0;
    len = len < room ? len : room;
    memcpy(c->text + c->len, much, len);
    c->len += len;
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

static void on_output(void *ctx, uint32_t events)
{
    (void)events;
    struct child *c = ctx;
    if (!take(c))
        drop_output(c);
}

static void on_late(void *ctx)
{
    struct child *c = ctx;
    kill(-c->pid, c->late ? SIGKILL : SIGTERM);
    c->late = true;
    loop_timer(c->loop, loop_now() + GRACE_MS, on_late, c);
}

static void on_end(void *ctx, pid_t pid, int status)
{
    struct child *c = ctx;
    size_t before = c->len + 1;
    while (c->out >= 0 && c->len < sizeof c->text && before != c->len) {
        before = c->len;
        on_output(c, 0);
    }
    drop_output(c);
    kill(-pid, SIGKILL);
    loop_timer_stop(c->loop, on_late, c);
    c->pid = 0;
    c->fn(c->ctx, c, status);
}

/* All of it fits into the pipe: nobody waits for who does not read. */
static bool input_of(struct bytes in, int *fd, struct err *e)
{
    int pipe[2];
    if (pipe2(pipe, O_CLOEXEC | O_NONBLOCK) < 0)
        return err_set(e, "no pipe can be made: %s", strerror(errno));
    bool put = in.len == 0 || write(pipe[1], in.at, in.len) == (ssize_t)in.len;
    fcntl(pipe[0], F_SETFL, 0);
    close(pipe[1]);
    *fd = pipe[0];
    if (!put)
        close(pipe[0]);
    return put || err_set(e, "what is to be said does not fit into a pipe");
}

static int spawn(struct child *c, const char *const *argv, char *const *env, int in, int out)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int wrong = posix_spawnp(&c->pid, argv[0], &files, &how, (char *const *)(uintptr_t)argv, env);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    return wrong;
}

bool child_start(struct child *c, const char *const *argv, char *const *env, struct bytes in, int64_t limit_ms,
                 struct err *e)
{
    int from, out[2];
    c->len = 0;
    c->late = false;
    if (!input_of(in, &from, e))
        return false;
    if (pipe2(out, O_CLOEXEC) < 0) {
        close(from);
        return err_set(e, "no pipe can be made: %s", strerror(errno));
    }
    int wrong = spawn(c, argv, env, from, out[1]);
    close(from);
    close(out[1]);
    c->out = out[0];
    fcntl(c->out, F_SETFL, O_NONBLOCK);
    if (wrong != 0)
        c->pid = 0;
    bool runs = wrong == 0 ? loop_child(c->loop, c->pid, on_end, c, e)
                           : err_set(e, "%.80s cannot be started: %s", argv[0], strerror(wrong));
    if (runs && loop_fd(c->loop, c->out, EPOLLIN, on_output, c, e)) {
        loop_timer(c->loop, loop_now() + limit_ms, on_late, c);
        return true;
    }
    close(c->out);
    c->out = -1;
    if (c->pid > 0)
        kill(-c->pid, SIGKILL); /* the loop reaps it, and says so to on_end(): it cannot be that one of two works */
    return false;
}

void child_stop(struct child *c)
{
    if (c->pid <= 0)
        return;
    kill(-c->pid, SIGKILL);
    drop_output(c);
    loop_timer_stop(c->loop, on_late, c);
}
