/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "loop/fetch.h"

#include "base/utf8.h"
#include "loop/fetch_address.h"
#include "loop/loop_private.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { LIMIT = 64 << 10, LIMIT_MS = 15000, CONNECT_MS = 5000, SLOW_BYTES = 10, SLOW_S = 10, HOST = 128 };

struct fetch {
    struct fetcher *owner;
    struct fetch *next; /* of the owner's */
    CURL *curl;
    struct curl_slist *header;
    char *url, *body;
    size_t body_len;
    char *got;
    size_t len, limit;
    bool too_much;
    bool (*part)(void *ctx, int status, struct bytes piece);
    fetch_fn *fn;
    void *ctx;
    char host[HOST], why[CURL_ERROR_SIZE];
};
struct fetcher {
    struct loop *loop;
    CURLM *multi;
    struct fetch *first;
    char *agent, *ca_file, *proxy;
};

static void *own_copy(const void *from, size_t len)
{
    char *copy = loop_grow(NULL, 0, len + 1);
    if (len > 0)
        memcpy(copy, from, len);
    return copy;
}

static char *own_text(const char *text)
{
    return text != NULL ? own_copy(text, strlen(text)) : NULL;
}

static void wipe(char *text, size_t len)
{
    if (text != NULL)
        explicit_bzero(text, len);
    free(text);
}

/* ---- the loop's side ---- */

static void finish_all(struct fetcher *f);

static void act(struct fetcher *f, curl_socket_t fd, int what)
{
    int running;
    curl_multi_socket_action(f->multi, fd, what, &running);
    finish_all(f);
}

struct watched { /* a socket of curl's */
    struct fetcher *fetcher;
    int fd;
};

static void on_socket(void *ctx, uint32_t events)
{
    const struct watched w = *(struct watched *)ctx; /* it may be gone after the next line */
    int what = (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
               (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    act(w.fetcher, w.fd, what);
}

static uint32_t wanted(int what)
{
    return (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) | (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0);
}

static int watch_socket(CURL *curl, curl_socket_t fd, int what, void *ctx, void *old)
{
    (void)curl;
    struct fetcher *f = ctx;
    struct watched *w = old;
    if (what == CURL_POLL_REMOVE) {
        loop_fd_remove(f->loop, fd);
        free(w);
        return 0;
    }
    if (w != NULL)
        return loop_fd_events(f->loop, fd, wanted(what)) ? 0 : -1;
    w = loop_grow(NULL, 0, sizeof *w);
    *w = (struct watched){f, fd};
    curl_multi_assign(f->multi, fd, w);
    return loop_fd(f->loop, fd, wanted(what), on_socket, w, NULL) ? 0 : -1;
}

static void on_timer(void *ctx)
{
    act(ctx, CURL_SOCKET_TIMEOUT, 0);
}

static int set_timer(CURLM *multi, long after_ms, void *ctx)
{
    (void)multi;
    struct fetcher *f = ctx;
    if (after_ms < 0)
        loop_timer_stop(f->loop, on_timer, f);
    else
        loop_timer(f->loop, loop_now() + after_ms, on_timer, f);
    return 0;
}

/* ---- an answer ---- */

static size_t hand_on(struct fetch *t, const char *at, size_t len)
{
    long status = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    t->len += len;
    return t->part(t->ctx, (int)status, (struct bytes){at, len}) ? len : 0;
}

static size_t take(char *at, size_t size, size_t count, void *ctx)
{
    struct fetch *t = ctx;
    size_t len = size * count;
    if (len > t->limit - t->len) {
        t->too_much = true;
        return 0; /* which ends it */
    }
    if (t->part != NULL)
        return hand_on(t, at, len);
    char *got = realloc(t->got, t->len + len + 1);
    if (got == NULL)
        return 0;
    t->got = got;
    memcpy(got + t->len, at, len);
    t->len += len;
    got[t->len] = '\0';
    return len;
}

/* Of what curl tells in detail only what cannot hold the address: names, ports, certificates. */
static bool tells_detail(CURLcode code)
{
    return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR ||
           code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
}

static void say(const struct fetch *t, CURLcode code, struct err *e)
{
    struct arena a = {0};
    bool detail = tells_detail(code) && t->why[0] != '\0';
    const char *why = detail ? text_safe(&a, bytes_of(t->why), 160) : curl_easy_strerror(code);
    if (t->too_much)
        err_set(e, "%s: the answer is larger than %zu bytes", t->host, t->limit);
    else
        err_set(e, "%s: %s", t->host, why);
    arena_release(&a);
}

/* Whether the other side may have had all of it: everything that can fail before a byte of HTTP is gone says so. */
static bool was_sent(const struct fetch *t, CURLcode code)
{
    curl_off_t ready = 0;
    curl_easy_getinfo(t->curl, CURLINFO_PRETRANSFER_TIME_T, &ready);
    return code == CURLE_OK || ready > 0;
}

static void answer_of(struct fetch *t, CURLcode code, struct fetch_answer *out)
{
    long status = 0;
    curl_off_t retry = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &retry);
    *out = (struct fetch_answer){.arrived = code == CURLE_OK && status > 0, .sent = was_sent(t, code)};
    out->status = (int)status;
    out->retry_after_s = retry;
    out->body = t->got != NULL ? (struct bytes){t->got, t->len} : (struct bytes){"", 0};
    curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL, &out->redirect);
    if (!out->arrived)
        say(t, code != CURLE_OK ? code : CURLE_GOT_NOTHING, &out->err);
}

static void release(struct fetch *t)
{
    curl_multi_remove_handle(t->owner->multi, t->curl);
    curl_easy_cleanup(t->curl);
    for (struct curl_slist *h = t->header; h != NULL; h = h->next)
        explicit_bzero(h->data, strlen(h->data));
    curl_slist_free_all(t->header);
    wipe(t->url, strlen(t->url));
    wipe(t->body, t->body_len);
    wipe(t->got, t->got != NULL ? t->len : 0);
    free(t);
}

static void unlink_fetch(struct fetch *t)
{
    struct fetch **at = &t->owner->first;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
}

static void finish(struct fetch *t, CURLcode code)
{
    struct fetch_answer answer;
    answer_of(t, code, &answer);
    unlink_fetch(t);
    t->fn(t->ctx, &answer);
    release(t);
}

/* A callback may start or cancel others: what curl tells is taken one by one. */
static void finish_all(struct fetcher *f)
{
    CURLMsg *m;
    int left;
    while ((m = curl_multi_info_read(f->multi, &left)) != NULL) {
        struct fetch *t = NULL;
        if (m->msg != CURLMSG_DONE)
            continue;
        CURLcode code = m->data.result;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
        finish(t, code);
    }
}

/* ---- a question ---- */

static bool is_here(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 || strncmp(host, "127.", 4) == 0;
}

static bool known_scheme(const char *scheme, bool plain, const char *host)
{
    return strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && (plain || is_here(host)));
}

/* host for sentences, or the sentence why this address is not asked. */
static bool check_url(const struct fetch_request *r, char host[HOST], struct err *e)
{
    CURLU *u = curl_url();
    char *scheme = NULL, *name = NULL, *port = NULL;
    bool good = u != NULL && curl_url_set(u, CURLUPART_URL, r->url, 0) == CURLUE_OK &&
                curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                curl_url_get(u, CURLUPART_HOST, &name, 0) == CURLUE_OK;
    if (!good)
        err_set(e, "this is no address that can be asked: expected https://HOST/...");
    else if (!(good = known_scheme(scheme, r->plain, name)))
        err_set(e, "%.120s: only https:// is asked (http:// on this machine only)", name);
    else if (curl_url_get(u, CURLUPART_PORT, &port, 0) == CURLUE_OK)
        snprintf(host, HOST, "%.110s:%.10s", name, port);
    else
        snprintf(host, HOST, "%.120s", name);
    curl_free(scheme);
    curl_free(name);
    curl_free(port);
    curl_url_cleanup(u);
    return good;
}

static void set_limits(CURL *c, const struct fetch_request *r)
{
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L); /* a name server that hangs does not hold up the exit */
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(r->limit_ms > 0 ? r->limit_ms : LIMIT_MS));
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)(r->connect_limit_ms > 0 ? r->connect_limit_ms : CONNECT_MS));
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, r->patient ? 0L : (long)SLOW_BYTES);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, r->patient ? 0L : (long)SLOW_S);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, r->redirects > 0 ? 1L : 0L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)r->redirects);
}

static void set_trust(CURL *c, const struct fetcher *f, const char *url)
{
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, strncasecmp(url, "https:", 6) == 0 ? "https" : "http");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c, CURLOPT_PROXY, f->proxy != NULL ? f->proxy : "");
    curl_easy_setopt(c, CURLOPT_USERAGENT, f->agent);
    if (f->ca_file != NULL)
        curl_easy_setopt(c, CURLOPT_CAINFO, f->ca_file);
}

/* Asked of the address that is really connected to: a name that resolves to something else the second time gains nothing. */
static curl_socket_t open_public(void *ctx, curlsocktype what, struct curl_sockaddr *to)
{
    (void)ctx;
    (void)what;
    if (!fetch_is_public(&to->addr))
        return CURL_SOCKET_BAD;
    return socket(to->family, to->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to->protocol);
}

static void set_question(struct fetch *t, const struct fetch_request *r)
{
    for (const char *const *h = r->header; h != NULL && *h != NULL; h++)
        t->header = curl_slist_append(t->header, *h);
    if (r->public_only)
        curl_easy_setopt(t->curl, CURLOPT_OPENSOCKETFUNCTION, open_public);
    curl_easy_setopt(t->curl, CURLOPT_URL, t->url);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->header);
    if (t->body != NULL) {
        curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body_len);
        curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, t->body);
    }
    if (r->method != NULL && strcmp(r->method, t->body != NULL ? "POST" : "GET") != 0)
        curl_easy_setopt(t->curl, CURLOPT_CUSTOMREQUEST, r->method);
}

static void set_answer(struct fetch *t)
{
    curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, t);
    if (t->limit != SIZE_MAX)
        curl_easy_setopt(t->curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)t->limit);
    curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->why);
    curl_easy_setopt(t->curl, CURLOPT_PRIVATE, t);
}

struct fetch *fetch_start(struct fetcher *f, const struct fetch_request *r, fetch_fn *fn, void *ctx, struct err *e)
{
    char host[HOST];
    if (!check_url(r, host, e))
        return NULL;
    struct fetch *t = loop_grow(NULL, 0, sizeof *t);
    *t = (struct fetch){.owner = f, .next = f->first, .curl = curl_easy_init(), .fn = fn, .ctx = ctx};
    memcpy(t->host, host, HOST);
    t->url = own_text(r->url);
    t->part = r->part;
    t->limit = r->limit > 0 ? r->limit : r->part != NULL ? SIZE_MAX : LIMIT;
    if (r->body.at != NULL) {
        t->body = own_copy(r->body.at, r->body.len);
        t->body_len = r->body.len;
    }
    set_limits(t->curl, r);
    set_trust(t->curl, f, r->url);
    set_question(t, r);
    set_answer(t);
    f->first = t;
    curl_multi_add_handle(f->multi, t->curl);
    return t;
}

void fetch_cancel(struct fetch *t)
{
    if (t == NULL)
        return;
    unlink_fetch(t);
    release(t);
}

/* ---- all of it ---- */

struct fetcher *fetcher_open(struct loop *l, const struct fetcher_options *o, struct err *e)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        err_set(e, "libcurl cannot be used on this machine");
        return NULL;
    }
    struct fetcher *f = loop_grow(NULL, 0, sizeof *f);
    *f = (struct fetcher){.loop = l, .multi = curl_multi_init()};
    f->agent = own_text(o->agent != NULL ? o->agent : "davy/" DAVY_VERSION);
    f->ca_file = own_text(o->ca_file);
    f->proxy = own_text(o->proxy);
    curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
    curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
    return f;
}

void fetcher_close(struct fetcher *f)
{
    if (f == NULL)
        return;
    while (f->first != NULL)
        fetch_cancel(f->first);
    curl_multi_cleanup(f->multi);
    loop_timer_stop(f->loop, on_timer, f);
    free(f->agent);
    free(f->ca_file);
    free(f->proxy);
    free(f);
    curl_global_cleanup();
}
