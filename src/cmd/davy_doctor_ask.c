/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks another program one question: starts it without a shell, reads what it prints, and does not wait long. */
#include "cmd/davy_doctor.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { LIMIT_MS = 1000, ANSWER_MOST = 512 };

struct question {
    struct loop *loop;
    int fd; /* its standard output */
    char text[ANSWER_MOST];
    size_t len;
};

static void on_text(void *ctx, uint32_t events)
{
    (void)events;
    struct question *q = ctx;
    char rest[ANSWER_MOST];
    bool full = q->len + 1 >= sizeof q->text;
    ssize_t n = full ? read(q->fd, rest, sizeof rest) : read(q->fd, q->text + q->len, sizeof q->text - 1 - q->len);
    if (n <= 0)
        loop_fd_events(q->loop, q->fd, 0);
    else if (!full)
        q->len += (size_t)n;
}

static void on_exit(void *ctx, pid_t pid, int status)
{
    (void)pid;
    struct question *q = ctx;
    on_text(q, 0); /* what it wrote last */
    loop_stop(q->loop, status == 0);
}

static void on_limit(void *ctx)
{
    loop_stop(((struct question *)ctx)->loop, 0);
}

static pid_t start(const char *const *argv, int out)
{
    pid_t pid = -1;
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    int error = posix_spawnp(&pid, argv[0], &files, NULL, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&files);
    return error == 0 ? pid : -1;
}

static bool answered(struct question *q, pid_t pid)
{
    bool watched = loop_fd(q->loop, q->fd, EPOLLIN, on_text, q, NULL) && loop_child(q->loop, pid, on_exit, q, NULL);
    loop_timer(q->loop, loop_now() + LIMIT_MS, on_limit, q);
    bool good = watched && loop_run(q->loop) == 1;
    loop_fd_remove(q->loop, q->fd);
    if (!good)
        kill(pid, SIGKILL);
    return good;
}

const char *doctor_ask(struct arena *a, const char *const *argv)
{
    int pipe_fd[2];
    struct question q = {.loop = loop_open(NULL)};
    bool good = false;
    if (q.loop != NULL && pipe2(pipe_fd, O_CLOEXEC | O_NONBLOCK) == 0) {
        pid_t pid = start(argv, pipe_fd[1]);
        close(pipe_fd[1]);
        q.fd = pipe_fd[0];
        good = pid > 0 && answered(&q, pid);
        close(pipe_fd[0]);
    }
    loop_close(q.loop);
    return good ? arena_copy(a, bytes_trim((struct bytes){q.text, q.len})) : NULL;
}
