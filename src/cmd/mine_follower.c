/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The head between the jobs: davy-mine follow as a process of the service, so that nothing of the network is in the service
 * itself. */
#include "cmd/mine_follow.h"
#include "cmd/mine_service.h"
#include "cmd/mine_status.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { AGAIN_MS = 10000 };

/* What it depends on, as one text. */
static char *signature(struct arena *a, const struct mine_setup *s)
{
    const char *text = arena_text(a, "%" PRId64 " %" PRId64, s->config->netuid, s->mine->block_ms);
    for (size_t i = 0; i < s->endpoints.count; i++)
        text = arena_text(a, "%s %s", text, s->endpoints.at[i].url);
    return strdup(text);
}

static void take_lines(struct service *s)
{
    struct mine_follower *f = &s->follower;
    struct bytes rest = {f->line, f->len}, line;
    bool any = false;
    while (bytes_line(&rest, &line)) {
        json_t *o = json_read(line, "a line of follow", NULL);
        if (o)
            mine_status_head(s->status, o);
        any = any || o;
        json_decref(o);
    }
    memmove(f->line, rest.at, rest.len);
    f->len = rest.len == sizeof f->line ? 0 : rest.len;
    if (any)
        service_changed(s);
}

static void on_lines(void *ctx, uint32_t events)
{
    struct service *s = ctx;
    struct mine_follower *f = &s->follower;
    ssize_t n = read(f->out, f->line + f->len, sizeof f->line - f->len);
    if (n > 0) {
        f->len += (size_t)n;
        take_lines(s);
    } else if ((events & EPOLLHUP) && (n == 0 || errno != EINTR)) {
        loop_fd_events(s->loop, f->out, 0);
    }
}

static void start_again(void *ctx)
{
    struct service *s = ctx;
    struct arena a = {0};
    struct mine_setup setup;
    if (!s->leaving && mine_setup_read(&a, s->config, &setup, NULL))
        follower_check(s, &setup);
    arena_release(&a);
}

static void has_ended(void *ctx, pid_t pid, int status)
{
    struct service *s = ctx;
    struct mine_follower *f = &s->follower;
    (void)pid;
    (void)status;
    loop_fd_remove(s->loop, f->out);
    close(f->out);
    free(f->of);
    f->of = NULL;
    f->pid = 0;
    f->len = 0;
    if (s->leaving)
        service_end_if_idle(s);
    else
        loop_timer(s->loop, loop_now() + AGAIN_MS, start_again, s);
}

static void start(struct service *s, struct mine_setup *setup)
{
    struct mine_follower *f = &s->follower;
    int line[2];
    pid_t parent = getpid();
    struct err e;
    if (pipe2(line, O_CLOEXEC) != 0)
        return;
    f->pid = fork();
    if (f->pid == 0) {
        mine_proc_begin(parent);
        mine_endpoints_recall(&setup->endpoints, json_object_get(s->status, "endpoints"));
        _exit(mine_follow_do(setup, line[1], 0));
    }
    close(line[1]);
    f->out = line[0];
    if (f->pid > 0 && loop_child(s->loop, f->pid, has_ended, s, &e) &&
        loop_fd(s->loop, f->out, EPOLLIN, on_lines, s, &e))
        return;
    if (f->pid > 0)
        kill(f->pid, SIGKILL);
    else
        close(f->out);
    f->pid = f->pid > 0 ? f->pid : 0;
}

void follower_stop(struct service *s)
{
    if (s->follower.pid > 0)
        kill(s->follower.pid, SIGTERM);
}

void follower_check(struct service *s, struct mine_setup *setup)
{
    struct arena a = {0};
    char *wanted = signature(&a, setup);
    arena_release(&a);
    if (s->follower.pid > 0 && wanted && s->follower.of && strcmp(wanted, s->follower.of) != 0)
        loop_timer(s->loop, loop_now() + AGAIN_MS, start_again, s), follower_stop(s);
    if (s->follower.pid > 0 || s->leaving) {
        free(wanted);
        return;
    }
    s->follower.of = wanted;
    start(s, setup);
}
