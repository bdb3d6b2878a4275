/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An assignment: on the disk before anything is done with it. */
#include "cmd/node_daemon.h"

#include "base/json.h"
#include "node/message.h"

#include <stdlib.h>
#include <string.h>

const char *const node_runner_names[] = {
    [JOB_CLI] = "cli", [JOB_PYTHON] = "python", [JOB_OLLAMA] = "ollama", [JOB_NOOP] = "noop"};

/* It is known, or was: nothing runs twice because it was handed out twice. */
static bool is_known(struct node_daemon *d, const char *id)
{
    if (agent_find(&d->agent, id) >= 0) {
        node_log(d, NODE_WARNING, "job.duplicate", id, NULL);
        return true;
    }
    if (node_recover_done(d, id) < 0)
        return false;
    node_log(d, NODE_INFO, "job.duplicate", id, json_pack("{ss}", "report", "again"));
    return true;
}

static void failed_at_once(struct node_daemon *d, int job, const char *why)
{
    const struct agent_job *j = &d->agent.job[job];
    d->job[job].report = message_report_make(j->id, 0, j->code, why, NULL, NULL);
    node_log(d, NODE_WARNING, "job.denied", j->id, json_pack("{ss ss}", "code", node_codes[j->code].name, "why", why));
}

static bool take_job(struct node_daemon *d, const json_t *root, struct bytes body, const char *id, bool shared)
{
    struct arena a = {0};
    struct job job = {.id = id};
    struct err e = {""};
    struct agent_job new = {.deadline_ms = loop_now() + d->config.is->expire_s * 1000};
    snprintf(new.id, sizeof new.id, "%s", id);
    new.code = job_read(&a, root, d->config.dialect, &job, &e);
    new.gpu = job.gpu;
    new.restartable = new.code == E_NONE &&runner_restartable(d->config.lists, &job);
    if (!shared && new.code == E_NONE && !job.gpu && node_share_put(d, id, body)) {
        arena_release(&a);
        return true;
    }
    if (!node_store_job(d, id, body, &e))
        new.code = E_DISK;
    node_point("after_manifest");
    int at = agent_assigned(&d->agent, &new);
    if (at < 0) {
        arena_release(&a);
        return false;
    }
    d->job[at] = (struct node_job){.d = d, .a = a, .job = job, .assigned_wall_ms = wall_now(), .percent = -1};
    if (d->config.dialect == JOB_NODES_V1)
        node_ack(d, at);
    if (new.code != E_NONE)
        failed_at_once(d, at, e.text);
    else
        node_log(d, NODE_INFO, "job.assigned", id, json_pack("{ss}", "runner", node_runner_names[job.runner]));
    return true;
}

static bool take(struct node_daemon *d, struct bytes body, bool shared)
{
    bool taken = false;
    struct arena a = {0};
    struct err e = {""};
    json_t *root = body.len ? json_read(body, "the assignment", &e) : NULL;
    if (!root && *e.text)
        node_log(d, NODE_WARNING, "coord.garbage", NULL, json_pack("{ss}", "why", e.text));
    if (root && !job_is_none(root, d->config.dialect)) {
        const char *id = job_id_of(&a, root, d->config.dialect);
        if (!*id)
            node_log(d, NODE_WARNING, "job.denied", NULL, json_pack("{ss}", "why", "its id can name no folder"));
        else if (!is_known(d, id))
            taken = take_job(d, root, body, id, shared);
    }
    json_decref(root);
    arena_release(&a);
    return taken;
}

void node_take(struct node_daemon *d, struct bytes body)
{
    take(d, body, false);
}

bool node_take_shared(struct node_daemon *d, struct bytes body)
{
    return take(d, body, true);
}
