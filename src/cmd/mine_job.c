/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_job.h"

#include "cmd/mine_event.h"

#include <string.h>

const char *const mine_job_names[JOB_COUNT] = {"commitment", "auction"};

/* ---- how the endpoints are ---------------------------------------------------------------------------------------- */

json_t *mine_endpoints_json(const struct endpoints *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->count; i++) {
        const struct endpoint *p = &s->at[i];
        json_t *o = json_pack("{ss sb sI sI}", "host", p->host, "ok", (int)(p->failures == 0 && p->asked > 0), "asked",
                              (json_int_t)p->asked, "failed", (json_int_t)p->failed);
        json_object_set_new(o, "latency_ms", p->latency_ms < 0 ? json_null() : json_integer(p->latency_ms));
        json_object_set_new(o, "why", p->why.text[0] ? json_string(p->why.text) : json_null());
        json_object_set_new(o, "_memory",
                            json_pack("[IIII]", (json_int_t)p->failures, (json_int_t)p->rest_until_ms,
                                      (json_int_t)p->head, (json_int_t)p->risen_ms));
        json_array_append_new(list, o);
    }
    return list;
}

static int64_t memory_of(const json_t *o, size_t place)
{
    return json_integer_value(json_array_get(json_object_get(o, "_memory"), place));
}

static void recall(struct endpoint *p, const json_t *o)
{
    int64_t latency = json_int(o, "latency_ms");
    const char *why = json_string_value(json_object_get(o, "why"));
    p->asked = json_integer_value(json_object_get(o, "asked"));
    p->failed = json_integer_value(json_object_get(o, "failed"));
    p->latency_ms = latency >= 0 ? latency : -1;
    p->failures = memory_of(o, 0);
    p->rest_until_ms = memory_of(o, 1);
    p->head = (uint64_t)memory_of(o, 2);
    p->risen_ms = memory_of(o, 3);
    if (why)
        err_set(&p->why, "%s", why);
}

/* By place and host: two endpoints of one host are two. */
void mine_endpoints_recall(const struct endpoints *s, const json_t *known)
{
    for (size_t i = 0; i < s->count && i < json_array_size(known); i++) {
        const json_t *o = json_array_get(known, i);
        const char *host = json_string_value(json_object_get(o, "host"));
        if (host && strcmp(host, s->at[i].host) == 0)
            recall(&s->at[i], o);
    }
}

/* ---- one run ------------------------------------------------------------------------------------------------------ */

bool mine_run_connect(struct mine_run *r, struct err *e)
{
    struct mine_rpc_limits limits = {.all_ms = r->task->limit_ms / 3};
    struct endpoints *all = &r->setup.endpoints;
    mine_endpoints_recall(all, r->task->known);
    if (!(r->loop = loop_open(e)) || !(r->rpc = mine_rpc_open(r->loop, all, &limits, e)))
        return false;
    for (size_t tries = 0; tries <= all->count; tries++) {
        if (!mine_chain_load_kept(r->rpc, &r->a, r->task->kept_fd, &r->chain, e))
            return false;
        struct endpoint *by = mine_rpc_endpoint(r->rpc);
        if (endpoint_head(all, by, r->chain.head, loop_now()))
            return true;
        *e = by->why;
    }
    return false;
}

static void wake(void *ctx)
{
    loop_stop(ctx, 0);
}

void mine_run_nap(struct mine_run *r, int64_t ms)
{
    loop_timer(r->loop, loop_now() + ms, wake, r->loop);
    loop_run(r->loop);
    loop_timer_stop(r->loop, wake, r->loop);
}

static void tell_chain(struct mine_run *r)
{
    const struct endpoint *by = r->rpc ? mine_rpc_endpoint(r->rpc) : NULL;
    if (by)
        json_object_set_new(r->patch, "endpoint", json_string(by->host));
    json_object_set_new(r->patch, "network", json_string(r->setup.config->network));
    json_object_set_new(r->patch, "netuid", json_integer(r->setup.config->netuid));
    json_object_set_new(r->patch, "hotkey", r->setup.has_account ? json_string(r->setup.hotkey) : json_null());
}

static json_t *tell(struct mine_run *r, enum mine_job job, bool ok, const struct err *e)
{
    bool read = r->setup.config != NULL;
    if (read)
        tell_chain(r);
    json_object_set_new(r->patch, "config",
                        json_pack("{sb so}", "ok", (int)read, "error", read ? json_null() : json_string(e->text)));
    json_t *o = json_pack("{ss sb so so so}", "job", mine_job_names[job], "ok", (int)ok, "error",
                          ok ? json_null() : json_string(e->text), "head",
                          r->chain.metadata ? json_integer((json_int_t)r->chain.head) : json_null(), "patch",
                          json_incref(r->patch));
    if (r->rpc)
        json_object_set_new(o, "endpoints", mine_endpoints_json(&r->setup.endpoints));
    return o;
}

json_t *mine_job_do(enum mine_job job, const struct mine_task *task)
{
    static bool (*const runs[JOB_COUNT])(struct mine_run *, struct err *) = {mine_commitment_run, mine_auction_run};
    struct mine_run r = {.task = task, .a = {0}, .patch = json_object()};
    struct err e = {""};
    bool read = mine_setup_read(&r.a, task->config, &r.setup, &e);
    if (!read)
        mine_event(task->log_fd, MINE_ERROR, "Invalid configuration; this run is skipped",
                   json_pack("{ss}", "error", e.text));
    bool ok = read && runs[job](&r, &e);
    json_t *out = tell(&r, job, ok, &e);
    if (r.rpc)
        mine_rpc_close(r.rpc);
    if (r.loop)
        loop_close(r.loop);
    json_decref(r.patch);
    arena_release(&r.a);
    return out;
}
