/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs that do nothing, for trials; every other kind is denied until its runner is here. */
#include "runner/runner.h"

#include <stdlib.h>

const char *const cgroup_kinds[] = {"none", "v1", "v2"};

struct runner {
    struct loop *loop;
    runner_done_fn *done;
    void *ctx;
    enum node_code code;
    int64_t began_ms;
};

struct lists *lists_open(const char *folder, struct err *e)
{
    err_set(e, "%.100s: this build runs no commands", folder);
    return NULL;
}

void lists_close(struct lists *l)
{
    (void)l;
}

const struct allow *lists_command(const struct lists *l, const char *name)
{
    (void)l, (void)name;
    return NULL;
}

size_t lists_count(const struct lists *l)
{
    (void)l;
    return 0;
}

const struct allow *lists_at(const struct lists *l, size_t i)
{
    (void)l, (void)i;
    return NULL;
}

size_t lists_tasks(const struct lists *l)
{
    (void)l;
    return 0;
}

const struct task *lists_task_at(const struct lists *l, size_t i)
{
    (void)l, (void)i;
    return NULL;
}

const char *lists_problem(const struct lists *l, size_t i)
{
    (void)l, (void)i;
    return NULL;
}

void cgroup_probe(const char *root, const char *self, struct cgroup_place *out)
{
    (void)root, (void)self;
    *out = (struct cgroup_place){.kind = CGROUP_NONE};
}

size_t runner_sweep(const struct cgroup_place *place, const char *job_id)
{
    (void)place, (void)job_id;
    return 0;
}

bool runner_restartable(struct lists *lists, const struct job *job)
{
    (void)lists;
    return job->runner == JOB_NOOP;
}

static void end(void *ctx)
{
    struct runner *r = ctx;
    json_t *result = json_object();
    struct runner_outcome out = {
        .code = r->code, .message = node_codes[r->code].help, .result = result, .run_ms = loop_now() - r->began_ms};
    r->done(r->ctx, &out);
    json_decref(result);
    free(r);
}

struct runner *runner_start(struct loop *l, const struct runner_options *o, const struct job *job, const char *folder,
                            runner_done_fn *done, void *ctx, struct err *e)
{
    struct runner *r = calloc(1, sizeof *r);
    (void)folder;
    if (!r) {
        err_set(e, "no memory");
        return NULL;
    }
    bool taken = job->runner == JOB_NOOP && o->noop_on;
    *r = (struct runner){l, done, ctx, taken ? E_NONE : E_DENY, loop_now()};
    loop_timer(l, loop_now() + (taken ? job->timeout_s * 1000 : 0), end, r);
    return r;
}

void runner_stop(struct runner *r, enum node_code code)
{
    r->code = code;
    loop_timer(r->loop, loop_now(), end, r);
}

void runner_forget(struct runner *r)
{
    loop_timer_stop(r->loop, end, r);
    free(r);
}
