/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_rpc.h"

#include <stdlib.h>
#include <string.h>

enum { TRY_MS = 15000, ALL_MS = 45000, ANSWER_BYTES = 16 << 20, HTTP_OK = 200, HTTP_TOO_MANY = 429 };

struct mine_rpc {
    struct loop *loop;
    struct fetcher *fetcher;
    struct endpoints *endpoints;
    struct mine_rpc_limits limits;
    struct endpoint *asked, *answered;
    struct fetch *under_way;
    struct arena *arena; /* of the question under way */
    struct rpc_question *question;
    size_t count, place; /* how many; the first that is not answered yet */
    struct rpc_answers answers;
    int64_t begun_ms, tried_ms;
    mine_rpc_fn *fn;
    void *ctx;
};
static void try_now(void *ctx);

struct mine_rpc *mine_rpc_open(struct loop *l, struct endpoints *endpoints, const struct mine_rpc_limits *limits,
                               struct err *e)
{
    struct fetcher *fetcher = fetcher_open(l, &(struct fetcher_options){0}, e);
    struct mine_rpc *r = fetcher ? calloc(1, sizeof *r) : NULL;
    if (!r) {
        if (fetcher)
            fetcher_close(fetcher);
        return NULL;
    }
    *r = (struct mine_rpc){
        .loop = l, .fetcher = fetcher, .endpoints = endpoints, .limits = {TRY_MS, ALL_MS, ANSWER_BYTES}};
    if (limits && limits->try_ms)
        r->limits.try_ms = limits->try_ms;
    if (limits && limits->all_ms)
        r->limits.all_ms = limits->all_ms;
    if (limits && limits->answer_bytes)
        r->limits.answer_bytes = limits->answer_bytes;
    return r;
}

/* What was answered so far. Another endpoint is asked everything: answers of two nodes would not belong together. */
static void forget(struct mine_rpc *r)
{
    json_decref(r->answers.root);
    r->answers.root = NULL;
    r->place = 0;
}

static void cancel(struct mine_rpc *r)
{
    loop_timer_stop(r->loop, try_now, r);
    if (r->under_way)
        fetch_cancel(r->under_way);
    r->under_way = NULL;
    r->fn = NULL;
    forget(r);
}

void mine_rpc_close(struct mine_rpc *r)
{
    cancel(r);
    fetcher_close(r->fetcher);
    free(r);
}

struct endpoint *mine_rpc_endpoint(const struct mine_rpc *r)
{
    return r->answered;
}

void mine_rpc_head(struct mine_rpc *r, uint64_t block)
{
    if (r->answered)
        endpoint_head(r->endpoints, r->answered, block, loop_now());
}

static void end(struct mine_rpc *r, struct rpc_answers *answers, const struct err *e)
{
    mine_rpc_fn *fn = r->fn;
    r->fn = NULL;
    if (fn)
        fn(r->ctx, answers, e);
}

/* After a failure: at once at another endpoint, else when the first has rested, else never. */
static void again(struct mine_rpc *r)
{
    int64_t now = loop_now(), wait = 0;
    endpoints_pick(r->endpoints, now, &wait);
    if (now + wait - r->begun_ms < r->limits.all_ms) {
        loop_timer(r->loop, now + wait, try_now, r);
        return;
    }
    struct err e;
    err_set(&e, "no endpoint answers: %.240s", r->asked->why.text);
    end(r, NULL, &e);
}

static void failed(struct mine_rpc *r, int64_t rest_ms, const struct err *why)
{
    endpoint_failed(r->asked, loop_now(), rest_ms, why);
    forget(r);
    again(r);
}

static bool is_answer(const struct fetch_answer *f, const char *host, struct err *why)
{
    if (!f->arrived)
        *why = f->err;
    else if (f->status == HTTP_TOO_MANY)
        err_set(why, "%.80s: it says that we ask too much (HTTP 429)", host);
    else if (f->status != HTTP_OK)
        err_set(why, "%.80s: it answers HTTP %d", host, f->status);
    return f->arrived && f->status == HTTP_OK;
}

/* How many questions go into the next POST. */
static size_t at_once(const struct mine_rpc *r)
{
    return r->asked->single ? 1 : r->count - r->place;
}

static bool read_answers(struct mine_rpc *r, struct bytes body, struct rpc_answers *out, struct err *why)
{
    struct err e;
    return rpc_answers_read(r->arena, body, at_once(r), out, &e) ||
           err_set(why, "%.80s: %.220s", r->asked->host, e.text);
}

static void take(struct mine_rpc *r, struct rpc_answers *answers)
{
    size_t count = at_once(r);
    rpc_answers_join(&r->answers, r->place, answers, count);
    r->place += count;
    if (r->place < r->count) {
        loop_timer(r->loop, loop_now(), try_now, r);
        return;
    }
    struct rpc_answers all = r->answers;
    r->answers.root = NULL;
    end(r, &all, NULL);
}

static void on_fetched(void *ctx, const struct fetch_answer *f)
{
    struct mine_rpc *r = ctx;
    struct err why;
    struct rpc_answers answers;
    int64_t now = loop_now();
    r->under_way = NULL;
    bool whole = is_answer(f, r->asked->host, &why);
    if (whole && at_once(r) > 1 && rpc_refuses_batch(f->body)) {
        r->asked->single = true;
        loop_timer(r->loop, now, try_now, r);
        return;
    }
    if (!whole || !read_answers(r, f->body, &answers, &why)) {
        failed(r, f->retry_after_s * 1000, &why);
        return;
    }
    endpoint_answered(r->asked, now, now - r->tried_ms);
    r->answered = r->asked;
    take(r, &answers);
}

static void try_now(void *ctx)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    struct mine_rpc *r = ctx;
    int64_t now = loop_now(), left = r->begun_ms + r->limits.all_ms - now, wait;
    struct err why;
    if (r->place == 0)
        r->asked = endpoints_pick(r->endpoints, now, &wait);
    r->tried_ms = now;
    struct fetch_request q = {.url = r->asked->url,
                              .header = headers,
                              .body = rpc_body(r->arena, r->question + r->place, at_once(r)),
                              .limit_ms = left < r->limits.try_ms ? (left > 0 ? left : 1) : r->limits.try_ms,
                              .limit = r->limits.answer_bytes,
                              .plain = true};
    r->under_way = fetch_start(r->fetcher, &q, on_fetched, r, &why);
    if (!r->under_way)
        failed(r, 0, &why);
}

void mine_rpc_start(struct mine_rpc *r, struct arena *a, const struct rpc_question *q, size_t count, mine_rpc_fn *fn,
                    void *ctx)
{
    int64_t wait;
    cancel(r);
    r->arena = a;
    r->question = arena_array(a, count, sizeof *q);
    memcpy(r->question, q, count * sizeof *q);
    r->count = count;
    r->answers.at = arena_array(a, count, sizeof *r->answers.at);
    r->fn = fn;
    r->ctx = ctx;
    r->begun_ms = loop_now();
    r->asked = endpoints_pick(r->endpoints, r->begun_ms, &wait);
    if (wait > r->limits.all_ms)
        wait = 0; /* all of them rest for longer than we may wait: one is asked all the same */
    loop_timer(r->loop, r->begun_ms + wait, try_now, r);
}

struct waiting {
    struct loop *loop;
    struct rpc_answers *out;
    struct err *e;
    bool ok;
};

static void stop_waiting(void *ctx, struct rpc_answers *answers, const struct err *e)
{
    struct waiting *w = ctx;
    w->ok = answers != NULL;
    if (answers)
        *w->out = *answers;
    else
        *w->e = *e;
    loop_stop(w->loop, 0);
}

bool mine_rpc_ask(struct mine_rpc *r, struct arena *a, const struct rpc_question *q, size_t count,
                  struct rpc_answers *out, struct err *e)
{
    struct waiting w = {.loop = r->loop, .out = out, .e = e};
    err_set(e, "the event loop of davy-mine failed");
    mine_rpc_start(r, a, q, count, stop_waiting, &w);
    loop_run(r->loop);
    cancel(r);
    return w.ok;
}
