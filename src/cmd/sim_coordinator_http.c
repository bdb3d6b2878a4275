/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests on their way in: faults are met, waiting polls wait, everything else is asked of the pure coordinator. */
#include "cmd/sim_coordinator.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { BODY_BYTES = 64 << 20 };

/* ---- those that wait ---- */

static void wake(struct talk *t)
{
    if (t->asleep)
        MHD_resume_connection(t->line);
    t->asleep = false;
}

static void office_pump(struct office *o);

static void on_wake(void *ctx)
{
    struct talk *t = ctx;
    wake(t);
    office_pump(t->office);
}

void talk_sleep(struct talk *t, int64_t for_ms)
{
    t->asleep = true;
    MHD_suspend_connection(t->line);
    loop_timer(t->office->loop, loop_now() + for_ms, on_wake, t);
}

/* The book has changed: perhaps there is something to do now. */
static void wake_polls(struct office *o)
{
    for (struct talk *t = o->talk; t; t = t->next)
        if (t->waits) {
            loop_timer_stop(o->loop, on_wake, t);
            wake(t);
        }
}

/* ---- faults ---- */

bool office_faults(struct office *o, struct bytes lines, struct err *e)
{
    struct fault rule[FAULT_RULES];
    size_t rules = 0;
    for (struct bytes rest = lines; rest.len > 0;) {
        struct bytes line = {rest.at, bytes_find(rest, "\n")};
        rest = bytes_from(rest, line.len + 1);
        line = bytes_trim(line);
        if (line.len == 0 || *line.at == '#')
            continue;
        if (rules == FAULT_RULES)
            return err_set(e, "fault: at most %d rules", FAULT_RULES);
        if (!fault_read(line, &rule[rules++], e))
            return false;
    }
    memcpy(o->rule, rule, rules * sizeof *rule);
    o->rules = rules;
    for (size_t i = 0; i < OFFICE_ENDPOINTS; i++)
        o->endpoint[i].asked = 0;
    return true;
}

static int64_t nth(struct office *o, const char *endpoint)
{
    for (size_t i = 0; i < OFFICE_ENDPOINTS; i++) {
        if (!o->endpoint[i].name)
            o->endpoint[i].name = endpoint;
        if (strcmp(o->endpoint[i].name, endpoint) == 0)
            return ++o->endpoint[i].asked;
    }
    return 0;
}

static void meet(struct talk *t)
{
    struct office *o = t->office;
    const char *endpoint = fault_endpoint(t->path);
    if (!*endpoint)
        return;
    t->rule = fault_pick(o->rule, o->rules, endpoint, nth(o, endpoint), random_unit(&o->chance));
    if (t->rule)
        t->fault = *t->rule;
}

/* An answer that the book knows nothing of. */
static bool instead(struct talk *t)
{
    const struct {
        enum fault_act act;
        int status;
        const char *body;
    } rows[] = {
        {FAULT_STATUS, (int)t->fault.number, "{\"detail\":\"as the simulator was told\"}"},
        {FAULT_LIMIT, 429, "{\"detail\":\"rate limit exceeded\"}"},
        {FAULT_REDIRECT, 302, ""},
        {FAULT_EMPTY, 200, ""},
        {FAULT_NULL, 200, "null"},
        {FAULT_REFUSE, 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (talk_is(t, rows[i].act)) {
            t->answer = (struct coordinator_answer){.status = rows[i].status, .body = bytes_of(rows[i].body)};
            t->answer.text = rows[i].status == 500;
            if (rows[i].status == 500)
                t->answer.body = bytes_of("Internal Server Error");
            return true;
        }
    return false;
}

/* ---- asking ---- */

static const char *key_of(struct talk *t)
{
    const char *key = MHD_lookup_connection_value(t->line, MHD_HEADER_KIND, "X-Api-Key");
    const char *bearer = MHD_lookup_connection_value(t->line, MHD_HEADER_KIND, "Authorization");
    if (key)
        return key;
    return bearer && strncmp(bearer, "Bearer ", 7) == 0 ? bearer + 7 : "";
}

static const char *twist_of(const struct talk *t)
{
    return t->rule && t->fault.act >= FAULT_DUPLICATE ? fault_names[t->fault.act].name : "";
}

static void ask(struct talk *t)
{
    struct office *o = t->office;
    const char *miner = MHD_lookup_connection_value(t->line, MHD_HEADER_KIND, "X-Miner-ID");
    struct bytes form = talk_form(t);
    struct coordinator_request r = {.now_ms = wall_now(),
                                    .method = t->method,
                                    .path = t->path,
                                    .key = key_of(t),
                                    .miner = miner ? miner : "",
                                    .body = form.at ? form : (struct bytes){t->body, t->len},
                                    .twist = twist_of(t),
                                    .twist_number = t->fault.number};
    struct err e;
    coordinator_ask(o->book, &r, &t->arena, &t->answer);
    if (!t->answer.changed)
        return;
    if (!journal_keep(o, &r, &e)) {
        fprintf(stderr, "davy-sim: %s\n", e.text);
        loop_stop(o->loop, 3);
    }
    wake_polls(o);
}

static bool is_admin(const struct talk *t, const char *method, const char *path)
{
    return strcmp(t->method, method) == 0 && strcmp(t->path, path) == 0;
}

static bool ask_office(struct talk *t)
{
    struct err e;
    if (is_admin(t, "GET", "/__admin/log")) {
        t->answer = (struct coordinator_answer){.status = 200, .body = record_list(t->office, &t->arena)};
        return true;
    }
    if (!is_admin(t, "POST", "/__admin/fault"))
        return false;
    bool good = office_faults(t->office, (struct bytes){t->body, t->len}, &e);
    t->answer = (struct coordinator_answer){.status = good ? 200 : 422,
                                            .text = true,
                                            .body = bytes_of(good ? "ok\n" : arena_text(&t->arena, "%s\n", e.text))};
    return true;
}

/* ---- one request ---- */

static enum MHD_Result begin(struct office *o, struct MHD_Connection *line, const char *method, const char *url,
                             void **own)
{
    struct talk *t = calloc(1, sizeof *t);
    if (!t)
        return MHD_NO;
    *own = t;
    *t = (struct talk){.office = o, .next = o->talk, .line = line, .at_ms = wall_now()};
    o->talk = t;
    t->method = arena_copy(&t->arena, bytes_of(method));
    t->path = arena_copy(&t->arena, bytes_of(url));
    meet(t);
    if (!talk_is(t, FAULT_BEFORE))
        return MHD_YES;
    record_put(t);
    return MHD_NO;
}

static enum MHD_Result take(struct talk *t, const char *data, size_t *size)
{
    if (t->len + *size > BODY_BYTES)
        return MHD_NO;
    if (t->room - t->len < *size) {
        size_t room = 2 * (t->len + *size) + 4096;
        char *body = realloc(t->body, room);
        if (!body)
            return MHD_NO;
        t->body = body;
        t->room = room;
    }
    memcpy(t->body + t->len, data, *size);
    t->len += *size;
    *size = 0;
    return MHD_YES;
}

static bool has_to_wait(struct talk *t)
{
    if (t->answer.wait_ms <= 0)
        return t->waits = false;
    if (t->until_ms == 0)
        t->until_ms = loop_now() + t->answer.wait_ms;
    return t->waits = loop_now() < t->until_ms;
}

static enum MHD_Result whole(struct talk *t)
{
    if (talk_is(t, FAULT_DELAY) && !t->delayed) {
        t->delayed = true;
        talk_sleep(t, t->fault.number);
        return MHD_YES;
    }
    if (talk_is(t, FAULT_REFUSE))
        t->office->refuse_ms = t->fault.number;
    if (!instead(t) && !ask_office(t))
        ask(t);
    if (has_to_wait(t)) {
        talk_sleep(t, t->until_ms - loop_now());
        return MHD_YES;
    }
    return talk_reply(t);
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *line, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **own)
{
    (void)version;
    if (!*own)
        return begin(ctx, line, method, url, own);
    return *size > 0 ? take(*own, data, size) : whole(*own);
}

static void on_end(void *ctx, struct MHD_Connection *line, void **own, enum MHD_RequestTerminationCode why)
{
    (void)line, (void)why;
    struct office *o = ctx;
    struct talk *t = *own, **at = &o->talk;
    if (!t)
        return;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    loop_timer_stop(o->loop, on_wake, t);
    arena_release(&t->arena);
    free(t->body);
    free(t);
    *own = NULL;
}

/* ---- the listener ---- */

static void on_time(void *ctx)
{
    office_pump(ctx);
}

static void on_ready(void *ctx, uint32_t events)
{
    (void)events;
    office_pump(ctx);
}

static void on_return(void *ctx)
{
    struct office *o = ctx;
    struct err e;
    if (office_open(o, &e))
        return;
    fprintf(stderr, "davy-sim: %s\n", e.text);
    loop_stop(o->loop, 3);
}

void office_shut(struct office *o)
{
    if (!o->http)
        return;
    for (struct talk *t = o->talk; t; t = t->next)
        wake(t);
    loop_fd_remove(o->loop, MHD_get_daemon_info(o->http, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd);
    loop_timer_stop(o->loop, on_time, o);
    MHD_stop_daemon(o->http);
    o->http = NULL;
}

static void office_pump(struct office *o)
{
    MHD_UNSIGNED_LONG_LONG wait;
    if (!o->http)
        return;
    MHD_run(o->http);
    if (o->refuse_ms > 0) {
        loop_timer(o->loop, loop_now() + o->refuse_ms, on_return, o);
        o->refuse_ms = 0;
        office_shut(o);
    } else if (MHD_get_timeout(o->http, &wait) == MHD_YES) {
        loop_timer(o->loop, loop_now() + (int64_t)wait, on_time, o);
    } else {
        loop_timer_stop(o->loop, on_time, o);
    }
}

bool office_open(struct office *o, struct err *e)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)o->port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    o->http =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, o, MHD_OPTION_SOCK_ADDR,
                         (struct sockaddr *)&at, MHD_OPTION_NOTIFY_COMPLETED, on_end, o, MHD_OPTION_END);
    if (!o->http)
        return err_set(e, "cannot listen on 127.0.0.1 port %d: --port 0 takes any", o->port);
    o->port = MHD_get_daemon_info(o->http, MHD_DAEMON_INFO_BIND_PORT)->port;
    int fd = MHD_get_daemon_info(o->http, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return loop_fd(o->loop, fd, EPOLLIN, on_ready, o, e);
}
