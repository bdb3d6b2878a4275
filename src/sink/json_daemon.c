/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_members.h"

static const char *const socket_words[] = {
    [SOCKET_ABSENT] = "absent",        [SOCKET_LISTENING] = "listening", [SOCKET_STALE] = "stale",
    [SOCKET_NOT_ONE] = "not_a_socket", [SOCKET_UNKNOWN] = "unknown",     [SOCKET_UNLINKED] = "unlinked",
};

static json_t *daemon_socket(const struct daemon *d, struct arena *a)
{
    json_t *o = json_object();
    put_text(o, "state", socket_words[d->socket]);
    put(o, "path", json_of_path(a, d->socket_path));
    put_int(o, "backlog", d->socket_backlog);
    return o;
}

json_t *json_of_daemon(const struct model *m, struct arena *a)
{
    const struct daemon *d = m->daemon;
    json_t *o = json_object();
    put_text(o, "state", daemon_state_name(d->state));
    put_int(o, "pid", d->pid);
    put_int(o, "uptime_s", d->uptime_s);
    put_text(o, "why", d->why ? d->why : "");
    put_int(o, "other_pid", d->other_pid);
    put_age(o, "beat_age_s", d->beat_age_ms);
    put_int(o, "since", d->since_ms);
    put_int(o, "tasks_processed", d->tasks_processed);
    put_text(o, "status", d->status);
    put(o, "socket", daemon_socket(d, a));
    put_int(o, "cpu_ms", d->cpu_ms);
    put_int(o, "rss_bytes", d->rss_bytes);
    put_bool(o, "grace", d->grace);
    return o;
}
