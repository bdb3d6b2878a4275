/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine run: the service. It keeps the times of the two jobs and tells how they went; the jobs are processes of their own,
 * and so is what looks at the chain's head in between. */
#include "cmd/mine.h"

#include "base/file.h"
#include "base/timetext.h"
#include "cmd/mine_event.h"
#include "cmd/mine_service.h"
#include "cmd/mine_status.h"
#include "loop/systemd.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MS = 1000, CONFIRM_S = 90, EVERYBODYS = 0644 };
static const int64_t interval_s[JOB_COUNT] = {COMMITMENT_INTERVAL_S, AUCTION_INTERVAL_S};
static void tick(void *ctx);

struct run_options {
    const char *dir;
};
const struct option_row mine_run_options[] = {
    {"directory", 'C', "DIR", "the rig's folder (where davy-mine is started)", OPTION_TEXT,
     offsetof(struct run_options, dir)},
    {.name = NULL},
};

static void say(enum mine_level level, const char *event, json_t *fields)
{
    mine_event(STDOUT_FILENO, level, event, fields);
}

/* ---- what everybody may know -------------------------------------------------------------------------------------- */

static void tell_next(struct service *s)
{
    json_t *jobs = json_object_get(s->status, "jobs");
    for (int i = 0; i < JOB_COUNT; i++) {
        json_t *job = json_object_get(jobs, mine_job_names[i]);
        double next = (double)(wall_now() + s->schedule[i].next_ms - loop_now()) / MS;
        json_object_set_new(job, "next_at", s->leaving ? json_null() : json_real(next));
        json_object_set_new(job, "running", json_boolean(s->proc[i].pid > 0));
    }
}

static void write_metrics(struct service *s, struct err *e)
{
    struct arena a = {0};
    if (s->metrics[0])
        file_keep(s->metrics, bytes_of(metrics_text(&a, s)), EVERYBODYS, e);
    arena_release(&a);
}

/* What cannot be written is said once, and again when it is something else. */
void service_changed(struct service *s)
{
    struct err e = {""};
    tell_next(s);
    if (mine_status_write(".", s->status, &e))
        write_metrics(s, &e);
    if (e.text[0] && strcmp(e.text, s->said) != 0)
        say(MINE_ERROR, "Status not written", json_pack("{ss}", "error", e.text));
    memcpy(s->said, e.text, sizeof s->said);
}

/* ---- jobs --------------------------------------------------------------------------------------------------------- */

/* The last good configuration counts for what is not a run's own: a wrong one fails its run alone. */
static void look_at_config(struct service *s)
{
    struct arena a = {0};
    struct mine_setup setup;
    struct err e;
    if (mine_setup_read(&a, s->config, &setup, NULL)) {
        s->limit_ms = setup.mine->job_limit_s * MS;
        snprintf(s->metrics, sizeof s->metrics, "%s", setup.mine->metrics);
        follower_check(s, &setup);
        if (strcmp(s->healthz, setup.mine->healthz) != 0) {
            snprintf(s->healthz, sizeof s->healthz, "%s", setup.mine->healthz);
            health_close(s->health);
            s->health = s->healthz[0] ? health_open(s->loop, s->healthz, s, &e) : NULL;
            if (s->healthz[0] && !s->health)
                say(MINE_ERROR, "No /healthz", json_pack("{ss}", "error", e.text));
        }
    }
    arena_release(&a);
}

static void start_job(struct service *s, enum mine_job job)
{
    struct err e;
    look_at_config(s);
    const struct mine_task task = {.config = s->config,
                                   .log_fd = STDOUT_FILENO,
                                   .kept_fd = s->kept_fd,
                                   .known = json_object_get(s->status, "endpoints"),
                                   .limit_ms = s->limit_ms,
                                   .confirm_ms = CONFIRM_S * MS};
    s->runs[job]++;
    s->again[job] = false;
    if (mine_proc_start(&s->proc[job], &task, &e)) {
        s->schedule[job].running = true;
        return;
    }
    s->failures[job]++;
    say(MINE_ERROR, "Job not started", json_pack("{ss ss}", "job", mine_job_names[job], "error", e.text));
}

static void job_ended(void *ctx, enum mine_job job, json_t *result, const struct err *e)
{
    struct service *s = ctx;
    s->schedule[job].running = false;
    bool ok = json_is_true(json_object_get(result, "ok"));
    if (!ok)
        s->failures[job]++;
    if (!result && !s->leaving)
        say(MINE_ERROR, "Job failed", json_pack("{ss ss}", "job", mine_job_names[job], "error", e->text));
    else if (!ok && !s->leaving)
        say(MINE_WARNING, "Job failed",
            json_pack("{ss ss}", "job", mine_job_names[job], "error",
                      json_string_value(json_object_get(result, "error"))));
    mine_status_ran(s->status, job, result, e, loop_now() - s->proc[job].started_ms);
    json_decref(result);
    service_changed(s);
    if (s->leaving)
        service_end_if_idle(s);
    else
        tick(s);
}

static void tick(void *ctx)
{
    struct service *s = ctx;
    int64_t now = loop_now(), next = INT64_MAX;
    for (int i = 0; i < JOB_COUNT && !s->leaving; i++) {
        enum due due = schedule_due(&s->schedule[i], now);
        if (due == DUE_SKIP) {
            s->skipped[i]++;
            say(MINE_WARNING, "Job skipped: the run before still lives", json_pack("{ss}", "job", mine_job_names[i]));
        }
        if (due == DUE_RUN || (s->again[i] && !s->schedule[i].running))
            start_job(s, (enum mine_job)i);
        next = s->schedule[i].next_ms < next ? s->schedule[i].next_ms : next;
    }
    if (!s->leaving)
        loop_timer(s->loop, next, tick, s);
}

/* ---- beginning and end -------------------------------------------------------------------------------------------- */

void service_end_if_idle(struct service *s)
{
    if (s->proc[JOB_COMMITMENT].pid > 0 || s->proc[JOB_AUCTION].pid > 0 || s->follower.pid > 0)
        return;
    json_object_set_new(s->status, "pid", json_null());
    json_object_set_new(s->status, "connected", json_false());
    service_changed(s);
    loop_stop(s->loop, s->code);
}

static void on_stop(void *ctx, int signo)
{
    struct service *s = ctx;
    (void)signo;
    if (s->leaving)
        return;
    s->leaving = true;
    systemd_tell("STOPPING=1", NULL);
    say(MINE_INFO, "Shutting down scheduler...", NULL);
    loop_timer_stop(s->loop, tick, s);
    for (int i = 0; i < JOB_COUNT; i++)
        mine_proc_stop(&s->proc[i]);
    follower_stop(s);
    service_end_if_idle(s);
}

static void on_again(void *ctx, int signo)
{
    struct service *s = ctx;
    s->again[JOB_COMMITMENT] = true;
    s->again[JOB_AUCTION] = signo == SIGHUP;
    if (signo == SIGHUP)
        say(MINE_INFO, "Reading the configuration again", json_pack("{ss}", "config_path", s->config));
    tick(s);
}

static void feed_watchdog(void *ctx)
{
    struct service *s = ctx;
    systemd_tell("WATCHDOG=1", NULL);
    loop_timer(s->loop, loop_now() + systemd_watchdog_ms() / 2, feed_watchdog, s);
}

static void say_begin(struct service *s, const struct mine_setup *x)
{
    const char *price = x->config->price_multiplier ? x->config->price_multiplier : "";
    say(MINE_INFO, "Starting miner",
        json_pack("{ss sI sI ss}", "network", x->config->network, "netuid", (json_int_t)x->config->netuid, "workers",
                  (json_int_t)x->config->total_workers, "price_multiplier", price));
    say(MINE_INFO, "Scheduler configured",
        json_pack("{si si si}", "commitment_interval", COMMITMENT_INTERVAL_S, "auction_interval", AUCTION_INTERVAL_S,
                  "job_timeout", JOB_LIMIT_S));
    say(MINE_INFO, "Miner scheduler started",
        json_pack("{ss sI ss}", "config_path", s->config, "workers_count", (json_int_t)x->config->total_workers,
                  "price_multiplier", price));
    say(MINE_INFO, "Scheduling immediate execution of commitment and auction jobs...", NULL);
}

static bool begin(struct service *s, struct err *e)
{
    struct arena a = {0};
    struct mine_setup setup;
    int64_t now = loop_now();
    say(MINE_INFO, "Loading configuration", json_pack("{ss}", "config_path", s->config));
    bool ok = mine_setup_read(&a, s->config, &setup, e) && (s->lock_fd = mine_lock(".", e)) >= 0 &&
              (s->loop = loop_open(e)) && loop_signal(s->loop, SIGTERM, on_stop, s, e) &&
              loop_signal(s->loop, SIGINT, on_stop, s, e) && loop_signal(s->loop, SIGHUP, on_again, s, e) &&
              loop_signal(s->loop, SIGUSR1, on_again, s, e);
    if (ok) {
        s->kept_fd = memfd_create("metadata", MFD_CLOEXEC);
        s->status = mine_status_read(".");
        json_object_set_new(s->status, "pid", json_integer(getpid()));
        for (int i = 0; i < JOB_COUNT; i++) {
            s->schedule[i] = schedule_every(interval_s[i] * MS, now);
            s->proc[i] = (struct mine_proc){.loop = s->loop, .job = (enum mine_job)i, .fn = job_ended, .ctx = s};
        }
        say_begin(s, &setup);
    }
    arena_release(&a);
    return ok;
}

static int serve(const char *config)
{
    struct service *s = calloc(1, sizeof *s);
    struct err e = {"no memory"};
    int code = MINE_FAILED;
    if (!s)
        return mine_failed(&e);
    *s = (struct service){.config = config, .lock_fd = -1, .kept_fd = -1, .limit_ms = JOB_LIMIT_S * MS};
    signal(SIGPIPE, SIG_IGN);
    if (begin(s, &e)) {
        tick(s);
        if (systemd_watchdog_ms() > 0)
            feed_watchdog(s);
        systemd_tell("READY=1", NULL);
        code = loop_run(s->loop);
        say(MINE_INFO, "Scheduler stopped", NULL);
    } else {
        mine_failed(&e);
    }
    health_close(s->health);
    if (s->loop)
        loop_close(s->loop);
    json_decref(s->status);
    if (s->kept_fd >= 0)
        close(s->kept_fd);
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    free(s);
    return code;
}

int mine_run(int argc, char **argv)
{
    struct err e;
    struct run_options o = {.dir = NULL};
    int words = mine_words(mine_run_options, argc, argv, 1, &o, &e);
    if (words < 0)
        return mine_complain(&e);
    if (o.dir && chdir(o.dir) != 0) {
        err_set(&e, "-C %.200s: there is no such folder", o.dir);
        return mine_complain(&e);
    }
    return serve(words > 0 ? argv[1] : "config.toml");
}
