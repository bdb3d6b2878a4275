/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the node says about itself: its heartbeat, its status file (state/node-status.json, for the dashboard). */
#include "cmd/node_daemon.h"

#include "base/file.h"
#include "base/timetext.h"
#include "node/money.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *slots(const struct node_daemon *d)
{
    return json_pack("{s{sI sI} s{sI sI}}", "cpu", "used", (json_int_t)agent_slots_used(&d->agent, false), "total",
                     (json_int_t)d->config.is->cpu_slots, "gpu", "used", (json_int_t)agent_slots_used(&d->agent, true),
                     "total", (json_int_t)d->config.is->gpu_slots);
}

static json_t *queue(const struct node_daemon *d)
{
    return json_pack("{sI sI sI}", "pending", (json_int_t)agent_count(&d->agent, 1U << JOB_ACKED), "retry",
                     (json_int_t)agent_count(&d->agent, 1U << JOB_RETRY_WAIT), "outbox",
                     (json_int_t)agent_count(&d->agent, 1U << JOB_UPLOADING | 1U << JOB_COLLECT));
}

static json_t *job_json(const struct node_daemon *d, int i)
{
    const struct agent_job *j = &d->agent.job[i];
    const struct node_job *n = &d->job[i];
    bool runs = j->state == JOB_RUNNING, waits = j->state == JOB_RETRY_WAIT || j->state == JOB_UPLOADING;
    int64_t due = waits && !j->asked && j->due_ms > loop_now() ? wall_now() + j->due_ms - loop_now() : NOT_KNOWN;
    json_t *o =
        json_pack("{ss ss ss ss? so sb si so so so so ss? si so}", "job_id", j->id, "state", agent_job_states[j->state],
                  "runner", node_runner_names[n->job.runner], "command", n->job.command ? n->job.command : n->job.model,
                  "slot", j->slot >= 0 ? json_integer(j->slot) : json_null(), "gpu", j->gpu, "attempt", j->attempt,
                  "started_ms", json_from_int(runs ? n->started_wall_ms : NOT_KNOWN), "limit_ms",
                  json_from_int(runs ? node_work_limit_ms(d, &n->job) : NOT_KNOWN), "percent",
                  json_from_int(runs && n->percent >= 0 ? n->percent : NOT_KNOWN), "due_ms", json_from_int(due), "code",
                  j->code == E_NONE ? NULL : node_codes[j->code].name, "tries", j->tries, "last_status",
                  json_from_int(j->last_status ? j->last_status : NOT_KNOWN));
    json_object_set_new(o, "assigned_ms", json_integer(n->assigned_wall_ms));
    return o;
}

json_t *node_status_jobs(const struct node_daemon *d)
{
    json_t *list = json_array();
    for (int i = 0; i < AGENT_JOBS; i++)
        if (d->agent.job[i].state != JOB_FREE)
            json_array_append_new(list, job_json(d, i));
    return list;
}

static json_t *beat_jobs(const struct node_daemon *d)
{
    enum { MOST = 32 };
    json_t *list = json_array();
    for (int i = 0; i < AGENT_JOBS && json_array_size(list) < MOST; i++) {
        const struct agent_job *j = &d->agent.job[i];
        double elapsed_s = j->state == JOB_RUNNING ? (double)(loop_now() - j->started_ms) / 1000 : NAN;
        if (j->state != JOB_FREE)
            json_array_append_new(list, json_pack("{ss ss so}", "job_id", j->id, "state", agent_job_states[j->state],
                                                  "elapsed_s", json_from_num(elapsed_s)));
    }
    return list;
}

json_t *node_beat_json(const struct node_daemon *d)
{
    json_t *o = probe_beat(&d->probe);
    json_object_set_new(o, "timestamp", json_real((double)wall_now() / 1000));
    json_object_set_new(o, "uptime_s", json_integer((loop_now() - d->started_ms) / 1000));
    json_object_set_new(o, "version", json_string(DAVY_VERSION));
    json_object_set_new(o, "slots", slots(d));
    json_object_set_new(o, "queue", queue(d));
    json_object_set_new(o, "jobs", beat_jobs(d));
    return o;
}

static json_t *problems(const struct node_daemon *d)
{
    static const char *const sides[] = {"the coordinator refuses the key (401)", "paused", "the disk is nearly full",
                                        "no GPU is usable", "the coordinator refuses what the settings say"};
    json_t *list = json_array();
    for (unsigned i = 0; i < sizeof sides / sizeof *sides; i++)
        if (d->agent.side >> i & 1)
            json_array_append_new(list, json_string(sides[i]));
    if (*d->problem)
        json_array_append_new(list, json_string(d->problem));
    if (*d->config.bad_list)
        json_array_append_new(list, json_string(d->config.bad_list));
    return list;
}

static json_t *earnings(const struct node_daemon *d)
{
    char paid[MONEY_TEXT], open[MONEY_TEXT], one[MONEY_TEXT], day[TIME_TEXT];
    json_t *days = json_array();
    for (size_t i = 0; i < d->days; i++)
        json_array_append_new(days, json_pack("{ss% ss sI}", "day", time_iso(day, d->day[i].day_ms), (size_t)10, "paid",
                                              money_text(one, d->day[i].micro), "jobs", (json_int_t)d->day[i].jobs));
    return json_pack("{ss ss so}", "total", money_text(paid, d->paid_micro), "unverified",
                     money_text(open, d->unverified_micro), "days", days);
}

static json_t *recent(const struct node_daemon *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->recents; i++) {
        const struct node_done *r = &d->recent[i];
        json_array_append_new(list,
                              json_pack("{ss ss ss? sI sI ss? sb}", "job_id", r->id, "code", r->code, "runner",
                                        r->runner, "at_ms", (json_int_t)r->at_ms, "took_ms", (json_int_t)r->took_ms,
                                        "price", *r->price ? r->price : NULL, "verified", r->verified));
    }
    return list;
}

static json_t *gpus(const struct node_daemon *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->probe.gpus; i++) {
        json_t *g = probe_gpu_json(&d->probe.gpu[i]), *past = json_array();
        for (size_t k = 0; i == 0 && k < d->utils; k++)
            json_array_append_new(past, json_from_int(d->util[k]));
        json_object_set_new(g, "util_past", past);
        json_array_append_new(list, g);
    }
    return list;
}

static json_t *events(const struct node_daemon *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->events; i++)
        json_array_append_new(list, json_string(d->event[i].text));
    return list;
}

static json_t *coordinator(const struct node_daemon *d)
{
    return json_pack("{ss ss sb sb so so}", "url", d->config.is->url, "dialect", d->config.is->dialect, "registered",
                     d->agent.registered, "reachable", d->agent.reachable, "last_ok_ms",
                     json_from_int(d->last_ok_ms ? d->last_ok_ms : NOT_KNOWN), "latency_ms",
                     json_from_int(d->last_ok_ms ? d->latency_ms : NOT_KNOWN));
}

json_t *node_status_json(const struct node_daemon *d)
{
    json_t *q = queue(d);
    json_object_set_new(q, "dead", json_integer((json_int_t)node_store_dead(d)));
    json_t *o = json_pack("{si ss ss ss so sb si sI sI so so so so}", "version", 1, "node_id", d->id, "program",
                          DAVY_VERSION, "state", agent_states[d->agent.state].name, "problems", problems(d), "draining",
                          d->agent.drain || d->agent.stop, "pid", (int)getpid(), "uptime_s",
                          (json_int_t)((loop_now() - d->started_ms) / 1000), "updated_ms", (json_int_t)wall_now(),
                          "coordinator", coordinator(d), "slots", slots(d), "queue", q, "jobs", node_status_jobs(d));
    json_object_set_new(o, "recent", recent(d));
    json_object_set_new(o, "gpus", gpus(d));
    json_object_set_new(o, "gpu_state", json_from_text(d->probe.gpu_state));
    json_object_set_new(o, "earnings", earnings(d));
    json_object_set_new(o, "receipts",
                        json_pack("{sI sI}", "verified", (json_int_t)(d->receipts - d->receipts_bad), "bad",
                                  (json_int_t)d->receipts_bad));
    json_object_set_new(o, "events", events(d));
    json_object_set_new(o, "http_port", json_from_int(d->http_port > 0 ? d->http_port : NOT_KNOWN));
    json_object_set_new(o, "heartbeat_s", json_real(d->config.is->heartbeat_s));
    return o;
}

void node_status_write(struct node_daemon *d)
{
    struct err e;
    json_t *o = node_status_json(d);
    char *text = json_dumps(o, JSON_INDENT(1));
    if (text)
        file_keep(d->config.status, bytes_of(text), 0644, &e); /* what cannot be shown now is shown later */
    free(text);
    json_decref(o);
}
