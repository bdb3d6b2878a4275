/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_members.h"

static json_t *check(const struct hb_line *c)
{
    json_t *o = json_object();
    put_text(o, "name", c->name);
    put_text(o, "state", due_state_name(c->state));
    put_age(o, "age_s", c->age_ms);
    put_seconds(o, "interval_s", c->interval_ms);
    put_seconds(o, "overdue_s", c->overdue_ms);
    put_int(o, "at", c->at_ms);
    put_text(o, "note", c->note);
    put_bool(o, "milliseconds", c->milliseconds);
    return o;
}

static json_t *checklist(const struct checklist_doc *d)
{
    if (!d)
        return json_null();
    json_t *o = json_object(), *items = json_array();
    for (size_t i = 0; i < d->count; i++) {
        json_t *item = json_object();
        put_text(item, "section", d->item[i].section ? d->item[i].section : "");
        put_text(item, "text", d->item[i].text);
        put_bool(item, "done", d->item[i].done);
        json_array_append_new(items, item);
    }
    put_bool(o, "empty", d->effectively_empty);
    put(o, "items", items);
    return o;
}

json_t *json_of_heartbeat(const struct model *m, struct arena *a)
{
    (void)a;
    const struct heartbeat *h = m->heartbeat;
    json_t *o = json_object(), *checks = json_array(), *thresholds = json_object();
    for (size_t i = 0; i < h->check_count; i++)
        json_array_append_new(checks, check(&h->check[i]));
    for (size_t i = 0; i < h->threshold_count; i++)
        put_num(thresholds, h->threshold[i].name, h->threshold[i].value);
    put_bool(o, "known", h->known);
    put_bool(o, "empty_file", h->empty_file);
    put(o, "checks", checks);
    put_count(o, "due", h->due_count);
    put_count(o, "overdue", h->overdue_count);
    put_int(o, "last", h->last_ms);
    put_int(o, "next_due", h->next_due_ms);
    put(o, "thresholds", thresholds);
    put(o, "checklist", checklist(h->checklist));
    return o;
}
