/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /healthz, /livez, /readyz and /metrics on 127.0.0.1, by libmicrohttpd on our own loop: no thread. Few lines at a time,
 * each for a few seconds; a body is never read; nothing of a job or a key is in any answer. */
#include "cmd/node_daemon.h"

#include <arpa/inet.h>
#include <math.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { LINES = 16, IDLE_S = 5, HEAD_BYTES = 4096, LAG_MS = 5000, PORT_MOST = 65535 };

struct node_http {
    struct node_daemon *d;
    struct MHD_Daemon *daemon;
    int fd; /* its epoll */
};
struct page {
    int status;
    const char *type;
    struct bytes text;
};

/* ---- the pages ---- */

static const char *verdict(const struct node_daemon *d)
{
    bool fails = d->agent.side & (AGENT_AUTH_FAILED | AGENT_MISTAKE) || d->lag_ms > LAG_MS;
    bool good = d->agent.state == AGENT_ONLINE && d->agent.side == 0 && *d->config.bad_list == '\0';
    return fails ? "fail" : good ? "ok" : "degraded";
}

static json_t *vram_free(const struct probe *p)
{
    int64_t sum_mib = 0;
    for (size_t i = 0; i < p->gpus; i++)
        sum_mib += p->gpu[i].free_mib == NOT_KNOWN ? 0 : p->gpu[i].free_mib;
    return p->gpus ? json_integer(sum_mib) : json_null();
}

/* The names of the first design first, then what the node's status has of the same. */
static json_t *health(const struct node_daemon *d)
{
    static const char *const same[] = {"node_id", "state", "uptime_s", "problems", "slots"};
    json_t *all = node_status_json(d);
    json_t *o =
        json_pack("{ss sI sI so so ss sI so sO}", "status", verdict(d), "running",
                  (json_int_t)agent_count(&d->agent, 1U << JOB_RUNNING), "queued",
                  (json_int_t)agent_count(&d->agent, 1U << JOB_ACKED | 1U << JOB_RETRY_WAIT), "cpu_load",
                  json_from_num(d->looked ? d->probe.load[0] : (double)NAN), "vram_free", vram_free(&d->probe),
                  "version", DAVY_VERSION, "outbox",
                  (json_int_t)agent_count(&d->agent, 1U << JOB_UPLOADING | 1U << JOB_COLLECT), "disk_free_mb",
                  json_from_int(d->looked ? d->probe.disk_free_mb : NOT_KNOWN), "gpu", json_object_get(all, "gpus"));
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        json_object_set(o, same[i], json_object_get(all, same[i]));
    json_object_set_new(o, "coordinator",
                        json_pack("{sb so sb}", "reachable", d->agent.reachable, "last_ok_s",
                                  json_from_int(d->last_ok_ms ? d->last_ok_ms / 1000 : NOT_KNOWN), "registered",
                                  d->agent.registered));
    json_decref(all);
    return o;
}

static struct page give_health(struct node_daemon *d, struct arena *a)
{
    json_t *o = health(d);
    char *text = json_dumps(o, JSON_COMPACT);
    struct page p = {strcmp(verdict(d), "fail") == 0 ? 503 : 200, "application/json",
                     bytes_of(arena_text(a, "%s\n", text ? text : "{}"))};
    free(text);
    json_decref(o);
    return p;
}

static struct page give_live(struct node_daemon *d, struct arena *a)
{
    (void)d, (void)a;
    return (struct page){200, "text/plain", bytes_of("ok\n")};
}

static struct page give_ready(struct node_daemon *d, struct arena *a)
{
    (void)a;
    bool ready = d->agent.registered && agent_states[d->agent.state].polls;
    return (struct page){ready ? 200 : 503, "text/plain",
                         bytes_of(ready                 ? "ok\n"
                                  : d->agent.registered ? "takes no work\n"
                                                        : "not registered\n")};
}

static struct page give_metrics(struct node_daemon *d, struct arena *a)
{
    return (struct page){200, "text/plain; version=0.0.4; charset=utf-8", node_count_text(d, a)};
}

static struct page page_of(struct node_daemon *d, struct arena *a, const char *path, const char *method)
{
    static const struct {
        const char *path;
        struct page (*give)(struct node_daemon *d, struct arena *a);
    } pages[] = {{"/healthz", give_health}, {"/livez", give_live}, {"/readyz", give_ready}, {"/metrics", give_metrics}};
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return (struct page){405, "text/plain", bytes_of("only GET\n")};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strcmp(path, pages[i].path) == 0)
            return pages[i].give(d, a);
    return (struct page){404, "text/plain", bytes_of("/healthz, /livez, /readyz, /metrics\n")};
}

/* ---- HTTP ---- */

/* Called for the head of a question, then for its body, which is dropped. */
static enum MHD_Result on_question(void *ctx, struct MHD_Connection *line, const char *path, const char *method,
                                   const char *version, const char *data, size_t *size, void **seen)
{
    static const int marker;
    struct node_http *h = ctx;
    struct arena a = {0};
    (void)version, (void)data;
    if (!*seen || *size > 0) {
        *seen = (void *)(uintptr_t)&marker;
        *size = 0;
        return MHD_YES;
    }
    struct page p = page_of(h->d, &a, path, method);
    struct MHD_Response *r =
        MHD_create_response_from_buffer(p.text.len, (void *)(uintptr_t)p.text.at, MHD_RESPMEM_MUST_COPY);
    arena_release(&a);
    if (!r)
        return MHD_NO;
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, p.type);
    enum MHD_Result done = MHD_queue_response(line, (unsigned)p.status, r);
    MHD_destroy_response(r);
    return done;
}

static void turn(void *ctx)
{
    struct node_http *h = ctx;
    MHD_UNSIGNED_LONG_LONG wait;
    MHD_run(h->daemon);
    if (MHD_get_timeout(h->daemon, &wait) == MHD_YES)
        loop_timer(h->d->loop, loop_now() + (int64_t)wait, turn, h);
    else
        loop_timer_stop(h->d->loop, turn, h);
}

static void on_event(void *ctx, uint32_t events)
{
    (void)events;
    turn(ctx);
}

/* 127.0.0.1:PORT, and nothing that others can reach. */
static bool place(const char *text, struct sockaddr_in *out, struct err *e)
{
    struct bytes rest = bytes_of(text);
    int64_t port;
    if ((!bytes_cut(&rest, "127.0.0.1:") && !bytes_cut(&rest, "localhost:")) || !bytes_i64(rest, &port) || port < 0 ||
        port > PORT_MOST)
        return err_set(e, "node.listen: expected 127.0.0.1:PORT, or off");
    *out = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    out->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return true;
}

static bool begin(struct node_http *h, const char *where, struct err *e)
{
    struct sockaddr_in at;
    if (!place(where, &at, e))
        return false;
    h->daemon =
        MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_question, h, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
                         MHD_OPTION_CONNECTION_LIMIT, (unsigned)LINES, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(2 * HEAD_BYTES), MHD_OPTION_END);
    if (!h->daemon)
        return err_set(e, "node.listen: cannot listen on %.60s: somebody else does?", where);
    h->d->http_port = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    h->fd = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return loop_fd(h->d->loop, h->fd, EPOLLIN, on_event, h, e);
}

void node_http_open(struct node_daemon *d)
{
    const char *where = d->config.is->listen;
    struct err e;
    if (!where || strcmp(where, "off") == 0)
        return;
    struct node_http *h = d->http = calloc(1, sizeof *h);
    if (!h)
        abort();
    h->d = d;
    h->fd = -1;
    if (begin(h, where, &e))
        return;
    node_http_close(d);
    node_log(d, NODE_WARNING, "http.error", NULL, json_pack("{ss}", "why", e.text)); /* work goes on without */
}

void node_http_close(struct node_daemon *d)
{
    struct node_http *h = d->http;
    d->http = NULL;
    d->http_port = 0;
    if (!h)
        return;
    loop_timer_stop(d->loop, turn, h);
    if (h->fd >= 0)
        loop_fd_remove(d->loop, h->fd);
    if (h->daemon)
        MHD_stop_daemon(h->daemon);
    free(h);
}
