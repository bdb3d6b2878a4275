/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who orders jobs, who looks, and who tests: /v1/jobs, /v1/admin and /__admin. */
#include "sim/coordinator_private.h"

#include <string.h>

enum { TTL_S = 900, MOST_JOBS = 100000 };

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *stamp(int64_t at_ms)
{
    return json_integer(at_ms / 1000);
}

static json_t *view_of(const struct book_job *j)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "job_id", j->id, "state", book_state_names[j->state],
                     "assigned_miner_id", text_or_null(j->miner), "requested_at", stamp(j->requested_ms), "expires_at",
                     stamp(j->expires_ms), "error", text_or_null(j->error));
}

static struct book_job *order(struct coordinator_call *k, const char *id)
{
    struct coordinator *c = k->c;
    struct book_job *j = book_add(c);
    j->id = book_keep_text(c, id ? id : book_id(c, k->a, "job", ++c->submitted));
    j->client = book_keep_text(c, k->who);
    j->payload = book_keep(c, shape_raw(k->r->body, "payload"));
    j->constraints = book_keep(c, shape_raw(k->r->body, "constraints"));
    j->requested_ms = k->r->now_ms;
    j->expires_ms = k->r->now_ms + 1000 * shape_whole(k->body, "ttl_seconds", TTL_S);
    k->out->changed = true;
    return j;
}

static const struct shape_row job_rows[] = {{"payload", SHAPE_OBJECT, true, false, false},
                                            {"constraints", SHAPE_OBJECT, false, false, true},
                                            {"ttl_seconds", SHAPE_WHOLE, false, true, false},
                                            {.name = NULL}};

static void run_order(struct coordinator_call *k)
{
    if (shape_holds(k, job_rows))
        answer_json(k, 201, view_of(order(k, NULL)));
}

/* NULL: answered. */
static struct book_job *asked_for(struct coordinator_call *k)
{
    struct book_job *j = book_job(k->c, k->id);
    if (!j)
        answer_detail(k, 404, "job not found");
    return j;
}

static void run_show(struct coordinator_call *k)
{
    const struct book_job *j = asked_for(k);
    if (j)
        answer_json(k, 200, view_of(j));
}

static const char *raw_or_null(struct arena *a, struct bytes text)
{
    return text.at ? arena_copy(a, text) : "null";
}

static void run_show_result(struct coordinator_call *k)
{
    const struct book_job *j = asked_for(k);
    if (j && j->state != BOOK_COMPLETED)
        answer_detail(k, 425, "job not ready");
    else if (j)
        *k->out = (struct coordinator_answer){
            .status = 200,
            .body = bytes_of(arena_text(k->a, "{\"result\":%s,\"receipt\":%s}", raw_or_null(k->a, j->result),
                                        raw_or_null(k->a, j->receipt)))};
}

static void run_show_receipt(struct coordinator_call *k)
{
    const struct book_job *j = asked_for(k);
    if (j && !j->receipt.at)
        answer_detail(k, 404, "receipt not available");
    else if (j)
        *k->out = (struct coordinator_answer){.status = 200, .body = j->receipt};
}

static void run_show_receipts(struct coordinator_call *k)
{
    const struct book_job *j = asked_for(k);
    if (j)
        *k->out = (struct coordinator_answer){
            .status = 200,
            .body = bytes_of(arena_text(k->a, "{\"items\":[%s]}", j->receipt.at ? arena_copy(k->a, j->receipt) : ""))};
}

static void run_cancel(struct coordinator_call *k)
{
    struct book_job *j = asked_for(k);
    if (j && j->state > BOOK_RUNNING) {
        answer_detail(k, 409, "job not cancelable");
    } else if (j) {
        j->state = BOOK_CANCELED;
        k->out->changed = true;
        answer_json(k, 200, view_of(j));
    }
}

static void run_health(struct coordinator_call *k)
{
    answer_json(k, 200, json_pack("{s:s, s:s}", "status", "ok", "env", "dev"));
}

const struct coordinator_route client_routes[] = {
    {"GET", "/v1/health", ROUTE_ANYBODY, false, run_health},
    {"POST", "/v1/jobs", ROUTE_CLIENT, false, run_order},
    {"GET", "/v1/jobs/*/result", ROUTE_CLIENT, false, run_show_result},
    {"GET", "/v1/jobs/*/receipt", ROUTE_CLIENT, false, run_show_receipt},
    {"GET", "/v1/jobs/*/receipts", ROUTE_CLIENT, false, run_show_receipts},
    {"POST", "/v1/jobs/*/cancel", ROUTE_CLIENT, false, run_cancel},
    {"GET", "/v1/jobs/*", ROUTE_CLIENT, false, run_show},
    {.path = NULL},
};

/* ---- who looks after it all ---- */

static json_t *row_of(const struct book_job *j)
{
    return json_pack("{s:s, s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:o}", "job_id", j->id, "state",
                     book_state_names[j->state], "miner", text_or_null(j->miner), "given", (json_int_t)j->given,
                     "results", (json_int_t)j->results, "fails", (json_int_t)j->fails, "receipts",
                     (json_int_t)j->receipts, "files", (json_int_t)j->files, "error", text_or_null(j->error));
}

static json_t *miner_of(const struct book_miner *m)
{
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "miner_id", m->id, "status", m->status, "concurrency",
                     (json_int_t)m->concurrency, "inflight", (json_int_t)m->inflight, "jobs_completed",
                     (json_int_t)m->done, "jobs_failed", (json_int_t)m->failed, "last_heartbeat",
                     (json_int_t)(m->heard_ms / 1000));
}

static json_t *all_jobs(const struct coordinator *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->jobs; i++)
        json_array_append_new(list, row_of(&c->job[i]));
    return list;
}

static json_t *all_miners(const struct coordinator *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->miners; i++)
        json_array_append_new(list, miner_of(&c->miner[i]));
    return list;
}

static json_t *counts(const struct coordinator *c)
{
    struct coordinator_tally t = coordinator_tally(c);
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "jobs", (json_int_t)t.jobs, "queued",
                     (json_int_t)t.queued, "running", (json_int_t)t.running, "completed", (json_int_t)t.completed,
                     "failed", (json_int_t)t.failed, "canceled", (json_int_t)t.canceled, "expired",
                     (json_int_t)t.expired, "receipts", (json_int_t)t.receipts, "miners", (json_int_t)t.miners);
}

static void run_stats(struct coordinator_call *k)
{
    answer_json(k, 200, counts(k->c));
}

static void run_jobs(struct coordinator_call *k)
{
    answer_json(k, 200, json_pack("{s:o}", "items", all_jobs(k->c)));
}

static void run_miners(struct coordinator_call *k)
{
    answer_json(k, 200, json_pack("{s:o}", "items", all_miners(k->c)));
}

static void run_state(struct coordinator_call *k)
{
    json_t *o = counts(k->c);
    json_object_set_new(o, "book", all_jobs(k->c));
    json_object_set_new(o, "miner", all_miners(k->c));
    answer_json(k, 200, o);
}

static void run_submit(struct coordinator_call *k)
{
    const char *id = json_string_value(json_object_get(k->body, "job_id"));
    if (!shape_holds(k, job_rows))
        return;
    int64_t count = id ? 1 : shape_whole(k->body, "count", 1);
    json_t *ids = json_array();
    k->who = k->c->o.client_key;
    if (count < 1 || count > MOST_JOBS || (id && book_job(k->c, id)))
        count = 0;
    for (int64_t i = 0; i < count; i++)
        json_array_append_new(ids, json_string(order(k, id)->id));
    answer_json(k, count > 0 ? 201 : 409, json_pack("{s:o}", "job_id", ids));
}

static void run_take_back(struct coordinator_call *k)
{
    const char *id = json_string_value(json_object_get(k->body, "job_id"));
    k->id = id ? id : "";
    run_cancel(k);
}

static void run_drain(struct coordinator_call *k)
{
    k->c->drain = json_is_true(json_object_get(k->body, "drain"));
    k->out->changed = true;
    answer_json(k, 200, json_pack("{s:b}", "drain", k->c->drain));
}

/* The coordinator lost its table of miners. */
static void run_forget(struct coordinator_call *k)
{
    k->c->miners = 0;
    k->out->changed = true;
    answer_json(k, 200, json_pack("{s:s}", "status", "ok"));
}

const struct coordinator_route admin_routes[] = {
    {"GET", "/v1/admin/stats", ROUTE_ADMIN, false, run_stats},
    {"GET", "/v1/admin/jobs", ROUTE_ADMIN, false, run_jobs},
    {"GET", "/v1/admin/miners", ROUTE_ADMIN, false, run_miners},
    {"POST", "/__admin/submit", ROUTE_ANYBODY, false, run_submit},
    {"POST", "/__admin/cancel", ROUTE_ANYBODY, false, run_take_back},
    {"POST", "/__admin/drain", ROUTE_ANYBODY, false, run_drain},
    {"POST", "/__admin/forget", ROUTE_ANYBODY, false, run_forget},
    {"GET", "/__admin/state", ROUTE_ANYBODY, false, run_state},
    {.path = NULL},
};
