/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/sim_chain.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { BODY = 256 << 10, CONNECTIONS = 64, IDLE_S = 60, HTTP_OK = 200, HTTP_NO_METHOD = 405, HTTP_TOO_LARGE = 413 };

struct chain_http {
    struct chain_http_setup setup;
    struct MHD_Daemon *daemon;
    struct talk *slow; /* whose answer waits */
};

struct talk { /* one POST */
    struct chain_http *http;
    char *body;
    size_t len;
    bool too_large, judged;
    enum chain_fault fault;
    struct MHD_Connection *waits;
    struct talk *next;
    int status;
    char *answer;
};

static void pump(struct chain_http *h);

static void on_time(void *ctx)
{
    pump(ctx);
}

static void pump(struct chain_http *h)
{
    MHD_UNSIGNED_LONG_LONG wait;
    MHD_run(h->daemon);
    if (MHD_get_timeout(h->daemon, &wait) == MHD_YES)
        loop_timer(h->setup.loop, loop_now() + (int64_t)wait, on_time, h);
    else
        loop_timer_stop(h->setup.loop, on_time, h);
}

static void on_ready(void *ctx, uint32_t events)
{
    (void)events;
    pump(ctx);
}

/* ---- one question ------------------------------------------------------------------------------------------------- */

static void say(struct talk *t, int status, const char *text)
{
    t->status = status;
    t->answer = strdup(text);
}

static void judge(struct talk *t, const char *path, const char *method)
{
    struct chain_http *h = t->http;
    struct bytes body = {t->body, t->len};
    if (strcmp(method, "POST") != 0)
        say(t, HTTP_NO_METHOD, "Used HTTP Method is not allowed. POST is required\n");
    else if (t->too_large)
        say(t, HTTP_TOO_LARGE, "The request is too big\n");
    if (t->answer != NULL)
        return;
    t->fault = chain_node_fault(h->setup.node, path, body);
    if (t->fault == CHAIN_429)
        say(t, 429, "Too many requests\n");
    else if (t->fault == CHAIN_500)
        say(t, 500, "Internal server error\n");
    else if (t->fault == CHAIN_HTML)
        say(t, HTTP_OK, "<html>Welcome to the hotel's network</html>\n");
    if (t->answer != NULL)
        return;
    json_t *answer = chain_node_answer(h->setup.node, body, t->fault, wall_now());
    t->status = HTTP_OK;
    t->answer = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    loop_timer(h->setup.loop, loop_now(), h->setup.after, h->setup.ctx);
}

/* Half of an answer whose length was told, and then the end. */
static ssize_t half(void *ctx, uint64_t at, char *out, size_t room)
{
    struct talk *t = ctx;
    size_t len = strlen(t->answer) / 2;
    if (at >= len)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t take = len - (size_t)at < room ? len - (size_t)at : room;
    memcpy(out, t->answer + at, take);
    return (ssize_t)take;
}

static enum MHD_Result reply(struct MHD_Connection *c, struct talk *t)
{
    size_t len = strlen(t->answer);
    struct MHD_Response *r = t->fault == CHAIN_CUT
                                 ? MHD_create_response_from_callback(len, 4096, half, t, NULL)
                                 : MHD_create_response_from_buffer(len, t->answer, MHD_RESPMEM_MUST_COPY);
    if (t->status == 429)
        MHD_add_response_header(r, "Retry-After", "1");
    MHD_add_response_header(r, "Content-Type", "application/json");
    enum MHD_Result done = MHD_queue_response(c, (unsigned)t->status, r);
    MHD_destroy_response(r);
    return done;
}

static void resume(struct talk *t)
{
    struct talk **at = &t->http->slow;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    MHD_resume_connection(t->waits);
    t->waits = NULL;
}

static void on_slow(void *ctx)
{
    struct talk *t = ctx;
    resume(t);
    pump(t->http);
}

static enum MHD_Result wait_slowly(struct MHD_Connection *c, struct talk *t)
{
    struct chain_http *h = t->http;
    t->waits = c;
    t->next = h->slow;
    h->slow = t;
    MHD_suspend_connection(c);
    loop_timer(h->setup.loop, loop_now() + h->setup.slow_ms, on_slow, t);
    return MHD_YES;
}

static void take(struct talk *t, const char *data, size_t len)
{
    t->too_large = t->too_large || len > BODY - t->len;
    char *body = t->too_large ? NULL : realloc(t->body, t->len + len + 1);
    if (body == NULL)
        return;
    memcpy(body + t->len, data, len);
    t->body = body;
    t->len += len;
    body[t->len] = 0;
}

static enum MHD_Result on_question(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
                                   const char *version, const char *data, size_t *size, void **own)
{
    (void)version;
    struct talk *t = *own;
    if (t == NULL) {
        *own = t = calloc(1, sizeof *t);
        if (t != NULL)
            t->http = ctx;
        return t != NULL ? MHD_YES : MHD_NO;
    }
    if (*size > 0) {
        take(t, data, *size);
        *size = 0;
        return MHD_YES;
    }
    bool first = !t->judged;
    t->judged = true;
    if (first)
        judge(t, url, method);
    if (t->answer == NULL)
        return MHD_NO;
    return first && t->fault == CHAIN_SLOW ? wait_slowly(c, t) : reply(c, t);
}

static void on_done(void *ctx, struct MHD_Connection *c, void **own, enum MHD_RequestTerminationCode why)
{
    (void)c, (void)why;
    struct chain_http *h = ctx;
    struct talk *t = *own;
    if (t == NULL)
        return;
    loop_timer_stop(h->setup.loop, on_slow, t);
    free(t->body);
    free(t->answer);
    free(t);
    *own = NULL;
}

/* ---- the socket --------------------------------------------------------------------------------------------------- */

int chain_http_port(const struct chain_http *h)
{
    return MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

struct chain_http *chain_http_open(const struct chain_http_setup *setup, struct err *e)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(setup->port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct chain_http *h = calloc(1, sizeof *h);
    if (h == NULL)
        abort();
    h->setup = *setup;
    h->daemon =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_question, h, MHD_OPTION_SOCK_ADDR,
                         (struct sockaddr *)&at, MHD_OPTION_NOTIFY_COMPLETED, on_done, h, MHD_OPTION_CONNECTION_LIMIT,
                         (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
    if (h->daemon == NULL) {
        free(h);
        err_set(e, "cannot listen on 127.0.0.1 port %d: --port 0 takes any", setup->port);
        return NULL;
    }
    return h;
}

bool chain_http_serve(struct chain_http *h, struct err *e)
{
    int fd = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return loop_fd(h->setup.loop, fd, EPOLLIN, on_ready, h, e);
}

void chain_http_close(struct chain_http *h)
{
    while (h->slow != NULL) {
        loop_timer_stop(h->setup.loop, on_slow, h->slow);
        resume(h->slow);
    }
    MHD_stop_daemon(h->daemon);
    free(h);
}
