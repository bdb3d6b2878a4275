/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/runner.h"

#include "runner/place.h"
#include "runner/procfs.h"
#include "runner/runner_private.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void release(struct runner *r);

/* ---- the end ---- */

static const struct runner_artifact *artifacts_of(struct runner *r, const json_t *list, size_t *count)
{
    struct runner_artifact *out = arena_array(&r->a, json_array_size(list) + 1, sizeof *out);
    *count = json_array_size(list);
    for (size_t i = 0; i < *count; i++) {
        const json_t *one = json_array_get(list, i);
        struct bytes hash = json_raw(one, "sha256");
        out[i].path = json_string_value(json_object_get(one, "path"));
        out[i].type = json_string_value(json_object_get(one, "type"));
        out[i].where = json_string_value(json_object_get(one, "where"));
        out[i].bytes = json_integer_value(json_object_get(one, "bytes"));
        memcpy(out[i].sha256, hash.at ? hash.at : "", hash.len < sizeof out[i].sha256 ? hash.len : 0);
    }
    return out;
}

/* What was ended by order is told as the order was; what was over before it keeps its own end. */
static enum node_code code_of(const struct runner *r)
{
    enum node_code code = r->code;
    const char *word = json_string_value(json_object_get(r->outcome, "code"));
    if (r->outcome)
        code = word && !*word ? E_NONE : word ? node_code_of(word) : NODE_CODES;
    if (code == NODE_CODES)
        code = E_INTERNAL;
    return code == E_CANCELED && r->stop != E_NONE ? r->stop : code;
}

static void on_finish(void *ctx)
{
    struct runner *r = ctx;
    json_t *empty = json_object();
    enum node_code code = code_of(r);
    const json_t *o = r->outcome, *result = json_child(o, "result"), *metrics = json_child(o, "metrics");
    const char *why = o ? json_string_value(json_object_get(o, "message")) : r->why.text;
    struct runner_outcome out = {.code = code, .message = code == E_NONE || !why ? "" : why};
    if (code == r->stop && code != E_NONE)
        out.message = node_codes[code].help;
    out.result = result ? result : r->result ? r->result : empty;
    out.metrics = metrics ? metrics : r->metrics ? r->metrics : empty;
    out.sandbox = json_child(o, "sandbox") ? json_child(o, "sandbox") : empty;
    out.artifact = artifacts_of(r, json_list(o, "artifacts"), &out.artifacts);
    out.run_ms = json_integer_value(o ? json_object_get(o, "run_ms") : json_object_get(out.metrics, "duration_ms"));
    r->done(r->ctx, &out);
    json_decref(empty);
    release(r);
}

void runner_finish(struct runner *r, enum node_code code, const char *why)
{
    r->code = code;
    r->over = true;
    err_set(&r->why, "%s", why);
    loop_timer(r->loop, 0, on_finish, r);
}

void runner_tell(struct runner *r, enum runner_phase phase, int percent)
{
    struct runner_news news = {phase, r->child ? r->pid : 0, r->child && r->group ? r->group : "", percent};
    if (r->news)
        r->news(r->ctx, &news);
}

static void release(struct runner *r)
{
    loop_timer_stop(r->loop, on_finish, r);
    inputs_close(r);
    ollama_close(r);
    runner_child_close(r);
    json_decref(r->result);
    json_decref(r->metrics);
    json_decref(r->outcome);
    arena_release(&r->a);
    free(r);
}

/* ---- the beginning ---- */

/* Its inputs are there. */
void runner_go_on(struct runner *r)
{
    struct err e;
    if (r->stop != E_NONE)
        runner_finish(r, r->stop, node_codes[r->stop].help);
    else if (r->talk.model)
        ollama_ask(r);
    else if (!runner_spawn(r, &e))
        runner_finish(r, E_INTERNAL, e.text);
}

static bool is_off(const struct runner_options *o, enum job_runner runner)
{
    const bool off[] = {
        [JOB_CLI] = o->cli_off, [JOB_PYTHON] = o->python_off, [JOB_OLLAMA] = o->ollama_off, [JOB_NOOP] = !o->noop_on};
    return off[runner];
}

static bool begin_child(struct runner *r, const struct runner_options *o, const struct job *job, const char *folder)
{
    struct launch l;
    struct err e;
    enum node_code code = runner_plan(&r->a, o, job, folder, &l, &e);
    if (code != E_NONE) {
        runner_finish(r, code, e.text);
        return false;
    }
    json_t *spec = launch_json(&l);
    char *text = json_dumps(spec, JSON_COMPACT);
    json_decref(spec);
    r->child = true;
    r->cgroup = l.cgroup;
    r->group = l.group;
    r->mark = l.mark;
    r->spec = text ? memfd_create("job", MFD_CLOEXEC) : -1;
    bool good = r->spec >= 0 && pwrite(r->spec, text, strlen(text), 0) == (ssize_t)strlen(text);
    free(text);
    if (!good)
        runner_finish(r, E_INTERNAL, "the job could not be handed over");
    return good;
}

/* Echoes nothing and is paid nothing: it is there for tests of the node. */
static void begin_noop(struct runner *r)
{
    r->result = json_pack("{ss}", "status", "completed");
    r->metrics = json_pack("{si}", "duration_ms", 0);
    runner_tell(r, RUNNER_RUNNING, -1);
    runner_finish(r, E_NONE, "");
}

static void begin(struct runner *r, const struct runner_options *o, const struct job *job, const char *folder)
{
    struct err e;
    if (is_off(o, job->runner)) {
        runner_finish(r, job->runner == JOB_NOOP ? E_UNSUPPORTED : E_DENY, "this node does not run such jobs");
        return;
    }
    if (job->runner == JOB_NOOP) {
        begin_noop(r);
        return;
    }
    if (job->runner == JOB_OLLAMA && !ollama_begin(r, o, job, &e)) {
        runner_finish(r, E_DENY, e.text);
        return;
    }
    if (job->runner != JOB_OLLAMA && !begin_child(r, o, job, folder))
        return;
    if (!inputs_begin(r, o, job, folder, &e))
        runner_finish(r, E_DISK, e.text);
    else
        inputs_fetch(r);
}

struct runner *runner_start(struct loop *l, const struct runner_options *o, const struct job *job, const char *folder,
                            runner_done_fn *done, void *ctx, struct err *e)
{
    struct place place;
    if (!place_open(folder, &place, e))
        return NULL;
    struct runner *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    place_close(&place);
    r->loop = l;
    r->fetcher = o->fetcher;
    r->done = done;
    r->news = o->news;
    r->ctx = ctx;
    r->spec = r->report = r->control = r->wanted.folder = r->wanted.file = -1;
    r->program = arena_copy(&r->a, bytes_of(o->program ? o->program : "/proc/self/exe"));
    r->began_ms = loop_now();
    begin(r, o, job, folder);
    return r;
}

/* ---- ends before the end ---- */

void runner_stop(struct runner *r, enum node_code code)
{
    bool second = r->stop != E_NONE;
    if (r->over)
        return;
    if (!second)
        r->stop = code;
    if (r->pid > 0)
        runner_child_say(r, second ? 'k' : 't');
    else if (!second) {
        inputs_close(r);
        ollama_close(r);
        runner_finish(r, code, node_codes[code].help);
    }
}

void runner_forget(struct runner *r)
{
    if (r)
        release(r);
}

bool runner_restartable(struct lists *lists, const struct job *job)
{
    if (job->runner == JOB_CLI) {
        const struct allow *list = lists_command(lists, job->command);
        return list && list->restartable;
    }
    const struct task *task = job->runner == JOB_PYTHON ? lists_task(lists, job->command) : NULL;
    return job->runner == JOB_PYTHON ? task && task->restartable : true;
}

size_t runner_sweep(const struct cgroup_place *place, const char *job_id)
{
    char mark[JOB_ID + 32];
    struct procfs_tree tree;
    size_t count = cgroup_sweep(place, job_id);
    snprintf(mark, sizeof mark, "DAVY_JOB_ID=%.*s", JOB_ID, job_id);
    procfs_tree(-1, mark, SIGKILL, &tree);
    return count + tree.count;
}
