/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the node counts, and where its counters survive: metrics.state in the workspace, written when something was counted, at
 * most every ten seconds, and at the end. Receipts and earnings are the ledger's, which survives by itself. */
#include "cmd/node_daemon.h"

#include "base/file.h"

#include <math.h>
#include <string.h>

enum { KEEP_MS = 10000, KEPT_MOST = 1 << 20 };

static const char *path_of(struct arena *a, const struct node_daemon *d)
{
    return arena_text(a, "%s/metrics.state", d->config.root);
}

static void keep(struct node_daemon *d)
{
    struct arena a = {0};
    struct err e;
    if (d->counted)
        file_keep(path_of(&a, d), metrics_keep(&a, &d->metrics), 0600, &e); /* not now: with the next ten seconds */
    d->counted = false;
    arena_release(&a);
}

/* Late is what others have kept the loop busy with. */
static void on_keep(void *ctx)
{
    struct node_daemon *d = ctx;
    int64_t now = loop_now();
    d->lag_ms = d->keep_due_ms > 0 && now > d->keep_due_ms ? now - d->keep_due_ms : 0;
    d->keep_due_ms = now + KEEP_MS;
    keep(d);
    loop_timer(d->loop, d->keep_due_ms, on_keep, d);
}

void node_count_open(struct node_daemon *d)
{
    struct arena a = {0};
    struct bytes kept;
    struct file_stat s = {0};
    struct err e;
    bool read = file_read(&a, path_of(&a, d), KEPT_MOST, &kept, &s, &e);
    if (s.exists && (!read || !metrics_restore(&d->metrics, kept, &e))) {
        node_log(d, NODE_WARNING, "metrics.reset", NULL, json_pack("{ss}", "why", e.text));
        metrics_add(&d->metrics, METRIC_LOST_COUNTERS, NULL, NULL, 1);
    }
    arena_release(&a);
    on_keep(d);
}

void node_count_close(struct node_daemon *d)
{
    keep(d);
}

static void add(struct node_daemon *d, enum metric id, const char *one, const char *two, double more)
{
    metrics_add(&d->metrics, id, one, two, more);
    d->counted = true;
}

void node_count_call(struct node_daemon *d, enum node_call call, int status, int64_t took_ms)
{
    static const char *const names[] = {"register", "heartbeat", "poll", "report"};
    char code[12];
    bool good = status >= 200 && status < 300;
    snprintf(code, sizeof code, "%d", status);
    add(d, METRIC_CALLS, names[call], code, 1);
    metrics_observe(&d->metrics, METRIC_CALL_TIME, names[call], (double)took_ms / 1000);
    if (call == CALL_POLL)
        add(d, METRIC_POLLS, status == 204 ? "empty" : good ? "job" : "error", NULL, 1);
    if (call == CALL_HEARTBEAT) {
        add(d, METRIC_BEATS, good ? "ok" : "error", NULL, 1);
        d->beat_ms = good ? loop_now() : d->beat_ms;
    }
}

void node_count_job(struct node_daemon *d, int job)
{
    const struct agent_job *j = &d->agent.job[job];
    const struct node_job *n = &d->job[job];
    const char *runner = node_runner_names[n->job.runner];
    const char *result = j->state == JOB_LOST       ? "lost"
                         : j->state == JOB_CANCELED ? "canceled"
                         : j->code == E_NONE        ? "ok"
                                                    : "failed";
    add(d, METRIC_JOBS, runner, result, 1);
    if (j->code != E_NONE)
        add(d, METRIC_FAILURES, node_codes[j->code].name, NULL, 1);
    if (n->run_ms <= 0)
        return;
    metrics_observe(&d->metrics, METRIC_JOB_TIME, runner, (double)n->run_ms / 1000);
    add(d, j->gpu ? METRIC_GPU_S : METRIC_CPU_S, NULL, NULL, (double)n->run_ms / 1000);
}

void node_count_start(struct node_daemon *d, int job)
{
    int64_t waited_ms = wall_now() - d->job[job].assigned_wall_ms;
    if (d->agent.job[job].attempt <= 1)
        metrics_observe(&d->metrics, METRIC_WAIT_TIME, NULL, (double)waited_ms / 1000);
    else
        add(d, METRIC_RETRIES, node_codes[d->agent.job[job].code].name, NULL, 1);
    d->counted = true;
}

/* ---- what is true now ---- */

static double known(int64_t v, double unit)
{
    return v == NOT_KNOWN ? (double)NAN : (double)v * unit;
}

static void gauge_gpus(struct metrics *m, const struct probe *p)
{
    enum { MIB = 1 << 20 };
    char name[24];
    for (size_t i = 0; i < p->gpus; i++) {
        const struct probe_gpu *g = &p->gpu[i];
        snprintf(name, sizeof name, "%lld", (long long)g->index);
        metrics_set(m, METRIC_VRAM, name, NULL, known(g->total_mib, MIB));
        metrics_set(m, METRIC_VRAM_FREE, name, NULL, known(g->free_mib, MIB));
        metrics_set(m, METRIC_GPU_BUSY, name, NULL, known(g->util_pct, 0.01));
        metrics_set(m, METRIC_GPU_HEAT, name, NULL, known(g->temp_c, 1));
        metrics_set(m, METRIC_GPU_POWER, name, NULL, g->power_w);
    }
}

static void gauge_queue(struct metrics *m, const struct node_daemon *d)
{
    const struct agent *a = &d->agent;
    metrics_set(m, METRIC_QUEUE, "pending", NULL, (double)agent_count(a, 1U << JOB_ACKED));
    metrics_set(m, METRIC_QUEUE, "retry", NULL, (double)agent_count(a, 1U << JOB_RETRY_WAIT));
    metrics_set(m, METRIC_QUEUE, "outbox", NULL, (double)agent_count(a, 1U << JOB_UPLOADING | 1U << JOB_COLLECT));
    metrics_set(m, METRIC_QUEUE, "dead", NULL, (double)node_store_dead(d));
    metrics_set(m, METRIC_RUNNING, "cpu", NULL, (double)agent_slots_used(a, false));
    metrics_set(m, METRIC_RUNNING, "gpu", NULL, (double)agent_slots_used(a, true));
    metrics_set(m, METRIC_SLOTS, "cpu", NULL, (double)d->config.is->cpu_slots);
    metrics_set(m, METRIC_SLOTS, "gpu", NULL, (double)d->config.is->gpu_slots);
}

static void gauge_coordinator(struct metrics *m, const struct node_daemon *d)
{
    metrics_set(m, METRIC_COORDINATOR, NULL, NULL, d->agent.reachable);
    metrics_set(m, METRIC_LAST_OK, NULL, NULL, known(d->last_ok_ms > 0 ? d->last_ok_ms : NOT_KNOWN, 0.001));
    metrics_set(m, METRIC_BEAT_AGE, NULL, NULL, known(d->beat_ms > 0 ? loop_now() - d->beat_ms : NOT_KNOWN, 0.001));
    metrics_set(m, METRIC_LAG, NULL, NULL, (double)d->lag_ms / 1000);
}

struct bytes node_count_text(struct node_daemon *d, struct arena *a)
{
    struct metrics *m = &d->metrics;
    metrics_forget_gauges(m);
    metrics_set(m, METRIC_INFO, DAVY_VERSION, d->id, 1);
    metrics_set(m, METRIC_UP, NULL, NULL, 1);
    for (int s = 0; s < AGENT_STATES; s++)
        metrics_set(m, METRIC_STATE, agent_states[s].name, NULL, d->agent.state == (enum agent_state)s);
    gauge_queue(m, d);
    gauge_coordinator(m, d);
    metrics_set(m, METRIC_REDIS, NULL, NULL, d->share ? node_share_up(d) : (double)NAN);
    gauge_gpus(m, &d->probe);
    metrics_set(m, METRIC_LOAD, NULL, NULL, d->looked ? d->probe.load[0] : (double)NAN);
    metrics_set(m, METRIC_MEMORY, NULL, NULL, d->looked ? known(d->probe.memory_free_bytes, 1) : (double)NAN);
    metrics_set(m, METRIC_DISK, NULL, NULL, d->looked ? known(d->probe.disk_free_mb, 1e6) : (double)NAN);
    metrics_set(m, METRIC_RECEIPTS, "true", NULL, (double)(d->receipts - d->receipts_bad));
    metrics_set(m, METRIC_RECEIPTS, "false", NULL, (double)d->receipts_bad);
    metrics_set(m, METRIC_EARNINGS, NULL, NULL, (double)d->paid_micro / 1e6);
    return metrics_text(a, m);
}
