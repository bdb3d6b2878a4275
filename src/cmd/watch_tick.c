/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One evaluation: look, step the engine, do what the calendar wants, send, tell everybody that somebody watches. */
#include "cmd/watch.h"

#include "base/timetext.h"
#include "loop/systemd.h"
#include "rule/remember.h"
#include "rule/rule.h"

#include <inttypes.h>
#include <stdio.h>

static uint64_t hash_of(const char *text)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return h;
}

/* The same sentence every five seconds is said once. */
static void complain(struct watcher_state *w, const struct err *e)
{
    uint64_t hash = hash_of(e->text);
    if (w->failed_ms == 0)
        w->failed_ms = loop_now();
    if (hash != w->wrong)
        watch_say("error", "not_saved", "error", e->text, NULL);
    w->wrong = hash;
}

static void all_is_well(struct watcher_state *w)
{
    if (w->failed_ms != 0)
        watch_say("info", "saved_again", NULL);
    w->failed_ms = 0;
    w->wrong = 0;
}

static void say_events(const struct advance *v)
{
    for (size_t i = 0; i < v->out.event_count; i++) {
        const struct incident_event *e = &v->out.event[i];
        char number[24];
        snprintf(number, sizeof number, "%" PRId64, e->number);
        watch_say(e->severity == SEVERITY_CRITICAL ? "warning" : "info", incident_event_name(e->kind), "rule", e->rule,
                  "subject", e->subject != NULL ? e->subject : "", "severity", severity_name(e->severity), "number",
                  number, "what", e->what, NULL);
    }
}

static bool evaluate(struct watcher_state *w, struct advance *v, const struct model *m, struct err *e)
{
    if (!advance(v, &w->arena, w->folder, m, NULL, e))
        return false;
    if (v->journal.notice.text[0] != '\0')
        watch_say("error", "journal_damaged", "error", v->journal.notice.text, NULL);
    say_events(v);
    return watch_runs(w, v, m, e) && office_step(&w->office, v, &w->arena, m, e);
}

/* For the metrics: what the engine made of what the rules saw. */
static void join(struct watcher_state *w, const struct advance *v, struct model *m)
{
    struct incidents *s = arena_alloc(&w->arena, sizeof *s);
    *s = incidents_copy(&w->arena, &v->book.state);
    alerts_remember(&w->arena, m, s);
}

static void sleep_until(struct watcher_state *w, const struct settings *s)
{
    int64_t now = loop_now(), next = now + s->watch_every_s * 1000;
    if (w->watchdog_ms > 0 && next > now + w->watchdog_ms / 2)
        next = now + w->watchdog_ms / 2;
    if (w->office.wake_ms < next)
        next = w->office.wake_ms;
    loop_timer(w->loop, next > now + WATCH_REST_MS ? next : now + WATCH_REST_MS, watch_tick, w);
}

void watch_tick(void *ctx)
{
    struct watcher_state *w = ctx;
    struct advance v = {.now = {.boot_id = NULL}};
    struct err e;
    if (w->leaving)
        return;
    arena_reset(&w->arena);
    struct model *m = rig_model(w->rig, &w->arena);
    rules_judge(&w->arena, m);
    if (evaluate(w, &v, m, &e)) {
        all_is_well(w);
        join(w, &v, m);
    } else {
        complain(w, &e);
    }
    advance_close(&v);
    w->evaluations++;
    w->ticked_ms = loop_now();
    watch_state_write(w, m);
    watch_metrics_write(w, m);
    systemd_tell("WATCHDOG=1", NULL); /* only from here: a loop that turns but cannot evaluate is no watch */
    sleep_until(w, m->settings);
}

void watch_left(struct watcher_state *w)
{
    if (w->office.id == 0)
        loop_stop(w->loop, WATCH_OK);
}
