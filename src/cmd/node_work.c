/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the agent and the runner: starts a job, and makes of its end what is reported. */
#include "cmd/node_daemon.h"

#include "base/json.h"
#include "cmd/davy_place.h"
#include "node/message.h"
#include "node/money.h"

#include <string.h>

enum { GPU_SLOTS_FROM = 64 };

int64_t node_work_limit_ms(const struct node_daemon *d, const struct job *job)
{
    int64_t s = d->config.is->runtime_s;
    const struct allow *list = job->runner == JOB_CLI ? lists_command(d->config.lists, job->command) : NULL;
    if (job->timeout_s > 0 && job->timeout_s < s)
        s = job->timeout_s;
    if (list && list->runtime_s > 0 && list->runtime_s < s)
        s = list->runtime_s;
    return s * 1000;
}

/* ---- the end ---- */

static json_t *artifacts(const struct runner_outcome *o)
{
    json_t *list = json_array();
    for (size_t i = 0; i < o->artifacts; i++)
        json_array_append_new(list, json_pack("{ss ss? sI ss sb}", "path", o->artifact[i].path, "type",
                                              o->artifact[i].type, "bytes", (json_int_t)o->artifact[i].bytes, "sha256",
                                              o->artifact[i].sha256, "uploaded", 0));
    return list;
}

/* What is paid for is said as measured; never a price of our own. */
static json_t *metrics(const struct node_daemon *d, int job, const struct runner_outcome *o)
{
    json_t *m = o->metrics ? json_copy((json_t *)o->metrics) : json_object(), *price;
    char units[32];
    int64_t micro;
    snprintf(units, sizeof units, "%lld.%03d", (long long)(o->run_ms / 1000), (int)(o->run_ms % 1000));
    json_object_set_new(m, "duration_ms", json_integer(o->run_ms));
    json_object_set_new(m, "units", json_real((double)o->run_ms / 1000));
    json_object_set_new(m, "unit_type", json_string(d->agent.job[job].gpu ? "gpu_seconds" : "cpu_seconds"));
    price = money_scaled(bytes_of(d->config.is->price), 6, &micro) ? json_real((double)micro / 1e6) : NULL;
    if (price)
        json_object_set_new(m, "unit_price", price);
    json_object_set_new(m, "attempts", json_integer(d->agent.job[job].attempt));
    if (o->code != E_NONE)
        json_object_set_new(m, "retryable", json_boolean(node_codes[o->code].again != AGAIN_NEVER));
    return m;
}

static json_t *result(const struct runner_outcome *o)
{
    json_t *r = o->result ? json_copy((json_t *)o->result) : json_object();
    if (o->code == E_NONE && !json_object_get(r, "status"))
        json_object_set_new(r, "status", json_string("completed"));
    if (o->artifacts)
        json_object_set_new(r, "artifacts", artifacts(o));
    return r;
}

static void on_done(void *ctx, const struct runner_outcome *o)
{
    struct node_job *n = ctx;
    struct node_daemon *d = n->d;
    int job = (int)(n - d->job);
    const struct agent_job *j = &d->agent.job[job];
    n->runner = NULL;
    n->run_ms = o->run_ms;
    node_point("after_run");
    json_decref(n->report);
    n->report = message_report_make(j->id, j->attempt, o->code, o->message, result(o), metrics(d, job, o));
    if (o->artifacts)
        json_object_set_new(n->report, "artifacts", artifacts(o));
    node_log(d, o->code == E_NONE ? NODE_INFO : NODE_WARNING, "job.exit", j->id,
             json_pack("{ss sI}", "code", node_codes[o->code].name, "run_ms", (json_int_t)o->run_ms));
    agent_at(&d->agent, loop_now(), (uint32_t)wall_now());
    agent_ended(&d->agent, job, o->code);
    node_pump(d);
}

static void on_news(void *ctx, const struct runner_news *news)
{
    struct node_job *n = ctx;
    n->d->dirty = n->d->dirty || n->percent != news->percent;
    n->percent = news->percent;
}

/* ---- the start ---- */

static struct runner_options options(struct node_daemon *d, int job, struct arena *a)
{
    const struct node_settings *is = d->config.is;
    const struct agent_job *j = &d->agent.job[job];
    const char *uuid = j->gpu && d->probe.gpus ? d->probe.gpu[(size_t)j->slot % d->probe.gpus].uuid : NULL;
    return (struct runner_options){
        .lists = d->config.lists,
        .fetcher = d->fetcher,
        .cgroup = d->groups,
        .python_off = !is->tasks,
        .ollama_off = !is->ollama,
        .noop_on = is->noop,
        .python = is->python,
        .task_folder = is->tasks ? davy_place(a, d->config.dir, is->tasks) : NULL,
        .ollama = {.url = is->ollama},
        .limits = {.runtime_s = is->runtime_s, .mem_mb = is->memory_mb},
        .slot = j->gpu ? GPU_SLOTS_FROM + j->slot : j->slot, /* a user of its own for each */
        .gpu = uuid,
        .news = on_news,
    };
}

static void cannot(struct node_daemon *d, int job, enum node_code code, const char *why)
{
    const struct agent_job *j = &d->agent.job[job];
    json_decref(d->job[job].report);
    d->job[job].report = message_report_make(j->id, j->attempt, code, NULL, NULL, NULL);
    node_log(d, NODE_ERROR, "job.start_failed", j->id, json_pack("{ss ss}", "code", node_codes[code].name, "why", why));
    agent_ended(&d->agent, job, code);
}

void node_work_start(struct node_daemon *d, int job)
{
    struct node_job *n = &d->job[job];
    struct agent_job *j = &d->agent.job[job];
    struct arena a = {0};
    struct err e;
    node_store_state(d, job, false, NULL); /* PREP: the same as ACKED to who recovers */
    node_point("after_prep");
    if (j->attempt > 0)
        node_store_again(d, j->id);
    n->started_wall_ms = wall_now();
    n->percent = -1;
    agent_running(&d->agent, job); /* counted before it begins: what takes the node down is not started for ever */
    if (!node_store_state(d, job, true, &e)) {
        cannot(d, job, E_DISK, e.text);
        return;
    }
    node_point("before_run");
    struct runner_options o = options(d, job, &a);
    n->runner = runner_start(d->loop, &o, &n->job, node_store_path(&a, d, j->id, ""), on_done, n, &e);
    arena_release(&a);
    if (!n->runner)
        cannot(d, job, E_SANDBOX, e.text);
    else
        node_log(d, NODE_INFO, "job.start", j->id, json_pack("{si si}", "slot", j->slot, "attempt", j->attempt));
    node_point("mid_run");
}

void node_work_stop(struct node_daemon *d, int job, enum node_code code)
{
    if (d->job[job].runner)
        runner_stop(d->job[job].runner, code);
}
