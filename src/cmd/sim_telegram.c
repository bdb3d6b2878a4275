/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-sim telegram: a Bot API on 127.0.0.1 that forgets nobody's message, and misbehaves in the order it was told. */
#include "cmd/sim.h"

#include "base/json.h"
#include "base/timetext.h"
#include "base/troff.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "loop/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { CHATS_MESSAGES = 4096, BODY = 64 << 10, UNITS = 4096, FAULTS = 256, PAGE = 4096 };

struct telegram_options {
    const char *faults, *record;
    int64_t port, slow_ms, retry_after;
    double seconds;
};
const struct option_row sim_telegram_options[] = {
    {"faults", 0, "LIST", "what goes wrong, question by question: ok, 429, 500, 400, 401, slow, cut, drop, html, big",
     OPTION_TEXT, offsetof(struct telegram_options, faults)},
    {"port", 0, "N", "where it listens, on 127.0.0.1 only (0: any)", OPTION_INT,
     offsetof(struct telegram_options, port)},
    {"record", 0, "FILE", "write what was asked there, a line of JSON each (standard output)", OPTION_TEXT,
     offsetof(struct telegram_options, record)},
    {"retry-after", 0, "S", "what a 429 asks for (2)", OPTION_INT, offsetof(struct telegram_options, retry_after)},
    {"seconds", 0, "N", "stop after this time (never)", OPTION_NUMBER, offsetof(struct telegram_options, seconds)},
    {"slow-ms", 0, "MS", "how long a slow answer takes (20000)", OPTION_INT,
     offsetof(struct telegram_options, slow_ms)},
    {.name = NULL},
};

struct bot {
    struct telegram_options o;
    struct loop *loop;
    struct MHD_Daemon *http;
    struct arena arena;
    FILE *record;
    const char *fault[FAULTS]; /* of the next questions; behind the last: ok */
    size_t faults, asked;
    char *text[CHATS_MESSAGES]; /* of each message, by its number; NULL: there is none */
    int64_t next;
    struct talk *slow;
};

struct talk { /* one question */
    char body[BODY + 1];
    size_t len;
    const char *fault;
    struct MHD_Connection *slow; /* its answer waits; NULL */
    struct talk *next;           /* of those that wait */
    struct bot *bot;
    bool judged;
    int status;
    char *answer;
};

void sim_telegram_more(FILE *out, bool troff)
{
    static const char *const lines[] = {
        "429: wants a pause of --retry-after seconds; nothing is delivered.",
        "500, 400, 401: that status; nothing is delivered.",
        "slow: delivers, and answers after --slow-ms.",
        "cut: delivers, and closes the line instead of an answer.",
        "drop: delivers nothing, and closes the line instead of an answer.",
        "html: a page of somebody else's with status 200; nothing is delivered.",
        "big: delivers, and answers with more than anybody should read.",
        "Give DIR/davy.toml notify.api = \"http://127.0.0.1:PORT\"; a token of any bot will do.",
    };
    fputs(troff ? ".PP\nThe faults:\n" : "\nFaults:\n", out);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        fputs(troff ? ".br\n" : "  ", out);
        if (troff)
            troff_text(out, lines[i]), fputs("\n", out);
        else
            wrap_put(out, 2, 4, lines[i]);
    }
}

/* ---- what the Bot API says ---- */

static void answer(struct talk *t, int status, json_t *o)
{
    t->status = status;
    t->answer = json_dumps(o, JSON_COMPACT);
    json_decref(o);
}

static void refuse(struct talk *t, int status, const char *why)
{
    answer(t, status, json_pack("{s:b, s:i, s:s}", "ok", 0, "error_code", status, "description", why));
}

static size_t units_of(struct bytes text)
{
    size_t units = 0;
    while (text.len > 0)
        units += utf8_next(&text) > 0xffff ? 2 : 1;
    return units;
}

static const char *what_is_wrong(const struct bot *b, bool edit, const json_t *o)
{
    struct bytes text = json_raw(o, "text");
    int64_t id = json_int(o, "message_id");
    bool there = id > 0 && id < CHATS_MESSAGES && b->text[id] != NULL;
    if (json_object_get(o, "chat_id") == NULL)
        return "Bad Request: chat_id is empty";
    if (text.len == 0)
        return "Bad Request: message text is empty";
    if (units_of(text) > UNITS)
        return "Bad Request: message is too long";
    if (edit && !there)
        return "Bad Request: message to edit not found";
    if (edit && bytes_is(text, b->text[id]))
        return "Bad Request: message is not modified: specified new message content is the same";
    return NULL;
}

static int64_t deliver(struct bot *b, bool edit, const json_t *o)
{
    int64_t id = edit ? json_int(o, "message_id") : b->next;
    if (!edit && b->next + 1 < CHATS_MESSAGES)
        b->next++;
    free(b->text[id]);
    b->text[id] = strndup(json_raw(o, "text").at, json_raw(o, "text").len);
    return id;
}

/* ---- one question ---- */

static bool is(const struct talk *t, const char *fault)
{
    return strcmp(t->fault, fault) == 0;
}

/* A line for who tests: no token is in it. */
static void note(struct bot *b, const struct talk *t, const char *method, const json_t *asked, int64_t id)
{
    const json_t *reply = json_child(asked, "reply_parameters");
    json_t *o =
        json_pack("{s:I, s:s, s:s, s:b, s:o, s:o, s:o}", "at", (json_int_t)wall_now(), "method", method, "fault",
                  t->fault, "delivered", id != 0, "message", id != 0 ? json_integer(id) : json_null(), "reply_to",
                  json_from_int(json_int(reply, "message_id")), "text",
                  json_object_get(asked, "text") != NULL ? json_incref(json_object_get(asked, "text")) : json_null());
    char *line = json_dumps(o, JSON_COMPACT);
    fprintf(b->record, "%s\n", line);
    fflush(b->record);
    free(line);
    json_decref(o);
}

static void go_wrong(struct bot *b, struct talk *t)
{
    if (is(t, "429"))
        answer(t, 429,
               json_pack("{s:b, s:i, s:s, s:{s:I}}", "ok", 0, "error_code", 429, "description",
                         "Too Many Requests: retry later", "parameters", "retry_after", (json_int_t)b->o.retry_after));
    else if (is(t, "html"))
        answer(t, 200, json_pack("[s]", "<html>Welcome to the hotel's network</html>"));
    else if (is(t, "400"))
        refuse(t, 400, "Bad Request: chat not found");
    else if (is(t, "401"))
        refuse(t, 401, "Unauthorized");
    else if (!is(t, "drop"))
        refuse(t, 500, "Internal Server Error");
}

static bool delivers(const struct talk *t)
{
    return is(t, "ok") || is(t, "slow") || is(t, "cut") || is(t, "big");
}

/* ...bot123:AA.../sendMessage: the last word of the path. */
static void judge(struct bot *b, struct talk *t, const char *path)
{
    const char *method = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    bool edit = strcmp(method, "editMessageText") == 0, known = edit || strcmp(method, "sendMessage") == 0;
    json_t *o = json_read((struct bytes){t->body, t->len}, "question", NULL);
    const char *wrong = known ? what_is_wrong(b, edit, o) : "Not Found";
    int64_t id = 0;
    t->fault = b->asked < b->faults ? b->fault[b->asked] : "ok";
    b->asked++;
    if (strncmp(path, "/bot", 4) != 0 || !known)
        refuse(t, 404, "Not Found");
    else if (!delivers(t))
        go_wrong(b, t);
    else if (wrong != NULL)
        refuse(t, 400, wrong);
    else
        answer(t, 200,
               json_pack("{s:b, s:{s:I}}", "ok", 1, "result", "message_id", (json_int_t)(id = deliver(b, edit, o))));
    note(b, t, method, o, id);
    json_decref(o);
}

static enum MHD_Result reply(struct MHD_Connection *c, struct talk *t)
{
    char seconds[24];
    if (is(t, "cut") || is(t, "drop"))
        return MHD_NO; /* closes the line */
    size_t len = strlen(t->answer), big = is(t, "big") ? (size_t)16 << 20 : len;
    char *all = realloc(t->answer, big);
    memset(all + len, ' ', big - len);
    t->answer = NULL;
    struct MHD_Response *r = MHD_create_response_from_buffer(big, all, MHD_RESPMEM_MUST_FREE);
    snprintf(seconds, sizeof seconds, "%lld", (long long)t->bot->o.retry_after);
    if (t->status == 429)
        MHD_add_response_header(r, "Retry-After", seconds);
    MHD_add_response_header(r, "Content-Type", "application/json");
    enum MHD_Result done = MHD_queue_response(c, (unsigned)t->status, r);
    MHD_destroy_response(r);
    return done;
}

static void pump(struct bot *b);

static void resume(struct talk *t)
{
    struct talk **at = &t->bot->slow;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    MHD_resume_connection(t->slow);
    t->slow = NULL;
}

static void on_slow(void *ctx)
{
    struct talk *t = ctx;
    resume(t);
    pump(t->bot);
}

static enum MHD_Result on_question(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
                                   const char *version, const char *data, size_t *size, void **own)
{
    (void)method, (void)version;
    struct talk *t = *own;
    if (t == NULL) {
        *own = t = calloc(1, sizeof *t);
        t->bot = ctx;
        return MHD_YES;
    }
    if (*size > 0) {
        size_t take = *size < BODY - t->len ? *size : BODY - t->len;
        memcpy(t->body + t->len, data, take);
        t->len += take;
        *size = 0;
        return MHD_YES;
    }
    if (!t->judged) {
        t->judged = true;
        judge(t->bot, t, url);
        if (is(t, "slow")) {
            t->slow = c;
            t->next = t->bot->slow;
            t->bot->slow = t;
            MHD_suspend_connection(c);
            loop_timer(t->bot->loop, loop_now() + t->bot->o.slow_ms, on_slow, t);
            return MHD_YES;
        }
    }
    return reply(c, t);
}

static void on_done(void *ctx, struct MHD_Connection *c, void **own, enum MHD_RequestTerminationCode why)
{
    (void)c, (void)why;
    struct bot *b = ctx;
    struct talk *t = *own;
    if (t == NULL)
        return;
    loop_timer_stop(b->loop, on_slow, t);
    free(t->answer);
    free(t);
    *own = NULL;
}

/* ---- the loop ---- */

static void on_time(void *ctx)
{
    pump(ctx);
}

static void pump(struct bot *b)
{
    MHD_UNSIGNED_LONG_LONG wait;
    MHD_run(b->http);
    if (MHD_get_timeout(b->http, &wait) == MHD_YES)
        loop_timer(b->loop, loop_now() + (int64_t)wait, on_time, b);
    else
        loop_timer_stop(b->loop, on_time, b);
}

static void on_ready(void *ctx, uint32_t events)
{
    (void)events;
    pump(ctx);
}

static void on_signal(void *ctx, int signo)
{
    (void)signo;
    loop_stop(ctx, SIM_OK);
}

static void on_end(void *ctx)
{
    loop_stop(ctx, SIM_OK);
}

static bool take_faults(struct bot *b, struct err *e)
{
    static const char *const known[] = {"ok", "429", "500", "400", "401", "slow", "cut", "drop", "html", "big", NULL};
    struct bytes rest = bytes_of(b->o.faults);
    while (rest.len > 0) {
        struct bytes word = {rest.at, bytes_find(rest, ",")};
        const char *name = NULL;
        for (size_t i = 0; known[i] != NULL; i++)
            name = bytes_is(word, known[i]) ? known[i] : name;
        if (name == NULL || b->faults == FAULTS)
            return err_set(e, "--faults: expected up to %d of ok, 429, 500, 400, 401, slow, cut, drop, html, big",
                           FAULTS);
        b->fault[b->faults++] = name;
        rest = bytes_from(rest, word.len + 1);
    }
    return true;
}

static bool open_record(struct bot *b, struct err *e)
{
    b->record = stdout;
    if (b->o.record == NULL)
        return true;
    int fd = open(b->o.record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    b->record = fd >= 0 ? fdopen(fd, "a") : NULL;
    return b->record != NULL || err_set(e, "%.200s cannot be written: %s", b->o.record, strerror(errno));
}

static bool listen_here(struct bot *b, struct err *e)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)b->o.port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    b->http =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_question, b, MHD_OPTION_SOCK_ADDR,
                         (struct sockaddr *)&at, MHD_OPTION_NOTIFY_COMPLETED, on_done, b, MHD_OPTION_END);
    if (b->http == NULL)
        return err_set(e, "cannot listen on 127.0.0.1 port %lld: --port 0 takes any", (long long)b->o.port);
    int port = MHD_get_daemon_info(b->http, MHD_DAEMON_INFO_BIND_PORT)->port;
    printf("port %d\n", port);
    fflush(stdout);
    int fd = MHD_get_daemon_info(b->http, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return loop_fd(b->loop, fd, EPOLLIN, on_ready, b, e);
}

static bool begin(struct bot *b, int argc, char **argv, struct err *e)
{
    int words = sim_words(sim_telegram_options, argc, argv, &b->o, e);
    if (words > 0)
        err_set(e, "telegram takes options only; see davy-sim telegram --help");
    if (words != 0 || !take_faults(b, e) || !open_record(b, e) || (b->loop = loop_open(e)) == NULL)
        return false;
    if (b->o.seconds > 0)
        loop_timer(b->loop, loop_now() + (int64_t)(b->o.seconds * 1000), on_end, b->loop);
    return loop_signal(b->loop, SIGTERM, on_signal, b->loop, e) &&
           loop_signal(b->loop, SIGINT, on_signal, b->loop, e) && listen_here(b, e);
}

int sim_telegram(int argc, char **argv)
{
    struct bot b = {.o = {.slow_ms = 20000, .retry_after = 2}, .next = 1};
    struct err e;
    signal(SIGPIPE, SIG_IGN);
    bool good = begin(&b, argc, argv, &e);
    int code = good ? loop_run(b.loop) : sim_complain(&e);
    while (b.slow != NULL) {
        loop_timer_stop(b.loop, on_slow, b.slow);
        resume(b.slow);
    }
    if (b.http != NULL)
        MHD_stop_daemon(b.http);
    for (size_t i = 0; i < CHATS_MESSAGES; i++)
        free(b.text[i]);
    if (b.record != NULL && b.record != stdout)
        fclose(b.record);
    loop_close(b.loop);
    return code;
}
