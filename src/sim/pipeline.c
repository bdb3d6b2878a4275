/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The content miner's eight stages (rig-files.md 3): accounts one after another, a wait when there are none, failures that
 * close a run at once. Writes miner_status.json (3.2) and the log lines (3.3, exact wording). */
#include "sim/actors.h"

#include "stage/stage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static const struct { /* "": the text has a number or a platform in it, and is made below */
    const char *start, *done, *failed;
    double usual_s;
} steps[STAGE_COUNT] = {
    {"Starting watchdog mode", "Watchdog mode initialized successfully", "Module launch failed", 4},
    {"", "", "Failed to scrape profile", 48},
    {"Processing and validating data", "Data validation successful", "Downloaded data is not valid JSON", 21},
    {"", "Successfully indexed posts in vector database", "Vector database did not answer", 34},
    {"Analyzing engagement data and patterns", "Successfully analyzed engagement data", "Not enough posts for a trend",
     62},
    {"Generating content recommendations", "Successfully generated content recommendations",
     "Model answered with an empty plan", 95},
    {"Exporting content plan and results", "Successfully exported content plan", "Upload to object storage failed", 17},
    {"", "", "", 0},
};
static const struct {
    const char *user, *platform;
} accounts[] = {
    {"elonmusk", "twitter"},   {"maccosmetics", "instagram"}, {"nasa", "twitter"},
    {"toofaced", "instagram"}, {"三浦健太", "twitter"},       {"café.olé", "facebook"},
};
enum { ACCOUNTS = sizeof accounts / sizeof *accounts, STALL_STAGE = 3, STALL_MINUTES = 45, STUCK_MS = 120000 };
static const double wait_s = 300, pause_s = 10;

void pipeline_open(struct sim *s)
{
    s->pipeline = (struct sim_pipeline){.current = {.number = -1}, .pid = s->setup.pid};
}

static void keep(struct sim *s)
{
    s->pipeline.history[s->pipeline.events++ % SIM_STAGE_EVENTS] = s->pipeline.current;
}

__attribute__((format(printf, 3, 4))) static void say(struct sim_stage_event *e, const char *status, const char *format,
                                                      ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(e->message, sizeof e->message, format, args);
    va_end(args);
    e->status = status;
}

static void log_event(struct sim *s, const struct sim_stage_event *e, int64_t at_ms, struct sim_orders *out)
{
    const char *of = *e->username ? " for " : "";
    const char *name = stage_name(e->number);
    if (*e->status == 'r')
        emit_log(s, out, at_ms, "__main__", "INFO", "⚙️  Stage %d - %s%s%s: %s", e->number, name, of, e->username,
                 e->message);
    else if (*e->status == 'f')
        emit_log(s, out, at_ms, "__main__", "ERROR", "❌ Stage %d Failed - %s%s%s - Error: %s", e->number, name, of,
                 e->username, e->message);
    else
        emit_log(s, out, at_ms, "__main__", "INFO", "✅ Stage %d Complete - %s%s%s - %s", e->number, name, of,
                 e->username, e->message);
}

/* The past is a document; what happens now goes through the tracker, as with a real miner. */
static void tell(struct sim *s, const struct sim_stage_event *e, struct sim_orders *out)
{
    struct sim_order *o = emit_document(s, out, SIM_TELL, SIM_STATUS, (struct bytes){"", 0});
    if (o == NULL)
        return;
    o->told = (struct sim_told){.number = e->number,
                                .message = arena_copy(out->arena, bytes_of(e->message)),
                                .username = arena_copy(out->arena, bytes_of(e->username))};
    o->told.what = *e->status == 'r' ? SIM_STARTED : *e->status == 'f' ? SIM_FAILED : SIM_COMPLETED;
}

static void publish(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_stage_event *e = &s->pipeline.current;
    e->updated_ms = at_ms;
    keep(s);
    log_event(s, e, at_ms, out);
    tell(s, e, out);
}

void pipeline_interject(struct sim *s, const struct sim_stage_event *e, int64_t pid, int64_t at_ms,
                        struct sim_orders *out)
{
    struct sim_pipeline *p = &s->pipeline;
    struct sim_stage_event own = p->current;
    p->current = *e;
    p->current.updated_ms = at_ms;
    p->pid = pid;
    keep(s);
    pipeline_document(s, at_ms, out);
    p->current = own;
    p->pid = s->setup.pid;
}

static int64_t duration(struct sim *s, double usual_s)
{
    double factor = 1 + 0.22 * random_normal(&s->random);
    return pace_ms(s, usual_s * (factor < 0.4 ? 0.4 : factor));
}

static const char *user_of(const struct sim *s, int stage)
{
    return stage > 0 && s->pipeline.account < ACCOUNTS ? accounts[s->pipeline.account].user : "";
}

static void start_message(struct sim *s, struct sim_stage_event *e)
{
    if (e->number == 1)
        say(e, "running", "Processing %s account with fresh scraping", accounts[s->pipeline.account].platform);
    else if (e->number == 3)
        say(e, "running", "Indexing %d posts in vector database", (int)random_between(&s->random, 20, 90));
    else
        say(e, "running", "%s", steps[e->number].start);
}

static int64_t start(struct sim *s, int stage, int64_t at_ms, struct sim_orders *out)
{
    struct sim_stage_event *e = &s->pipeline.current;
    *e = (struct sim_stage_event){.number = stage, .username = user_of(s, stage), .started_ms = at_ms};
    start_message(s, e);
    publish(s, at_ms, out);
    if (s->setup.scenario->stall && stage == STALL_STAGE && at_ms >= s->start_ms - STALL_MINUTES * 60000) {
        s->pipeline.stalled = true;
        return SIM_NEVER;
    }
    return at_ms + duration(s, steps[stage].usual_s);
}

/* Nobody left in this cycle: wait for new accounts, which is stage 0 again. */
static int64_t wait(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_stage_event *e = &s->pipeline.current;
    *e = (struct sim_stage_event){.number = 0, .username = "", .started_ms = at_ms};
    say(e, "running", "No accounts found - waiting 300 seconds for new accounts");
    publish(s, at_ms, out);
    return at_ms + pace_ms(s, wait_s);
}

static int64_t next_account(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    s->pipeline.account++;
    return s->pipeline.account < ACCOUNTS ? start(s, 1, at_ms, out) : wait(s, at_ms, out);
}

static int64_t pause_after(struct sim *s, int64_t at_ms)
{
    return at_ms + pace_ms(s, pause_s);
}

/* A failure closes the run; after a moment the miner goes back to stage 0. */
static int64_t fail(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_stage_event *e = &s->pipeline.current;
    say(e, "failed", "%s", steps[e->number].failed);
    publish(s, at_ms, out);
    return at_ms + pace_ms(s, s->setup.scenario->failing > 0.5 ? 90 : 20);
}

/* Stage 0 of a moment, which no line completes. */
static int64_t look(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_stage_event *e = &s->pipeline.current;
    *e = (struct sim_stage_event){.number = 0, .username = "", .started_ms = at_ms};
    say(e, "running", "Waiting for accounts to process");
    publish(s, at_ms, out);
    s->pipeline.looking = true;
    return pause_after(s, at_ms);
}

static void complete(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_stage_event *e = &s->pipeline.current;
    if (e->number == 0 && s->pipeline.account >= ACCOUNTS)
        say(e, "completed", "Wait cycle completed - checking for new accounts");
    else if (e->number == 1)
        say(e, "completed", "Successfully processed %s account", accounts[s->pipeline.account].platform);
    else
        say(e, "completed", "%s", steps[e->number].done);
    publish(s, at_ms, out);
}

static int64_t finish_run(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_stage_event *e = &s->pipeline.current;
    *e = (struct sim_stage_event){.number = 7, .username = user_of(s, 7), .started_ms = at_ms};
    say(e, "completed", "Pipeline completed - %d recommendations generated", (int)random_between(&s->random, 6, 24));
    publish(s, at_ms, out);
    return pause_after(s, at_ms);
}

static int64_t end_stage(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    int stage = s->pipeline.current.number;
    if (stage > 0 && random_chance(&s->random, s->setup.scenario->failing))
        return fail(s, at_ms, out);
    complete(s, at_ms, out);
    if (stage == 0) {
        s->pipeline.account = 0;
        return start(s, 1, at_ms + 1, out);
    }
    return stage == 6 ? finish_run(s, at_ms + 1, out) : start(s, stage + 1, at_ms + 1, out);
}

int64_t pipeline_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    const struct sim_stage_event *e = &s->pipeline.current;
    if (s->pipeline.stalled)
        return SIM_NEVER;
    if (e->number < 0)
        return start(s, 0, at_ms, out);
    if (*e->status == 'f')
        return look(s, at_ms, out);
    if (*e->status == 'r' && !s->pipeline.looking)
        return end_stage(s, at_ms, out);
    s->pipeline.looking = false;
    return next_account(s, at_ms, out);
}

static void put_event(struct sim_text *t, const struct sim *s, const struct sim_stage_event *e)
{
    put(t, "{\"stage_number\": %d, \"stage_name\": \"%s\", \"status\": \"%s\", \"message\": ", e->number,
        stage_name(e->number), e->status);
    put_string(t, e->message);
    put(t, ", \"username\": ");
    put_string(t, e->username);
    put(t, ", \"details\": {}, \"started_at\": ");
    put_epoch(t, stamp(s, e->started_ms));
    put(t, ", \"updated_at\": ");
    put_epoch(t, stamp(s, e->updated_ms));
    put(t, "}");
}

struct bytes pipeline_text(const struct sim *s, struct arena *a)
{
    const struct sim_pipeline *p = &s->pipeline;
    struct sim_text t = {.arena = a};
    put(&t, "{\"version\": 1, \"mode\": \"watchdog\", \"pid\": %" PRId64 ",\n \"current_stage\": ", p->pid);
    put_event(&t, s, &p->current);
    put(&t, ",\n \"stage_history\": [");
    int64_t first = p->events > SIM_STAGE_EVENTS ? p->events - SIM_STAGE_EVENTS : 0;
    for (int64_t i = first; i < p->events; i++) {
        put(&t, "%s\n  ", i == first ? "" : ",");
        put_event(&t, s, &p->history[i % SIM_STAGE_EVENTS]);
    }
    put(&t, "],\n \"updated_at\": ");
    put_epoch(&t, stamp(s, p->current.updated_ms));
    put(&t, "}\n");
    return put_done(&t);
}

void pipeline_document(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    (void)at_ms;
    if (!filling(s) && s->pipeline.current.number >= 0)
        emit_document(s, out, SIM_REPLACE, SIM_STATUS, pipeline_text(s, out->arena));
}

/* The line comes before the miner looks after its modules, so a dead one is said to be stopped, and then restarted. */
static void restart_module(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    emit_log(s, out, at_ms + 2, "__main__", "ERROR", "❌ Module 2 process terminated with code: 1");
    emit_log(s, out, at_ms + 3, "__main__", "INFO", "🔄 Attempting to restart Module 2...");
    emit_log(s, out, at_ms + 41, "__main__", "INFO", "🎨 Module 2 started successfully (PID: %" PRId64 ")",
             s->setup.pid + 2 + at_ms / 1000 % 20000);
}

int64_t status_line_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    const struct sim_scenario *sc = s->setup.scenario;
    const struct sim_stage_event *e = &s->pipeline.current;
    if (sc->loop_stuck && at_ms > s->start_ms - STUCK_MS)
        return SIM_NEVER;
    if (e->number >= 0)
        emit_log(s, out, at_ms, "__main__", "INFO",
                 "📈 Miner Status: Mode: watchdog | Bittensor: %s | Module 1: Running | Module 2: %s | "
                 "Stage: %s - %s%s%s%s",
                 sc->bittensor_failed ? "Failed" : "OK", sc->module_down ? "Stopped" : "Running", stage_name(e->number),
                 e->status, *e->username ? " (" : "", e->username, *e->username ? ")" : "");
    if (sc->module_down)
        restart_module(s, at_ms, out);
    int64_t period = pace_ms(s, 30);
    return at_ms + (period < 2000 ? 2000 : period);
}
