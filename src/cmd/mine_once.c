/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine once: one run of a job as the service makes it, in a process of its own, and its result. */
#include "cmd/mine.h"

#include "auction/schedule.h"
#include "cmd/mine_proc.h"
#include "cmd/mine_status.h"

#include <string.h>
#include <unistd.h>

enum { MS = 1000, CONFIRM_S = 90 };

struct once_options {
    const char *dir;
};
const struct option_row mine_once_options[] = {
    {"directory", 'C', "DIR", "the rig's folder (where davy-mine is started)", OPTION_TEXT,
     offsetof(struct once_options, dir)},
    {.name = NULL},
};
struct once {
    struct loop *loop;
    json_t *result;
    struct err e;
};

static void done(void *ctx, enum mine_job job, json_t *result, const struct err *e)
{
    struct once *o = ctx;
    (void)job;
    o->result = result;
    if (e)
        o->e = *e;
    loop_stop(o->loop, 0);
}

static void stop(void *ctx, int signo)
{
    (void)signo;
    mine_proc_stop(ctx);
}

static bool run_it(struct once *o, enum mine_job job, const struct mine_task *task, struct err *e)
{
    struct mine_proc p = {.job = job, .fn = done, .ctx = o};
    p.loop = o->loop = loop_open(e);
    bool ok = o->loop && loop_signal(o->loop, SIGTERM, stop, &p, e) && loop_signal(o->loop, SIGINT, stop, &p, e) &&
              mine_proc_start(&p, task, e);
    if (ok)
        loop_run(o->loop);
    if (o->loop)
        loop_close(o->loop);
    if (ok && !o->result)
        *e = o->e;
    return ok && o->result;
}

static int tell(enum mine_job job, json_t *result)
{
    struct err e;
    bool ok = json_is_true(json_object_get(result, "ok"));
    if (!ok)
        fprintf(stderr, "davy-mine: %s\n", json_string_value(json_object_get(result, "error")));
    if (!mine_status_once(".", job, result, &e))
        mine_complain(&e);
    json_object_del(result, "endpoints");
    mine_print(result);
    return ok ? MINE_OK : MINE_FAILED;
}

static int run_once(const struct once_options *o, enum mine_job job, const char *config)
{
    struct once once = {.loop = NULL};
    struct err e = {""};
    struct mine_task task = {.config = config,
                             .log_fd = STDERR_FILENO,
                             .kept_fd = -1,
                             .confirm_ms = CONFIRM_S * MS,
                             .limit_ms = JOB_LIMIT_S * MS};
    if (o->dir && chdir(o->dir) != 0) {
        err_set(&e, "-C %.200s: there is no such folder", o->dir);
        return mine_complain(&e);
    }
    return run_it(&once, job, &task, &e) ? tell(job, once.result) : mine_failed(&e);
}

int mine_once(int argc, char **argv)
{
    struct err e;
    struct once_options o = {.dir = NULL};
    int words = mine_words(mine_once_options, argc, argv, 2, &o, &e);
    if (words < 0)
        return mine_complain(&e);
    for (int job = 0; words > 0 && job < JOB_COUNT; job++)
        if (strcmp(argv[1], mine_job_names[job]) == 0)
            return run_once(&o, (enum mine_job)job, words > 1 ? argv[2] : "config.toml");
    err_set(&e, "say which: davy-mine once commitment|auction [CONFIG]");
    return mine_complain(&e);
}
