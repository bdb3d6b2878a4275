/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Incidents, silences and events as JSON and back. Short names: the journal has many of these lines. */
#include "base/timetext.h"
#include "base/utf8.h"
#include "model/incidents.h"

#include <string.h>

/* ---- writing ---- */

static void put_text(json_t *o, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(o, key, json_from_text(text));
}

static void put_int(json_t *o, const char *key, int64_t v)
{
    if (v != NOT_KNOWN)
        json_object_set_new(o, key, json_integer(v));
}

static void put_flag(json_t *o, const char *key, bool v)
{
    if (v)
        json_object_set_new(o, key, json_true());
}

static json_t *ack_to_json(const struct ack *k)
{
    json_t *o = json_object();
    put_text(o, "who", k->who);
    put_text(o, "why", k->why);
    put_int(o, "at", k->at_ms);
    put_int(o, "until", k->until_ms);
    put_int(o, "until_clock", k->until);
    put_text(o, "severity", severity_name(k->severity));
    return o;
}

json_t *incident_to_json(const struct incident *i)
{
    json_t *o = json_object(), *tell = json_array();
    put_text(o, "rule", i->rule);
    put_text(o, "subject", i->subject);
    put_text(o, "state", incident_state_name(i->state));
    put_text(o, "severity", severity_name(i->severity));
    put_text(o, "told", severity_name(i->told));
    put_flag(o, "unknown", i->unknown);
    put_flag(o, "hidden", i->hidden);
    put_flag(o, "silenced", i->silenced);
    put_flag(o, "flapping", i->flapping);
    put_int(o, "number", i->number);
    put_int(o, "since", i->since_ms);
    put_int(o, "from", i->from);
    put_int(o, "done", i->done);
    put_int(o, "samples", i->samples);
    put_int(o, "stamp", i->stamp);
    put_int(o, "changed", i->changed);
    put_int(o, "changes", i->changes);
    for (int k = 0; k < INCIDENT_TELLS; k++)
        json_array_append_new(tell, json_from_int(i->tell[k]));
    json_object_set_new(o, "tell", tell);
    put_text(o, "what", i->what);
    put_text(o, "value", i->value_text);
    put_text(o, "limit", i->limit_text);
    if (i->ack.who != NULL)
        json_object_set_new(o, "ack", ack_to_json(&i->ack));
    return o;
}

json_t *silence_to_json(const struct silence *s)
{
    json_t *o = json_object();
    put_int(o, "id", s->id);
    put_text(o, "rule", s->rule);
    put_text(o, "subject", s->subject);
    put_text(o, "who", s->who);
    put_text(o, "reason", s->reason);
    put_int(o, "since", s->since_ms);
    put_int(o, "until", s->until_ms);
    put_int(o, "until_clock", s->until);
    return o;
}

json_t *incident_event_to_json(const struct incident_event *e)
{
    json_t *o = json_object();
    put_int(o, "at", e->at_ms);
    put_text(o, "event", incident_event_name(e->kind));
    put_text(o, "rule", e->rule);
    put_text(o, "subject", e->subject);
    put_int(o, "number", e->number);
    put_text(o, "severity", severity_name(e->severity));
    put_flag(o, "told", e->told);
    put_text(o, "who", e->who);
    put_text(o, "why", e->why);
    put_text(o, "what", e->what);
    return o;
}

/* ---- reading ---- */

static bool name_of(const char *(*name)(unsigned), unsigned count, const json_t *o, const char *key, unsigned *out)
{
    struct bytes text = json_raw(o, key);
    for (unsigned i = 0; text.at != NULL && i < count; i++)
        if (bytes_is(text, name(i)))
            return *out = i, true;
    return false;
}

static const char *severity_at(unsigned i)
{
    return severity_name((enum severity)i);
}

static const char *state_at(unsigned i)
{
    return incident_state_name((enum incident_state)i);
}

static const char *kind_at(unsigned i)
{
    return incident_event_name((enum incident_event_kind)i);
}

static bool take_severity(const json_t *o, const char *key, enum severity *out)
{
    unsigned at;
    if (!name_of(severity_at, SEVERITY_CRITICAL + 1, o, key, &at))
        return false;
    *out = (enum severity)at;
    return true;
}

static int64_t count_of(const json_t *o, const char *key)
{
    int64_t v = json_int(o, key);
    return v < 0 ? 0 : v; /* NOT_KNOWN is below 0 */
}

static const char *text_of(struct arena *a, const json_t *o, const char *key)
{
    const char *text = json_text(a, o, key);
    return text != NULL ? text : "";
}

static bool flag(const json_t *o, const char *key)
{
    return json_is_true(json_object_get(o, key));
}

static bool take_ack(struct arena *a, const json_t *o, struct ack *out)
{
    *out = (struct ack){0};
    if (o == NULL)
        return true;
    out->who = json_text(a, o, "who");
    out->why = json_text(a, o, "why");
    out->at_ms = json_int(o, "at");
    out->until_ms = json_int(o, "until");
    out->until = json_int(o, "until_clock");
    return out->who != NULL && take_severity(o, "severity", &out->severity);
}

static void take_tells(const json_t *o, int64_t tell[INCIDENT_TELLS])
{
    const json_t *list = json_list(o, "tell");
    for (size_t k = 0; k < INCIDENT_TELLS; k++) {
        const json_t *v = json_array_get(list, k);
        tell[k] = json_is_integer(v) ? json_integer_value(v) : NOT_KNOWN;
    }
}

static void take_times(const json_t *o, struct incident *out)
{
    out->number = count_of(o, "number");
    out->since_ms = json_int(o, "since");
    out->from = json_int(o, "from");
    out->done = count_of(o, "done");
    out->samples = count_of(o, "samples");
    out->stamp = count_of(o, "stamp");
    out->changed = json_int(o, "changed");
    out->changes = count_of(o, "changes");
    take_tells(o, out->tell);
}

bool incident_from_json(struct arena *a, const json_t *o, struct incident *out)
{
    unsigned state;
    struct incident i = {.rule = json_text(a, o, "rule"), .subject = json_text(a, o, "subject")};
    bool good = i.rule != NULL && i.subject != NULL && name_of(state_at, INCIDENT_RECOVERING + 1, o, "state", &state) &&
                take_severity(o, "severity", &i.severity) && take_severity(o, "told", &i.told) &&
                take_ack(a, json_child(o, "ack"), &i.ack);
    if (!good)
        return false;
    i.state = (enum incident_state)state;
    i.unknown = flag(o, "unknown");
    i.hidden = flag(o, "hidden");
    i.silenced = flag(o, "silenced");
    i.flapping = flag(o, "flapping");
    i.what = text_of(a, o, "what");
    i.value_text = text_of(a, o, "value");
    i.limit_text = text_of(a, o, "limit");
    take_times(o, &i);
    *out = i;
    return true;
}

bool silence_from_json(struct arena *a, const json_t *o, struct silence *out)
{
    struct silence s = {.id = json_int(o, "id"),
                        .rule = json_text(a, o, "rule"),
                        .subject = json_text(a, o, "subject"),
                        .who = json_text(a, o, "who"),
                        .reason = json_text(a, o, "reason"),
                        .since_ms = json_int(o, "since"),
                        .until_ms = json_int(o, "until"),
                        .until = json_int(o, "until_clock")};
    if (s.id < 1 || s.rule == NULL || s.who == NULL || s.reason == NULL)
        return false;
    *out = s;
    return true;
}

bool incident_event_from_json(struct arena *a, const json_t *o, struct incident_event *out)
{
    unsigned kind;
    struct incident_event e = {.at_ms = json_int(o, "at"),
                               .rule = json_text(a, o, "rule"),
                               .subject = json_text(a, o, "subject"),
                               .number = count_of(o, "number"),
                               .told = flag(o, "told"),
                               .who = json_text(a, o, "who"),
                               .why = json_text(a, o, "why"),
                               .what = text_of(a, o, "what")};
    if (e.at_ms == NOT_KNOWN || e.rule == NULL || !name_of(kind_at, EVENT_KINDS, o, "event", &kind) ||
        !take_severity(o, "severity", &e.severity))
        return false;
    e.kind = (enum incident_event_kind)kind;
    *out = e;
    return true;
}
