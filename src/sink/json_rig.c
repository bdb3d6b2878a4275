/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who, from which files, and what is wrong. */
#include "sink/json_members.h"

#include "base/timetext.h"
#include "model/incidents.h"
#include "model/watcher.h"

json_t *json_of_rig(const struct model *m, struct arena *a)
{
    json_t *o = json_object();
    put(o, "name", json_of_path(a, m->rig_name));
    put(o, "dir", json_of_path(a, m->rig_dir));
    put(o, "host", json_of_path(a, m->host));
    return o;
}

static json_t *source(const struct model *m, struct arena *a, enum doc_id id)
{
    const struct origin *s = &m->origin[id];
    json_t *o = json_object();
    put_text(o, "name", s->key ? s->key : doc_rows[id].key);
    put(o, "path", json_of_path(a, s->path ? s->path : ""));
    put_text(o, "state", origin_state_name(s->state));
    put(o, "error", json_of_path(a, s->error));
    put_age(o, "age_s", s->mtime_ms == NOT_KNOWN ? NOT_KNOWN : m->now_ms - s->mtime_ms);
    put_age(o, "read_age_s", s->read_ms == NOT_KNOWN ? NOT_KNOWN : m->now_ms - s->read_ms);
    put_bool(o, "polling", s->polling);
    return o;
}

json_t *json_of_sources(const struct model *m, struct arena *a)
{
    json_t *list = json_array();
    for (enum doc_id id = 0; id < DOC_COUNT; id++)
        if (id == DOC_SETTINGS || origin_expected(id, &m->origin[id]))
            json_array_append_new(list, source(m, a, id));
    return list;
}

static json_t *ack(const struct incident *i)
{
    if (i->ack.who == NULL)
        return json_null();
    json_t *o = json_object();
    put_text(o, "by", i->ack.who);
    put_text(o, "why", i->ack.why);
    put_int(o, "at", i->ack.at_ms);
    put_int(o, "until", i->ack.until_ms);
    return o;
}

/* What an engine adds; without one the members are not there. */
static void put_incident(json_t *o, const struct incident *i)
{
    if (i == NULL)
        return;
    put_int(o, "incident", i->number > 0 ? i->number : NOT_KNOWN);
    put_bool(o, "unknown", i->unknown);
    put_bool(o, "silenced", i->silenced);
    put_bool(o, "flapping", i->flapping);
    put(o, "ack", ack(i));
}

static json_t *alert(struct arena *a, const struct alert *x)
{
    json_t *o = json_object(), *todo = json_array();
    put_text(o, "rule", x->rule);
    put(o, "subject", json_of_path(a, x->subject));
    put_text(o, "severity", severity_name(x->severity));
    put_text(o, "state", x->state);
    put_int(o, "since", x->since_ms);
    put_num(o, "value", x->value);
    put_num(o, "limit", x->limit);
    put_text(o, "value_text", x->value_text);
    put_text(o, "limit_text", x->limit_text);
    put(o, "what", json_of_path(a, x->what));
    put(o, "why", json_of_path(a, x->why));
    for (size_t i = 0; i < ALERT_DO && x->todo[i]; i++)
        json_array_append_new(todo, json_of_path(a, x->todo[i]));
    put(o, "do", todo);
    put_incident(o, x->incident);
    return o;
}

/* null: nobody asked an engine. */
json_t *json_of_silences(const struct model *m, struct arena *a)
{
    (void)a;
    if (m->incidents == NULL)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < m->incidents->silence_count; i++)
        json_array_append_new(list, silence_to_json(&m->incidents->silence[i]));
    return list;
}

/* Every row that the engine remembers, those that are hidden by their cause too. */
json_t *json_of_incidents(const struct model *m, struct arena *a)
{
    (void)a;
    if (m->incidents == NULL)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < m->incidents->count; i++)
        json_array_append_new(list, incident_to_json(&m->incidents->row[i]));
    return list;
}

json_t *json_of_watcher(const struct model *m, struct arena *a)
{
    static const char *const names[] = {"none", "runs", "hangs", "gone"};
    (void)a;
    if (m->watcher == NULL)
        return json_null();
    json_t *o = json_object();
    put_text(o, "state", names[m->watcher->state]);
    put_int(o, "pid", m->watcher->pid);
    put_int(o, "beat", m->watcher->beat_ms);
    return o;
}

json_t *json_of_alerts(const struct model *m, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->alert_count; i++)
        json_array_append_new(list, alert(a, &m->alert[i]));
    return list;
}
