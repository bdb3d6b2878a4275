/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_members.h"

#include "base/timetext.h"

static json_t *one(const struct module *m)
{
    json_t *o = json_object();
    put_text(o, "name", m->name);
    put_text(o, "state", m->state);
    put_int(o, "pid", m->pid);
    put_int(o, "since", m->since_ms);
    put_age(o, "uptime_s", m->uptime_ms);
    put_int(o, "restarts", m->restarts);
    put_text(o, "last_exit", m->last_exit);
    put_int(o, "next_start", m->next_ms);
    put_text(o, "log", m->log);
    return o;
}

json_t *json_of_modules(const struct model *m, struct arena *a)
{
    static const char *const lives[] = {
        [SUPERVISOR_UNKNOWN] = "unknown", [SUPERVISOR_UP] = "up", [SUPERVISOR_GONE] = "gone"};
    const struct modules *s = m->modules;
    (void)a;
    if (!s->known)
        return json_null();
    json_t *o = json_object(), *list = json_array();
    for (size_t i = 0; i < s->count; i++)
        json_array_append_new(list, one(&s->one[i]));
    put_text(o, "supervisor", lives[s->supervisor]);
    put_int(o, "pid", s->pid);
    put_text(o, "mode", s->mode);
    put_int(o, "updated", s->updated_ms);
    put(o, "modules", list);
    return o;
}
