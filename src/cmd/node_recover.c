/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run before left: read here, judged by the agent's table. */
#include "cmd/node_daemon.h"

#include "base/file.h"
#include "base/json.h"
#include "node/message.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char *word(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text ? text : "";
}

static int64_t here(int64_t wall_ms)
{
    return wall_ms > 0 ? loop_now() + wall_ms - wall_now() : INT64_MAX;
}

static struct agent_job as_left(struct node_daemon *d, const char *id, const json_t *state, const json_t *report)
{
    struct agent_job found = {.state = agent_job_state_of(word(state, "state"))};
    int64_t attempt = json_int(state, "attempt"), crashes = json_int(state, "crashes");
    snprintf(found.id, sizeof found.id, "%s", id);
    found.attempt = attempt > 0 && attempt < 100 ? (int)attempt : 0;
    found.crashes = crashes > 0 && crashes < 100 ? (int)crashes : 0;
    found.gpu = json_is_true(json_object_get(state, "gpu"));
    found.restartable = json_is_true(json_object_get(state, "restartable"));
    found.canceled = json_is_true(json_object_get(state, "canceled"));
    found.deadline_ms = state ? here(json_int(state, "deadline_at_ms")) : loop_now() + d->config.is->expire_s * 1000;
    enum node_code code = node_code_of(word(report ? report : state, "code"));
    found.code = code == NODE_CODES ? E_NONE : code;
    return found;
}

/* The job itself, from what the coordinator sent. */
static enum node_code read_job(struct node_daemon *d, struct node_job *n, const char *id, struct err *e)
{
    struct bytes text;
    struct file_stat s;
    enum node_code code = E_INTERNAL;
    n->job = (struct job){.id = arena_copy(&n->a, bytes_of(id))};
    json_t *root = file_read(&n->a, node_store_path(&n->a, d, id, "manifest.json"), JOB_BYTES * 2, &text, &s, e)
                       ? json_read(text, "the manifest", e)
                       : NULL;
    if (root)
        code = job_read(&n->a, root, d->config.dialect, &n->job, e);
    json_decref(root);
    return code;
}

static void recover_one(struct node_daemon *d, const char *id)
{
    json_t *state = node_store_read(d, id, "state.json"), *report = node_store_read(d, id, "result.json");
    if (!report)
        report = node_store_entry(d, id);
    struct agent_job found = as_left(d, id, state, report);
    struct node_job n = {.d = d, .percent = -1};
    struct err e = {""};
    bool over = agent_job_over(found.state);
    if (over)
        node_store_close_job(d, id); /* its entry was on the way out */
    else
        runner_sweep(&d->groups, id);
    enum node_code code = over ? E_NONE : read_job(d, &n, id, &e);
    bool lost = code != E_NONE && !report; /* what cannot be read cannot run */
    if (found.state == JOB_FREE && code == E_NONE) {
        found.gpu = n.job.gpu;
        found.restartable = runner_restartable(d->config.lists, &n.job);
    }
    if (lost && !over) {
        found.state = JOB_UPLOADING;
        found.code = code;
        report =
            message_report_make(id, found.attempt, code, *e.text && code != E_INTERNAL ? e.text : NULL, NULL, NULL);
    }
    int at = over ? -1 : agent_found(&d->agent, &found, report != NULL, !lost && node_store_has_entry(d, id));
    if (at >= 0) {
        bool reported = d->agent.job[at].state == JOB_COLLECT && d->agent.job[at].code == found.code;
        n.report = report && reported ? json_incref(report) : NULL;
        n.assigned_wall_ms = json_int(state, "assigned_at_ms") > 0 ? json_int(state, "assigned_at_ms") : wall_now();
        d->job[at] = n;
        node_log(
            d, NODE_INFO, "recover.job", id,
            json_pack("{ss ss}", "was", agent_job_states[found.state], "is", agent_job_states[d->agent.job[at].state]));
    } else {
        arena_release(&n.a);
    }
    json_decref(state);
    json_decref(report);
}

static int by_name(const struct dirent *f)
{
    return job_id_is_good(bytes_of(f->d_name));
}

void node_recover(struct node_daemon *d)
{
    struct arena a = {0};
    struct dirent **entry = NULL;
    int n = scandir(arena_text(&a, "%s/jobs", d->config.root), &entry, by_name, alphasort);
    for (int i = 0; i < n; i++) {
        recover_one(d, entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
    node_log(d, NODE_INFO, "recover.scan", NULL, json_pack("{si}", "folders", n > 0 ? n : 0));
    arena_release(&a);
}

int node_recover_done(struct node_daemon *d, const char *id)
{
    json_t *report = node_store_read(d, id, "result.json");
    const char *code = word(report, "code");
    enum node_code was = node_code_of(code);
    int at = report ? agent_resend(&d->agent, id, was == NODE_CODES ? E_NONE : was) : -1;
    if (at >= 0)
        d->job[at] =
            (struct node_job){.d = d, .report = json_incref(report), .assigned_wall_ms = wall_now(), .percent = -1};
    json_decref(report);
    return at;
}
