/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dialect 1, the miner's side: /v1/miners/... */
#include "sim/coordinator_private.h"

#include <string.h>

static void run_register(struct coordinator_call *k)
{
    static const struct shape_row rows[] = {{"capabilities", SHAPE_OBJECT, true, false, false},
                                            {"concurrency", SHAPE_WHOLE, false, true, false},
                                            {"region", SHAPE_TEXT, false, false, true},
                                            {.name = NULL}};
    if (!shape_holds(k, rows))
        return;
    struct bytes caps = json_bytes(k->a, json_object_get(k->body, "capabilities"));
    work_enrol(k, arena_copy(k->a, caps), shape_whole(k->body, "concurrency", 1),
               json_string_value(json_object_get(k->body, "region")));
    answer_json(
        k, 200,
        json_pack("{s:s, s:s}", "status", "ok", "session_token", book_id(k->c, k->a, "session", ++k->c->asked)));
}

/* Jobs that the client took back and that this miner has not ended yet. */
static json_t *taken_back(const struct coordinator *c, const char *miner)
{
    enum { MOST = 32 };
    json_t *list = json_array();
    for (size_t i = 0; i < c->jobs && json_array_size(list) < MOST; i++) {
        const struct book_job *j = &c->job[i];
        if (j->state == BOOK_CANCELED && j->miner && j->fails == 0 && strcmp(j->miner, miner) == 0)
            json_array_append_new(list, json_string(j->id));
    }
    return list;
}

static void run_heartbeat(struct coordinator_call *k)
{
    static const struct shape_row rows[] = {{"inflight", SHAPE_WHOLE, false, false, false},
                                            {"status", SHAPE_TEXT, false, false, false},
                                            {"metadata", SHAPE_OBJECT, false, false, false},
                                            {.name = NULL}};
    struct book_miner *m = book_miner(k->c, k->who);
    if (!shape_holds(k, rows))
        return;
    if (!m) {
        answer_detail(k, 404, "miner not registered");
        return;
    }
    const char *status = json_string_value(json_object_get(k->body, "status"));
    m->inflight = shape_whole(k->body, "inflight", 0);
    m->status = status && strcmp(status, "ONLINE") != 0 ? book_keep_text(k->c, status) : "ONLINE";
    m->heard_ms = k->r->now_ms;
    work_heard(k, m->id, json_list(json_child(k->body, "metadata"), "jobs"), m->inflight);
    json_t *o = json_pack("{s:s}", "status", "ok");
    if (k->c->o.strict) {
        json_object_set_new(o, "cancel", taken_back(k->c, m->id));
        json_object_set_new(o, "drain", json_boolean(k->c->drain));
    }
    answer_json(k, 200, o);
}

/* Ids that must never become a path. */
static const char *bad_id(int64_t number)
{
    static const char *const ids[] = {
        "../../etc/passwd",
        "j\xc3\xb6"
        "b",
        "a/b",
        ".hidden",
        "-rf",
        "a b",
        "",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    const int64_t count = sizeof ids / sizeof *ids;
    return ids[number < 0 ? 0 : number % count];
}

static const char *or_nothing(struct arena *a, struct bytes object)
{
    return object.at ? arena_copy(a, object) : "null";
}

/* The constraints with all their members, in the server's order. */
static const char *constraints_of(struct coordinator_call *k, const struct book_job *j)
{
    static const char *const names[] = {"gpu", "cuda", "min_vram_gb", "models", "region", "max_price", NULL};
    const char *text = "{", *between = "";
    for (const char *const *n = names; *n; n++, between = ",")
        text = arena_text(k->a, "%s%s\"%s\":%s", text, between, *n, or_nothing(k->a, shape_raw(j->constraints, *n)));
    return arena_text(k->a, "%s}", text);
}

static void hand_out(struct coordinator_call *k, const struct book_job *j)
{
    const char *id = strcmp(k->r->twist, "bad-id") == 0 ? bad_id(k->r->twist_number) : j->id;
    k->out->status = 200;
    k->out->body = bytes_of(arena_text(k->a, "{\"job_id\":\"%s\",\"payload\":%s,\"constraints\":%s}", id,
                                       j->payload.at ? arena_copy(k->a, j->payload) : "{}", constraints_of(k, j)));
}

static void run_poll(struct coordinator_call *k)
{
    static const struct shape_row rows[] = {{"max_wait_seconds", SHAPE_WHOLE, false, false, false}, {.name = NULL}};
    enum { MOST_S = 60 };
    struct book_miner *m = book_miner(k->c, k->who);
    if (!shape_holds(k, rows))
        return;
    if (!m) {
        answer_text(k, 500, "Internal Server Error"); /* the real one's KeyError */
        return;
    }
    const struct book_job *j = work_give(k, m);
    int64_t wait_s = shape_whole(k->body, "max_wait_seconds", 15);
    if (j) {
        hand_out(k, j);
        return;
    }
    k->out->status = 204;
    k->out->wait_ms = k->c->o.strict && wait_s > 0 ? 1000 * (wait_s < MOST_S ? wait_s : MOST_S) : 0;
}

static void run_result(struct coordinator_call *k)
{
    static const struct shape_row rows[] = {
        {"result", SHAPE_OBJECT, true, false, false}, {"metrics", SHAPE_OBJECT, false, false, false}, {.name = NULL}};
    struct book_job *j = book_job(k->c, k->id);
    bool again;
    if (!shape_holds(k, rows) || !work_may_end(k, j, BOOK_COMPLETED, &again))
        return;
    if (!again)
        work_result(k, j, shape_raw(k->r->body, "result"), shape_raw(k->r->body, "metrics"));
    struct bytes receipt = receipt_twisted(k, j->receipt);
    k->out->status = 200;
    k->out->body = bytes_of(
        arena_text(k->a, "{\"status\":\"ok\",\"receipt\":%s}", receipt.at ? arena_copy(k->a, receipt) : "null"));
}

static void run_fail(struct coordinator_call *k)
{
    static const struct shape_row rows[] = {{"error_code", SHAPE_TEXT, true, false, false},
                                            {"error_message", SHAPE_TEXT, true, false, false},
                                            {"metrics", SHAPE_OBJECT, false, false, false},
                                            {.name = NULL}};
    struct book_job *j = book_job(k->c, k->id);
    bool again;
    if (!shape_holds(k, rows) || !work_may_end(k, j, BOOK_FAILED, &again))
        return;
    if (!again)
        work_fail(k, j, json_string_value(json_object_get(k->body, "error_code")),
                  json_string_value(json_object_get(k->body, "error_message")));
    answer_json(k, 200, json_pack("{s:s}", "status", "ok"));
}

/* The file's size and sum have to be those of its metadata. */
static bool is_whole_file(const json_t *told, const json_t *file)
{
    struct bytes sum = json_raw(told, "sha256");
    return file && json_int(told, "size") == json_int(file, "bytes") && sum.len == 64 &&
           bytes_equal(sum, json_raw(file, "sha256"));
}

static void run_artifact(struct coordinator_call *k)
{
    struct book_job *j = book_job(k->c, k->id);
    json_t *told = json_read(json_raw(k->body, "metadata"), "metadata", NULL);
    const json_t *file = json_array_get(json_object_get(k->body, "files"), 0);
    bool again, good = is_whole_file(told, file);
    if (!good) {
        answer_detail(k, 422, "artifact: size or sha256 is not what was sent");
    } else if (work_may_end(k, j, BOOK_COMPLETED, &again)) {
        j->files++;
        k->out->changed = true;
        answer_json(k, 200, json_pack("{s:s, s:O}", "status", "ok", "sha256", json_object_get(file, "sha256")));
    }
    json_decref(told);
}

const struct coordinator_route miner_routes[] = {
    {"POST", "/v1/miners/register", ROUTE_MINER, false, run_register},
    {"POST", "/v1/miners/heartbeat", ROUTE_MINER, false, run_heartbeat},
    {"POST", "/v1/miners/poll", ROUTE_MINER, false, run_poll},
    {"POST", "/v1/miners/*/result", ROUTE_MINER, false, run_result},
    {"POST", "/v1/miners/*/fail", ROUTE_MINER, false, run_fail},
    {"POST", "/v1/miners/*/artifacts", ROUTE_MINER, true, run_artifact},
    {.path = NULL},
};
