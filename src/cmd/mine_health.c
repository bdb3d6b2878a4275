/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /healthz and /metrics, by libmicrohttpd on our own loop: no thread. */
#include "cmd/mine_service.h"

#include "base/timetext.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { IDLE_S = 5, CLIENTS = 16, MS = 1000, OK = 200, NOT_FOUND = 404, ONLY_GET = 405, BAD = 503, PORT_MOST = 65535 };
enum { OLD_S = 300 };

struct mine_health {
    struct loop *loop;
    struct MHD_Daemon *http;
    const struct service *service;
    int fd; /* its epoll */
};

/* ---- the verdict -------------------------------------------------------------------------------------------------- */

static bool health_good(const struct service *s, struct err *why)
{
    double now = (double)wall_now() / MS, head = json_num(s->status, "block_time");
    const json_t *auction = json_object_get(json_object_get(s->status, "jobs"), mine_job_names[JOB_AUCTION]);
    const char *trouble = json_string_value(json_object_get(s->status, "error"));
    if (trouble)
        return err_set(why, "%s", trouble);
    if (!json_is_true(json_object_get(s->status, "connected")))
        return err_set(why, "the chain does not answer");
    if (!(now - head < OLD_S))
        return err_set(why, "the newest block is old");
    if (!(now - json_num(auction, "ran_at") < OLD_S))
        return err_set(why, "no auction was computed for five minutes");
    return true;
}

static int verdict(const struct service *s, const char **type, char **text)
{
    struct err why = {""};
    bool good = health_good(s, &why);
    json_t *o =
        json_pack("{sb so sO? sO?}", "ok", (int)good, "why", good ? json_null() : json_string(why.text), "block",
                  json_object_get(s->status, "block"), "missed_windows", json_object_get(s->status, "missed_windows"));
    *text = json_dumps(o, 0);
    *type = "application/json";
    json_decref(o);
    return good ? OK : BAD;
}

static int metrics(const struct service *s, const char **type, char **text)
{
    struct arena a = {0};
    *text = strdup(metrics_text(&a, s));
    *type = "text/plain; version=0.0.4";
    arena_release(&a);
    return OK;
}

/* ---- HTTP --------------------------------------------------------------------------------------------------------- */

static int answer_for(const struct service *s, const char *url, const char *method, const char **type, char **text)
{
    static const struct {
        const char *path;
        int (*give)(const struct service *s, const char **type, char **text);
    } paths[] = {{"/healthz", verdict}, {"/metrics", metrics}};
    *type = "text/plain";
    *text = strdup("");
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return ONLY_GET;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (strcmp(url, paths[i].path) == 0) {
            free(*text);
            return paths[i].give(s, type, text);
        }
    return NOT_FOUND;
}

/* Called once for the head of a question, then for its body, of which nothing is read. */
static enum MHD_Result on_question(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
                                   const char *version, const char *data, size_t *size, void **seen)
{
    static const int marker;
    const struct mine_health *h = ctx;
    const char *type;
    char *text;
    (void)version;
    (void)data;
    if (*seen == NULL) {
        *seen = (void *)(uintptr_t)&marker;
        return MHD_YES;
    }
    *size = 0;
    int status = answer_for(h->service, url, method, &type, &text);
    struct MHD_Response *r = text ? MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE) : NULL;
    if (!r)
        return MHD_NO;
    MHD_add_response_header(r, "Content-Type", type);
    enum MHD_Result done = MHD_queue_response(c, (unsigned)status, r);
    MHD_destroy_response(r);
    return done;
}

static void turn(void *ctx)
{
    struct mine_health *h = ctx;
    MHD_UNSIGNED_LONG_LONG wait;
    MHD_run(h->http);
    if (MHD_get_timeout(h->http, &wait) == MHD_YES)
        loop_timer(h->loop, loop_now() + (int64_t)wait, turn, h);
    else
        loop_timer_stop(h->loop, turn, h);
}

static void on_event(void *ctx, uint32_t events)
{
    (void)events;
    turn(ctx);
}

/* "9100" is of this machine only; "0.0.0.0:9100" and "[::]:9100" are everybody's. */
static bool address_of(const char *where, struct sockaddr_storage *out, struct err *e)
{
    char host[INET6_ADDRSTRLEN + 2] = "127.0.0.1";
    const char *colon = strrchr(where, ':'), *port = colon ? colon + 1 : where;
    size_t len = colon ? (size_t)(colon - where) : 0;
    bool six = len > 2 && where[0] == '[' && colon[-1] == ']';
    struct sockaddr_in *four_at = (struct sockaddr_in *)out;
    struct sockaddr_in6 *six_at = (struct sockaddr_in6 *)out;
    int64_t number = -1;
    if (colon && len < sizeof host)
        snprintf(host, sizeof host, "%.*s", (int)(six ? len - 2 : len), where + six);
    memset(out, 0, sizeof *out);
    out->ss_family = six ? AF_INET6 : AF_INET;
    bool good = bytes_i64(bytes_of(port), &number) && number >= 0 && number <= PORT_MOST && len < sizeof host &&
                inet_pton(out->ss_family, host, six ? (void *)&six_at->sin6_addr : (void *)&four_at->sin_addr) == 1;
    if (six)
        six_at->sin6_port = htons((uint16_t)number);
    else
        four_at->sin_port = htons((uint16_t)number);
    return good || err_set(e, "[mine] healthz must be PORT, or ADDRESS:PORT (127.0.0.1:9110, [::]:9110)");
}

struct mine_health *health_open(struct loop *l, const char *where, const struct service *s, struct err *e)
{
    struct sockaddr_storage at;
    struct mine_health *h = calloc(1, sizeof *h);
    if (!h || !address_of(where, &at, e)) {
        free(h);
        return NULL;
    }
    *h = (struct mine_health){.loop = l, .service = s};
    h->http =
        MHD_start_daemon(MHD_USE_EPOLL | (at.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0), 0, NULL, NULL, on_question, h,
                         MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CLIENTS,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = h->http ? MHD_get_daemon_info(h->http, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
    h->fd = info ? info->epoll_fd : -1;
    if (h->fd >= 0 && loop_fd(l, h->fd, EPOLLIN, on_event, h, e))
        return h;
    if (h->http)
        MHD_stop_daemon(h->http);
    free(h);
    err_set(e, "nothing can be told at %.100s: is the port taken?", where);
    return NULL;
}

void health_close(struct mine_health *h)
{
    if (!h)
        return;
    loop_fd_remove(h->loop, h->fd);
    loop_timer_stop(h->loop, turn, h);
    MHD_stop_daemon(h->http);
    free(h);
}
