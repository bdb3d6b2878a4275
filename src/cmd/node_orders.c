/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carries out what the agent orders. */
#include "cmd/node_daemon.h"

#include "node/message.h"

#include <string.h>

enum { PARTING_MS = 2000 };

static void do_register(struct node_daemon *d, const struct agent_order *o)
{
    node_call(d, CALL_REGISTER, o->minimal);
}

static void do_heartbeat(struct node_daemon *d, const struct agent_order *o)
{
    node_call(d, CALL_HEARTBEAT, o->minimal);
}

static void do_poll(struct node_daemon *d, const struct agent_order *o)
{
    node_call(d, CALL_POLL, o->minimal);
}

static void do_report(struct node_daemon *d, const struct agent_order *o)
{
    node_report(d, o->job, o->minimal);
}

static void do_start(struct node_daemon *d, const struct agent_order *o)
{
    node_count_start(d, o->job);
    node_work_start(d, o->job);
}

static void do_stop(struct node_daemon *d, const struct agent_order *o)
{
    node_work_stop(d, o->job, o->code);
}

/* What is only a step between two durable ones (the manifest and RUNNING, the outbox entry and DONE) needs no sync: its loss
 * leads to the same place. */
static void do_save(struct node_daemon *d, const struct agent_order *o)
{
    const struct agent_job *j = &d->agent.job[o->job];
    struct err e;
    if (j->state == JOB_FREE)
        return;
    bool step = j->state == JOB_ACKED || j->state == JOB_UPLOADING;
    if (!node_store_state(d, o->job, !step, &e))
        node_log(d, NODE_ERROR, "disk.error", j->id, json_pack("{ss}", "why", e.text));
    if (j->state == JOB_ACKED)
        node_point("after_ack");
}

static void do_pack(struct node_daemon *d, const struct agent_order *o)
{
    struct node_job *n = &d->job[o->job];
    const struct agent_job *j = &d->agent.job[o->job];
    const char *code = json_string_value(json_object_get(n->report, "code"));
    struct err e;
    if (!n->report || node_code_of(code ? code : "") % NODE_CODES != j->code) { /* it ended otherwise than it ran */
        json_decref(n->report);
        n->report = message_report_make(j->id, j->attempt, j->code, NULL, NULL, NULL);
    }
    bool written = node_store_report(d, o->job, &e);
    if (!written)
        node_log(d, NODE_ERROR, "disk.error", j->id, json_pack("{ss}", "why", e.text));
    agent_packed(&d->agent, o->job, written);
}

static void remember(struct node_daemon *d, int job)
{
    const struct agent_job *j = &d->agent.job[job];
    const struct node_job *n = &d->job[job];
    memmove(d->recent + 1, d->recent, (NODE_RECENT - 1) * sizeof *d->recent);
    d->recents += d->recents < NODE_RECENT;
    d->recent[0] = (struct node_done){
        .runner = node_runner_names[n->job.runner], .at_ms = wall_now(), .took_ms = n->run_ms, .verified = n->verified};
    memcpy(d->recent[0].id, j->id, sizeof j->id);
    snprintf(d->recent[0].code, sizeof d->recent[0].code, "%s",
             j->state == JOB_LOST ? "LOST" : node_codes[j->code].name);
    snprintf(d->recent[0].price, sizeof d->recent[0].price, "%s", n->price);
}

static void release(struct node_daemon *d, int job)
{
    struct node_job *n = &d->job[job];
    remember(d, job);
    node_count_job(d, job);
    node_share_done(d, d->agent.job[job].id);
    node_call_forget(d, job);
    json_decref(n->report);
    arena_release(&n->a);
    *n = (struct node_job){.d = d};
    agent_forget(&d->agent, job);
}

static void do_close(struct node_daemon *d, const struct agent_order *o)
{
    const struct agent_job *j = &d->agent.job[o->job];
    node_point("before_close");
    node_store_close_job(d, j->id);
    node_log(d, NODE_INFO,
             j->state == JOB_DONE       ? "job.done"
             : j->state == JOB_CANCELED ? "job.canceled"
                                        : "job.failed",
             j->id, j->code == E_NONE ? NULL : json_pack("{ss}", "code", node_codes[j->code].name));
    release(d, o->job);
}

static void do_dead(struct node_daemon *d, const struct agent_order *o)
{
    const char *id = d->agent.job[o->job].id;
    node_store_bury(d, id, o->why);
    node_log(d, NODE_WARNING, "outbox.dead", id, json_pack("{ss}", "why", o->why));
    node_store_close_job(d, id);
    release(d, o->job);
}

static void do_key(struct node_daemon *d, const struct agent_order *o)
{
    struct err e;
    char fresh[NODE_KEY];
    (void)o;
    memcpy(fresh, d->key, sizeof fresh);
    if (!node_secret(&d->config, fresh, &e)) {
        node_log(d, NODE_ERROR, "config.error", NULL, json_pack("{ss}", "why", e.text));
        return;
    }
    memcpy(d->key, fresh, sizeof fresh);
    explicit_bzero(fresh, sizeof fresh);
}

static void on_parted(void *ctx)
{
    struct node_daemon *d = ctx;
    loop_stop(d->loop, 0);
}

static void do_exit(struct node_daemon *d, const struct agent_order *o)
{
    (void)o;
    d->leaving = true;
    loop_timer(d->loop, loop_now() + (d->ask[CALL_HEARTBEAT].fetch ? PARTING_MS : 0), on_parted, d);
}

static void (*const act[])(struct node_daemon *d, const struct agent_order *o) = {
    [ORDER_REGISTER] = do_register, [ORDER_HEARTBEAT] = do_heartbeat,
    [ORDER_POLL] = do_poll,         [ORDER_REPORT] = do_report,
    [ORDER_START] = do_start,       [ORDER_STOP] = do_stop,
    [ORDER_SAVE] = do_save,         [ORDER_PACK] = do_pack,
    [ORDER_CLOSE] = do_close,       [ORDER_DEAD] = do_dead,
    [ORDER_KEY] = do_key,           [ORDER_EXIT] = do_exit,
};

void node_carry_out(struct node_daemon *d)
{
    struct agent_order o;
    while (agent_next_order(&d->agent, &o)) {
        act[o.kind](d, &o);
        d->dirty = d->dirty || (o.kind != ORDER_POLL && o.kind != ORDER_HEARTBEAT);
    }
}
