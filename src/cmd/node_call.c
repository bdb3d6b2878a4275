/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The node's calls: what is said is built by node/message.h, what follows from the answer is the agent's. */
#include "cmd/node_daemon.h"

#include "base/utf8.h"
#include "node/message.h"

#include <stdlib.h>
#include <string.h>

enum { BEAT_LIMIT_MS = 5000, CALL_LIMIT_MS = 20000, POLL_MORE_MS = 10000, ANSWER_MOST = 2 << 20, SAID_CELLS = 120 };

struct question {
    const char *url, *key; /* key: of idempotency; NULL: none */
    const char *type;
    struct bytes body;
    int64_t limit_ms;
};

static const char *credential(struct arena *a, const struct node_daemon *d)
{
    if (d->config.dialect == JOB_MINERS_V1)
        return arena_text(a, "X-Api-Key: %s", d->key);
    return arena_text(a, "Authorization: Bearer %s", *d->token ? d->token : d->key);
}

static bool ask(struct node_daemon *d, struct node_ask *k, struct arena *a, const struct question *q, fetch_fn *fn,
                struct err *e)
{
    char *secret = (char *)credential(a, d);
    const char *header[8] = {secret,
                             arena_text(a, "Content-Type: %s", q->type),
                             "Accept: application/json",
                             "Expect:",
                             arena_text(a, "X-Miner-ID: %s", d->id),
                             q->key ? arena_text(a, "Idempotency-Key: %s", q->key) : NULL};
    const struct fetch_request r = {
        .url = q->url, .header = header, .body = q->body, .limit_ms = q->limit_ms, .limit = ANSWER_MOST};
    k->began_ms = loop_now();
    k->fetch = fetch_start(d->fetcher, &r, fn, k, e);
    explicit_bzero(secret, strlen(secret));
    return k->fetch != NULL;
}

/* ---- answers ---- */

static void say_problem(struct node_daemon *d, const struct node_ask *k, const struct fetch_answer *answer)
{
    static const char *const names[] = {"register", "heartbeat", "poll", "report"};
    struct arena a = {0};
    const char *said = answer->arrived ? text_safe(&a, answer->body, SAID_CELLS) : answer->err.text;
    char text[sizeof d->problem];
    snprintf(text, sizeof text, "%s: %d %.150s", names[k->call], answer->status, said);
    if (strcmp(text, d->problem) != 0) { /* the same again is no news */
        memcpy(d->problem, text, sizeof text);
        node_log(d, NODE_WARNING, "coord.error", k->call == CALL_REPORT ? d->agent.job[k->job].id : NULL,
                 json_pack("{ss si ss}", "call", names[k->call], "status", answer->status, "said", said));
    }
    arena_release(&a);
}

static void take_token(struct node_daemon *d, const json_t *root)
{
    const char *token = json_string_value(json_object_get(root, "node_token"));
    if (token && strlen(token) < sizeof d->token)
        memcpy(d->token, token, strlen(token) + 1);
}

static void take_wish(struct node_daemon *d, const json_t *root)
{
    struct arena a = {0};
    struct message_wish wish;
    message_wish_of(&a, root, &wish);
    for (size_t i = 0; i < wish.cancels; i++)
        if (agent_cancel(&d->agent, wish.cancel[i]))
            node_log(d, NODE_INFO, "job.cancel_asked", wish.cancel[i], json_pack("{ss}", "by", "coordinator"));
    if (wish.drain && !d->agent.drain)
        agent_drain(&d->agent, true);
    arena_release(&a);
}

static void was_taken(struct node_daemon *d, const struct node_ask *k, const struct fetch_answer *answer)
{
    struct err e;
    json_t *root = k->call == CALL_POLL ? NULL : json_read(answer->body, "the answer", &e);
    if (k->call == CALL_REGISTER) {
        take_token(d, root);
        node_log(d, NODE_INFO, "coord.register", NULL, json_pack("{ss}", "state", "registered"));
    } else if (k->call == CALL_HEARTBEAT) {
        take_wish(d, root);
    } else if (k->call == CALL_POLL && answer->status != 204) {
        node_take(d, answer->body);
    }
    json_decref(root);
}

/* The receipt of a result must be on the disk before the job counts as reported; else it is asked for again. */
static int booked(struct node_daemon *d, const struct node_ask *k, const struct fetch_answer *answer)
{
    struct err e;
    node_point("after_post");
    if (answer->status >= 300 || node_book_keep(d, k->job, answer->body, &e))
        return answer->status;
    node_log(d, NODE_ERROR, "disk.error", d->agent.job[k->job].id, json_pack("{ss}", "why", e.text));
    return 0;
}

static void on_answer(void *ctx, const struct fetch_answer *answer)
{
    struct node_ask *k = ctx;
    struct node_daemon *d = k->d;
    int status = answer->arrived ? answer->status : 0;
    bool good = status >= 200 && status < 300;
    k->fetch = NULL;
    node_count_call(d, k->call, status, loop_now() - k->began_ms);
    d->dirty = d->dirty || !good || k->call == CALL_HEARTBEAT;
    agent_at(&d->agent, loop_now(), (uint32_t)wall_now());
    if (!good)
        say_problem(d, k, answer);
    if (good) {
        d->last_ok_ms = wall_now();
        d->latency_ms = loop_now() - k->began_ms;
        *d->problem = '\0';
    }
    if (k->call == CALL_REPORT && good)
        status = booked(d, k, answer);
    agent_answer(&d->agent, k->call, k->job, status, answer->retry_after_s);
    if (good && k->call != CALL_REPORT)
        was_taken(d, k, answer);
    node_pump(d);
}

/* ---- questions ---- */

static struct message_node self(const struct node_daemon *d)
{
    int slots = (int)(d->config.is->cpu_slots + d->config.is->gpu_slots);
    return (struct message_node){d->id, d->config.is->region, slots > 0 ? slots : 1, (int)d->config.is->wait_s};
}

static struct bytes body_of(struct node_daemon *d, struct arena *a, enum node_call call, bool minimal)
{
    struct message_node n = self(d);
    struct bytes body;
    if (call == CALL_REGISTER) {
        struct probe_offer offer = node_offer(&d->config, d->id);
        json_t *can = probe_capabilities(&d->probe, &offer);
        body = message_register(a, d->config.dialect, &n, can);
        json_decref(can);
    } else if (call == CALL_HEARTBEAT) {
        json_t *about = minimal ? NULL : node_beat_json(d);
        struct message_beat beat = {agent_inflight(&d->agent), agent_states[d->agent.state].says, about};
        body = message_heartbeat(a, d->config.dialect, &n, &beat);
        json_decref(about);
    } else {
        if (minimal)
            n.wait_s = 5;
        body = message_poll(a, d->config.dialect, &n);
    }
    return body;
}

void node_call(struct node_daemon *d, enum node_call call, bool minimal)
{
    struct node_ask *k = &d->ask[call];
    struct arena a = {0};
    struct err e;
    if (k->fetch)
        fetch_cancel(k->fetch);
    if (call == CALL_REGISTER)
        *d->token = '\0';
    *k = (struct node_ask){.d = d, .call = call, .job = -1};
    int64_t limit = call == CALL_HEARTBEAT ? BEAT_LIMIT_MS
                    : call == CALL_POLL    ? d->config.is->wait_s * 1000 + POLL_MORE_MS
                                           : CALL_LIMIT_MS;
    const struct question q = {.url = message_url(&a, d->config.is->url, d->config.dialect, call, NULL),
                               .type = "application/json",
                               .body = body_of(d, &a, call, minimal),
                               .limit_ms = limit};
    if (!ask(d, k, &a, &q, on_answer, &e)) {
        snprintf(d->problem, sizeof d->problem, "%.190s", e.text);
        agent_answer(&d->agent, call, -1, 0, 0);
    }
    arena_release(&a);
}

void node_report(struct node_daemon *d, int job, bool minimal)
{
    struct node_job *n = &d->job[job];
    struct arena a = {0};
    struct err e;
    enum job_dialect dialect = d->config.dialect;
    if (!n->report)
        n->report = node_store_entry(d, d->agent.job[job].id);
    n->ask = (struct node_ask){.d = d, .call = CALL_REPORT, .job = job};
    bool files = dialect == JOB_NODES_V1 && json_is_true(json_object_get(n->report, "ok"));
    struct question q = {.url = message_url(&a, d->config.is->url, dialect, CALL_REPORT, n->report),
                         .key = json_string_value(json_object_get(n->report, "key")),
                         .type = "application/json",
                         .limit_ms = CALL_LIMIT_MS};
    if (files)
        q.body = node_parts(d, job, &a, &q.type);
    else
        q.body = message_report(&a, dialect, n->report, minimal);
    if (!n->report || !ask(d, &n->ask, &a, &q, on_answer, &e))
        agent_answer(&d->agent, CALL_REPORT, job, 0, 0);
    arena_release(&a);
}

/* A job that is not ours any more ends; what it would report is refused, and kept aside. */
static void on_ack(void *ctx, const struct fetch_answer *answer)
{
    struct node_ask *k = ctx;
    struct node_daemon *d = k->d;
    const char *id = d->agent.job[k->job].id;
    k->fetch = NULL;
    if (answer->arrived && (answer->status == 404 || answer->status == 409)) {
        node_log(d, NODE_WARNING, "job.lost", id, json_pack("{si}", "status", answer->status));
        agent_at(&d->agent, loop_now(), (uint32_t)wall_now());
        agent_cancel(&d->agent, id);
        node_pump(d);
    }
}

void node_ack(struct node_daemon *d, int job)
{
    struct node_job *n = &d->job[job];
    struct arena a = {0};
    struct err e;
    const char *id = d->agent.job[job].id, *base = message_url(&a, d->config.is->url, JOB_NODES_V1, CALL_POLL, NULL);
    json_t *body = json_pack("{ss ss}", "job_id", id, "node_id", d->id);
    n->ack = (struct node_ask){.d = d, .call = CALL_REPORT, .job = job};
    /* Twice, because the reference's mock reads the address and its text the body. */
    const struct question q = {
        .url = arena_text(&a, "%.*s/ack?job_id=%s&node_id=%s", (int)(strlen(base) - strlen("/pull")), base, id, d->id),
        .type = "application/json",
        .body = message_text(&a, body),
        .limit_ms = CALL_LIMIT_MS};
    ask(d, &n->ack, &a, &q, on_ack, &e); /* one that is lost changes nothing: the job runs */
    json_decref(body);
    arena_release(&a);
}

void node_call_forget(struct node_daemon *d, int job)
{
    if (d->job[job].ack.fetch)
        fetch_cancel(d->job[job].ack.fetch);
    d->job[job].ack.fetch = NULL;
    if (d->job[job].ask.fetch)
        fetch_cancel(d->job[job].ask.fetch);
    d->job[job].ask.fetch = NULL;
}
