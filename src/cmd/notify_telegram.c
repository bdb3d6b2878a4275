/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telegram's Bot API: one question, and what its answer means. */
#include "cmd/notify.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "loop/fetch.h"

#include <stdlib.h>
#include <string.h>

enum { WHY_CELLS = 160 };

struct call {
    struct notify *n;
    char token[NOTIFY_TOKEN];
};

static json_t *number_or_text(const char *text)
{
    int64_t value;
    return bytes_i64(bytes_of(text), &value) ? json_integer(value) : json_string(text);
}

static json_t *question(const struct notify *n)
{
    json_t *o = json_pack("{s:o, s:s, s:{s:b}}", "chat_id", number_or_text(n->chat), "text", n->text,
                          "link_preview_options", "is_disabled", 1);
    if (n->edit != NULL)
        json_object_set_new(o, "message_id", number_or_text(n->edit));
    else if (n->silent)
        json_object_set_new(o, "disable_notification", json_true());
    if (n->edit == NULL && n->reply_to != NULL)
        json_object_set_new(
            o, "reply_parameters",
            json_pack("{s:o, s:b}", "message_id", number_or_text(n->reply_to), "allow_sending_without_reply", 1));
    return o;
}

/* ---- what an answer means ---- */

static void say(struct notify *n, enum notify_end end, const char *what, const char *why)
{
    n->answer.end = end;
    err_set(&n->answer.err, "Telegram%s%s%s", what, why[0] != '\0' ? ": " : "", why);
}

static void is_there(struct notify *n, const json_t *root)
{
    int64_t id = json_int(json_child(root, "result"), "message_id");
    n->answer.end = NOTIFY_ARRIVED;
    n->answer.message = id != NOT_KNOWN ? arena_text(&n->arena, "%lld", (long long)id) : n->edit;
}

static void is_wrong(struct notify *n, const char *why)
{
    if (n->edit != NULL && strstr(why, "not modified") != NULL) {
        n->answer.end = NOTIFY_ARRIVED;
        n->answer.message = n->edit;
    } else if (n->edit != NULL && (strstr(why, "message to edit not found") || strstr(why, "can't be edited"))) {
        say(n, NOTIFY_GONE, " has no such message to edit", why);
    } else {
        say(n, NOTIFY_REFUSED, " refuses", why);
    }
}

static void is_too_fast(struct notify *n, const json_t *root, int64_t header_s, const char *why)
{
    int64_t body_s = json_int(json_child(root, "parameters"), "retry_after");
    int64_t wait_s = body_s != NOT_KNOWN ? body_s : header_s;
    n->answer.wait_ms = (wait_s > 0 ? wait_s : 1) * 1000;
    say(n, NOTIFY_LATER, " wants a pause", why);
}

static void judge(struct notify *n, const struct fetch_answer *answer, const json_t *root, const char *why)
{
    int status = answer->status;
    if (status == 200 && json_is_true(json_object_get(root, "ok")))
        is_there(n, root);
    else if (status == 200)
        say(n, NOTIFY_LATER, "'s address answers something else (a login page of the network?)", "");
    else if (status == 429)
        is_too_fast(n, root, answer->retry_after_s, why);
    else if (status == 400)
        is_wrong(n, why);
    else if (status >= 500 || status == 408)
        say(n, NOTIFY_UNSURE, arena_text(&n->arena, " has an error of its own (%d)", status), why);
    else
        say(n, NOTIFY_REFUSED, arena_text(&n->arena, " refuses (%d)", status), why);
}

static void on_answer(void *ctx, const struct fetch_answer *answer)
{
    struct call *c = ctx;
    struct notify *n = c->n;
    loop_stop(n->loop, 0);
    if (!answer->arrived) {
        n->answer.end = answer->sent ? NOTIFY_UNSURE : NOTIFY_LATER;
        n->answer.err = answer->err;
        return;
    }
    json_t *root = json_read(answer->body, "Telegram's answer", NULL);
    struct bytes said = json_raw(root, "description");
    const char *why = said.at != NULL ? text_safe(&n->arena, said, WHY_CELLS) : "";
    judge(n, answer, root, why);
    json_decref(root);
}

/* ---- the question ---- */

static char *address(struct call *c)
{
    const char *api = c->n->api, *method = c->n->edit != NULL ? "editMessageText" : "sendMessage";
    size_t len = strlen(api);
    while (len > 0 && api[len - 1] == '/')
        len--;
    return arena_text(&c->n->arena, "%.*s/bot%s/%s", (int)len, api, c->token, method);
}

static bool ask(struct call *c, struct fetcher *f, struct err *e)
{
    static const char *const header[] = {"Content-Type: application/json", "Expect:", NULL};
    json_t *o = question(c->n);
    char *body = json_dumps(o, JSON_COMPACT), *url = address(c);
    json_decref(o);
    bool asked = fetch_start(f,
                             &(struct fetch_request){
                                 .url = url, .header = header, .body = bytes_of(body), .limit_ms = c->n->limit_ms},
                             on_answer, c, e) != NULL;
    explicit_bzero(url, strlen(url));
    free(body);
    return asked;
}

void notify_telegram(struct notify *n)
{
    struct call c = {.n = n};
    struct fetcher *f = NULL;
    struct err *e = &n->answer.err;
    n->answer.end = NOTIFY_REFUSED;
    bool asked = notify_token(n, c.token, e) &&
                 (f = fetcher_open(n->loop, &(struct fetcher_options){.ca_file = n->ca_file}, e)) != NULL &&
                 ask(&c, f, e);
    if (asked)
        loop_run(n->loop);
    fetcher_close(f);
    notify_redact(e->text, c.token);
    explicit_bzero(c.token, sizeof c.token);
}
