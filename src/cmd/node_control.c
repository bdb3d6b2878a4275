/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket: a folder of mode 0700, a line of JSON in, a line out. Only root and the node's own user are heard. */
#include "cmd/node_daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINE_MOST = 64 << 10, PATIENCE_MS = 5000 };

struct caller {
    struct node_daemon *d;
    int fd;
    size_t length;
    char line[LINE_MOST];
};

static void hang_up(struct caller *c)
{
    loop_fd_remove(c->d->loop, c->fd);
    close(c->fd);
    c->d->callers--;
    free(c);
}

static void on_slow(void *ctx)
{
    hang_up(ctx);
}

/* ---- commands ---- */

static json_t *no(const char *why)
{
    return json_pack("{sb ss}", "ok", 0, "error", why);
}

static json_t *yes(json_t *data)
{
    return json_pack("{sb so}", "ok", 1, "data", data);
}

static json_t *do_status(struct node_daemon *d, const json_t *q)
{
    (void)q;
    return yes(node_status_json(d));
}

static json_t *do_jobs(struct node_daemon *d, const json_t *q)
{
    (void)q;
    return yes(node_status_jobs(d));
}

static json_t *do_cancel(struct node_daemon *d, const json_t *q)
{
    const char *id = json_string_value(json_object_get(q, "job"));
    if (!id || !job_id_is_good(bytes_of(id)) || !agent_cancel(&d->agent, id))
        return no("no such job runs or waits here");
    node_log(d, NODE_INFO, "job.cancel_asked", id, json_pack("{ss}", "by", "operator"));
    return yes(json_string(id));
}

static json_t *do_retry(struct node_daemon *d, const json_t *q)
{
    const char *id = json_string_value(json_object_get(q, "job"));
    if (!id || !job_id_is_good(bytes_of(id)) || !node_store_unbury(d, id))
        return no("no such report among those that were given up");
    if (node_recover_done(d, id) < 0)
        return no("its result is not here any more");
    return yes(json_string(id));
}

static json_t *do_drain(struct node_daemon *d, const json_t *q)
{
    (void)q;
    agent_drain(&d->agent, true);
    return yes(json_string("draining"));
}

static json_t *do_resume(struct node_daemon *d, const json_t *q)
{
    (void)q;
    agent_drain(&d->agent, false);
    return yes(json_string("resumed"));
}

static const struct {
    const char *name;
    json_t *(*run)(struct node_daemon *d, const json_t *question);
} commands[] = {
    {"cancel", do_cancel}, {"drain", do_drain}, {"jobs", do_jobs},
    {"resume", do_resume}, {"retry", do_retry}, {"status", do_status},
};

static json_t *obey(struct node_daemon *d, struct bytes line)
{
    json_t *q = json_read(line, "the command", NULL), *answer = NULL;
    const char *name = json_string_value(json_object_get(q, "cmd"));
    agent_at(&d->agent, loop_now(), (uint32_t)wall_now());
    for (size_t i = 0; name && !answer && i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0)
            answer = commands[i].run(d, q);
    json_decref(q);
    d->dirty = true;
    return answer ? answer : no("no such command");
}

/* ---- the line ---- */

static void reply(struct caller *c, json_t *answer)
{
    char *text = json_dumps(answer, JSON_COMPACT);
    size_t n = text ? strlen(text) : 0, sent = 0;
    if (text)
        text[n] = '\n';
    fcntl(c->fd, F_SETFL, 0); /* a socket of this machine: its buffer takes it, or the time of SO_SNDTIMEO is over */
    for (ssize_t k; text && sent <= n && (k = send(c->fd, text + sent, n + 1 - sent, MSG_NOSIGNAL)) > 0;)
        sent += (size_t)k;
    free(text);
    json_decref(answer);
}

static void on_line(void *ctx, uint32_t events)
{
    struct caller *c = ctx;
    struct node_daemon *d = c->d;
    ssize_t n = read(c->fd, c->line + c->length, LINE_MOST - c->length);
    (void)events;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    c->length += n > 0 ? (size_t)n : 0;
    struct bytes rest = {c->line, c->length}, line;
    bool whole = bytes_line(&rest, &line);
    if (!whole && n > 0 && c->length < LINE_MOST)
        return;
    if (whole)
        reply(c, obey(d, line));
    loop_timer_stop(d->loop, on_slow, c);
    hang_up(c);
    node_pump(d);
}

static bool is_ours(int fd)
{
    struct ucred who;
    socklen_t n = sizeof who;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 && (who.uid == 0 || who.uid == geteuid());
}

static void on_call(void *ctx, uint32_t events)
{
    struct node_daemon *d = ctx;
    struct err e;
    (void)events;
    int fd = accept4(d->control_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    struct timeval limit = {.tv_usec = 500000};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    struct caller *c = is_ours(fd) && d->callers < NODE_CALLERS ? calloc(1, sizeof *c) : NULL;
    if (!c || !loop_fd(d->loop, fd, EPOLLIN, on_line, c, &e)) {
        free(c);
        close(fd);
        return;
    }
    c->d = d;
    c->fd = fd;
    d->callers++;
    loop_timer(d->loop, loop_now() + PATIENCE_MS, on_slow, c);
}

/* The name of a socket has 107 letters at most, a workspace's may be longer: the folder is named by its descriptor. */
bool node_control_open(struct node_daemon *d, struct err *e)
{
    char path[PATH_MAX + 16];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(path, sizeof path, "%s/control", d->config.root);
    int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder < 0)
        return err_set(e, "%.200s: %s", path, strerror(errno));
    unlinkat(folder, "socket", 0);
    snprintf(at.sun_path, sizeof at.sun_path, "/proc/self/fd/%d/socket", folder);
    d->control_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool good = d->control_fd >= 0 && bind(d->control_fd, (struct sockaddr *)&at, sizeof at) == 0 &&
                listen(d->control_fd, NODE_CALLERS) == 0;
    if (!good)
        err_set(e, "the control socket in %.180s: %s", path, strerror(errno));
    close(folder);
    return good && loop_fd(d->loop, d->control_fd, EPOLLIN, on_call, d, e);
}

void node_control_close(struct node_daemon *d)
{
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/control/socket", d->config.root);
    if (d->control_fd >= 0) {
        unlink(path);
        close(d->control_fd);
    }
}
