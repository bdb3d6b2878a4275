/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dialect 2: /api/v1/nodes and /api/v1/jobs. The payload of a job is its manifest. */
#include "node/receipt.h"
#include "sim/coordinator_private.h"

#include <string.h>

/* The node is who it says; the token shows only that it may. */
static const char *self(struct coordinator_call *k)
{
    const char *id = json_string_value(json_object_get(k->body, "node_id"));
    return id ? id : k->who;
}

static void run_register(struct coordinator_call *k)
{
    static const struct shape_row rows[] = {{"node_id", SHAPE_TEXT, true, false, false}, {.name = NULL}};
    if (!shape_holds(k, rows))
        return;
    k->who = self(k);
    work_enrol(k, arena_copy(k->a, json_bytes(k->a, k->body)), shape_whole(k->body, "concurrency", 4), NULL);
    answer_json(k, 200, json_pack("{s:s}", "node_token", k->r->key));
}

static void run_heartbeat(struct coordinator_call *k)
{
    struct book_miner *m = book_miner(k->c, self(k));
    if (!m) {
        answer_detail(k, 404, "node not registered");
        return;
    }
    m->heard_ms = k->r->now_ms;
    m->inflight = shape_whole(k->body, "inflight", m->inflight);
    work_heard(k, m->id, json_list(k->body, "jobs"), m->inflight);
    answer_json(k, 200, json_pack("{s:s}", "status", "ok"));
}

static void run_pull(struct coordinator_call *k)
{
    struct book_miner *m = book_miner(k->c, self(k));
    if (!m) {
        answer_detail(k, 404, "node not registered");
        return;
    }
    const struct book_job *j = work_give(k, m);
    const char *rest =
        j && j->payload.len > 2 ? arena_copy(k->a, bytes_from(j->payload, bytes_find(j->payload, "{") + 1)) : "}";
    k->out->status = 200;
    k->out->body =
        bytes_of(j ? arena_text(k->a, "{\"job\":{\"job_id\":\"%s\"%s%s}", j->id, *rest == '}' ? "" : ",", rest)
                   : "{\"job\":null}");
}

static struct book_job *job_told(struct coordinator_call *k)
{
    const char *id = json_string_value(json_object_get(k->body, "job_id"));
    return id ? book_job(k->c, id) : NULL;
}

/* ack, progress: whether the job is still the caller's. */
static void run_still(struct coordinator_call *k)
{
    struct book_job *j = job_told(k);
    bool again;
    k->who = self(k);
    if (!work_may_end(k, j, BOOK_RUNNING, &again))
        return;
    j->heard_ms = k->r->now_ms;
    k->out->changed = true;
    answer_json(k, 200, json_pack("{s:s}", "status", "ok"));
}

/* The form's text `metadata` has result and metrics in it. */
static void run_result(struct coordinator_call *k)
{
    struct book_job *j = job_told(k);
    const char *text = json_string_value(json_object_get(k->body, "metadata"));
    json_t *told = text ? json_read(bytes_of(text), "metadata", NULL) : NULL;
    bool again;
    if (!json_is_object(told)) {
        answer_detail(k, 422, "metadata: expected a JSON object");
        return;
    }
    k->who = j && j->miner ? j->miner : k->who; /* the form does not name the node */
    if (work_may_end(k, j, BOOK_COMPLETED, &again)) {
        struct bytes whole = bytes_of(text), result = shape_raw(whole, "result");
        if (!again)
            work_result(k, j, result.at ? result : whole, shape_raw(whole, "metrics"));
        j->files = (int64_t)json_array_size(json_object_get(k->body, "files"));
        struct bytes receipt = receipt_twisted(k, j->receipt);
        k->out->status = 200;
        k->out->body = bytes_of(
            arena_text(k->a, "{\"status\":\"ok\",\"receipt\":%s}", receipt.at ? arena_copy(k->a, receipt) : "null"));
    }
    json_decref(told);
}

static void run_fail(struct coordinator_call *k)
{
    static const struct shape_row rows[] = {
        {"job_id", SHAPE_TEXT, true, false, false}, {"error_code", SHAPE_TEXT, true, false, false}, {.name = NULL}};
    bool again;
    if (!shape_holds(k, rows))
        return;
    struct book_job *j = job_told(k);
    const char *message = json_string_value(json_object_get(k->body, "error_msg"));
    k->who = j && j->miner ? j->miner : k->who;
    if (!work_may_end(k, j, BOOK_FAILED, &again))
        return;
    if (!again)
        work_fail(k, j, json_string_value(json_object_get(k->body, "error_code")), message ? message : "");
    answer_json(k, 200, json_pack("{s:s}", "status", "ok"));
}

const struct coordinator_route node_routes[] = {
    {"POST", "/api/v1/nodes/register", ROUTE_MINER, false, run_register},
    {"POST", "/api/v1/nodes/heartbeat", ROUTE_MINER, false, run_heartbeat},
    {"POST", "/api/v1/jobs/pull", ROUTE_MINER, false, run_pull},
    {"POST", "/api/v1/jobs/ack", ROUTE_MINER, false, run_still},
    {"POST", "/api/v1/jobs/progress", ROUTE_MINER, false, run_still},
    {"POST", "/api/v1/jobs/result", ROUTE_MINER, false, run_result},
    {"POST", "/api/v1/jobs/fail", ROUTE_MINER, false, run_fail},
    {.path = NULL},
};
