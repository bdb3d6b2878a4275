/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command of the owner's: fixed words, the message as JSON on its standard input. */
#include "cmd/notify.h"

#include "action/spawn.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID = 2048, GRACE_MS = 500, WHY_CELLS = 160 };

struct running {
    struct notify *n;
    pid_t pid;
    int out;
    char said[SAID];
    size_t len;
    bool late; /* it was told to end */
};

static void on_late(void *ctx)
{
    struct running *r = ctx;
    kill(-r->pid, r->late ? SIGKILL : SIGTERM);
    r->late = true;
    loop_timer(r->n->loop, loop_now() + GRACE_MS, on_late, r);
}

/* What is too much is read and dropped: who writes a lot shall not wait. */
static void on_output(void *ctx, uint32_t events)
{
    (void)events;
    struct running *r = ctx;
    char much[SAID];
    ssize_t got = read(r->out, much, sizeof much);
    if (got <= 0 && !(got < 0 && errno == EAGAIN)) {
        loop_fd_remove(r->n->loop, r->out);
        return;
    }
    size_t room = SAID - r->len, take = got > 0 ? (size_t)got : 0;
    take = take < room ? take : room;
    memcpy(r->said + r->len, much, take);
    r->len += take;
}

static void on_end(void *ctx, pid_t pid, int status)
{
    struct running *r = ctx;
    struct notify_answer *answer = &r->n->answer;
    on_output(r, 0);
    kill(-pid, SIGKILL); /* what it left behind */
    bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    struct bytes said = {r->said, r->len}, line = {r->said, bytes_find(said, "\n")};
    const char *why = text_safe(&r->n->arena, bytes_trim(line), WHY_CELLS);
    answer->end = r->late ? NOTIFY_UNSURE : good ? NOTIFY_ARRIVED : NOTIFY_LATER;
    if (r->late)
        err_set(&answer->err, "%.60s was ended after %lld ms", r->n->argv[0], (long long)r->n->limit_ms);
    else if (!good)
        err_set(&answer->err, "%.60s: %s %d%s%s", r->n->argv[0], WIFEXITED(status) ? "exit" : "signal",
                WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), why[0] != '\0' ? ": " : "", why);
    loop_stop(r->n->loop, 0);
}

/* The whole message fits into the pipe: nobody waits for who does not read. */
static bool put_message(const struct notify *n, int pipe[2], struct err *e)
{
    if (pipe2(pipe, O_CLOEXEC) < 0)
        return err_set(e, "no pipe can be made: %s", strerror(errno));
    char *text = json_dumps(n->message, JSON_COMPACT | JSON_SORT_KEYS);
    size_t len = strlen(text);
    text[len++] = '\n';
    bool put = write(pipe[1], text, len) == (ssize_t)len;
    free(text);
    close(pipe[1]);
    if (!put)
        close(pipe[0]);
    return put || err_set(e, "the message cannot be handed on");
}

static char **environment(struct arena *a)
{
    unsetenv("DAVY_TELEGRAM_TOKEN");
    unsetenv("CREDENTIALS_DIRECTORY");
    return spawn_environment(a, environ);
}

static int start(struct running *r, int in, int out)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawn_file_actions_adddup2(&files, out, 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int wrong = posix_spawnp(&r->pid, r->n->argv[0], &files, &how, (char *const *)(uintptr_t)r->n->argv,
                             environment(&r->n->arena));
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    return wrong;
}

static bool begin(struct running *r, struct err *e)
{
    int in[2], out[2];
    if (!put_message(r->n, in, e))
        return false;
    if (pipe2(out, O_CLOEXEC) < 0) {
        close(in[0]);
        return err_set(e, "no pipe can be made: %s", strerror(errno));
    }
    int wrong = start(r, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    r->out = out[0];
    return wrong == 0 || err_set(e, "%.60s cannot be started: %s", r->n->argv[0], strerror(wrong));
}

void notify_exec(struct notify *n)
{
    struct running r = {.n = n, .out = -1};
    struct err *e = &n->answer.err;
    signal(SIGPIPE, SIG_IGN);
    n->answer.end = NOTIFY_REFUSED;
    if (begin(&r, e) && loop_child(n->loop, r.pid, on_end, &r, e) &&
        loop_fd(n->loop, r.out, EPOLLIN, on_output, &r, e)) {
        loop_timer(n->loop, loop_now() + n->limit_ms, on_late, &r);
        loop_run(n->loop);
    }
    if (r.out >= 0)
        close(r.out);
}
