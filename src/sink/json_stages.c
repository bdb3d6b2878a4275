/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_members.h"

#include "base/timetext.h"

enum { EVENTS_SHOWN = 50 };

static int64_t number(int n)
{
    return n < 0 ? NOT_KNOWN : n;
}

static void put_event(json_t *o, const struct stage_event *e)
{
    put_int(o, "number", number(e->number));
    put_text(o, "name", e->name);
    put_text(o, "status", e->status_text ? e->status_text : "");
    put_text(o, "message", e->message ? e->message : "");
    put_text(o, "username", e->username ? e->username : "");
}

static json_t *current(const struct stages *s)
{
    if (!s->known)
        return json_null();
    json_t *o = json_object();
    put_event(o, &s->current);
    put_age(o, "age_s", s->age_ms);
    put_text(o, "details", s->current.details ? s->current.details : "");
    put_age(o, "elapsed_s", s->elapsed_ms);
    put_bool(o, "stalled", s->stalled);
    put_int(o, "at", s->current.at_ms);
    put_int(o, "started", s->current.started_ms);
    return o;
}

static json_t *accounts(const struct stage_line *l)
{
    json_t *list = json_array();
    for (size_t i = 0; i < l->account_count; i++) {
        json_t *o = json_object();
        put_text(o, "username", l->account[i].username);
        put_seconds(o, "typical_s", l->account[i].typical_ms);
        put_count(o, "samples", l->account[i].samples);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *line(const struct stage_line *l, int i)
{
    json_t *o = json_object();
    put_int(o, "number", i);
    put_text(o, "name", l->name ? l->name : stage_name(i));
    put_text(o, "state", stage_state_name(l->state));
    put_seconds(o, "duration_s", l->duration_ms);
    put_seconds(o, "typical_s", l->typical_ms);
    put_text(o, "typical_of", l->typical_of);
    put_seconds(o, "limit_s", l->limit_ms);
    put_count(o, "completions", l->completions);
    put_count(o, "failures", l->failures);
    put(o, "accounts", accounts(l));
    return o;
}

static json_t *run(const struct stage_run *r)
{
    json_t *o = json_object();
    put_text(o, "username", r->username ? r->username : "");
    put_text(o, "state", run_state_name(r->state));
    put_int(o, "last_stage", number(r->last_stage));
    put_int(o, "start", r->start_ms);
    put_int(o, "end", r->end_ms);
    put_text(o, "message", r->message ? r->message : "");
    return o;
}

static json_t *event(const struct stage_event *e)
{
    json_t *o = json_object();
    put_int(o, "at", e->at_ms);
    put_event(o, e);
    return o;
}

json_t *json_of_stages(const struct model *m, struct arena *a)
{
    (void)a;
    const struct stages *s = m->stages;
    json_t *o = json_object(), *lines = json_array(), *runs = json_array(), *events = json_array();
    for (int i = 0; i < STAGE_COUNT; i++)
        json_array_append_new(lines, line(&s->stage[i], i));
    for (size_t i = 0; i < s->run_count; i++)
        json_array_append_new(runs, run(&s->run[i]));
    for (size_t i = 0; i < s->event_count && i < EVENTS_SHOWN; i++)
        json_array_append_new(events, event(&s->event[i]));
    put(o, "current", current(s));
    put(o, "stages", lines);
    put(o, "runs", runs);
    put(o, "events", events);
    put_text(o, "mode", s->mode);
    put_bool(o, "from_log", s->from_log);
    put_bool(o, "two_writers", s->two_writers);
    return o;
}
