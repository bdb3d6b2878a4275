/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/probe.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "model/modules.h"

#include <string.h>
#include <sys/stat.h>

void probe_release(struct probe *p)
{
    arena_release(&p->arena[0]);
    arena_release(&p->arena[1]);
    p->doc = NULL;
}

static bool process_differs(const struct process *a, const struct process *b)
{
    return a->pid != b->pid || a->state != b->state || a->is_daemon != b->is_daemon || a->start_ms != b->start_ms;
}

static bool differs(const struct process_doc *a, const struct process_doc *b)
{
    return a == NULL || process_differs(&a->by_pidfile, &b->by_pidfile) ||
           process_differs(&a->by_state, &b->by_state) || process_differs(&a->by_run, &b->by_run) || a->socket != b->socket ||
           a->socket_backlog != b->socket_backlog || a->proc_readable != b->proc_readable;
}

static int64_t pid_of_state(const struct docs *docs)
{
    int64_t pid = docs->state_doc != NULL ? docs->state_doc->daemon_pid : NOT_KNOWN;
    return pid > 1 ? pid : 0;
}

static const char *socket_path(const struct settings *s, const struct docs *docs)
{
    if (s->socket != NULL)
        return s->socket;
    return docs->state_doc != NULL ? docs->state_doc->socket_path : NULL;
}

/* Every path of the settings is relative to the rig's folder; the daemon runs there, too. */
static const char *from_rig(struct arena *a, const struct probe *p, const char *path)
{
    return path == NULL || path[0] == '/' || p->dir == NULL ? path : arena_text(a, "%s/%s", p->dir, path);
}

static void look_at_processes(struct arena *a, struct process_doc *d, const struct settings *s, const char *root,
                              const struct docs *docs)
{
    int64_t first = docs->pid_doc != NULL ? docs->pid_doc->pid : 0, second = pid_of_state(docs);
    if (first > 1)
        d->by_pidfile = process_look(a, root, first, s->daemon_match);
    if (second == first)
        d->by_state = d->by_pidfile;
    else if (second > 1)
        d->by_state = process_look(a, root, second, s->daemon_match);
    if (docs->run_doc != NULL && docs->run_doc->pid > 1 && docs->run_doc->count > 0)
        d->by_run = process_look(a, root, docs->run_doc->pid, "davy-run");
}

static int64_t daemon_of(const struct process_doc *d)
{
    if (d->by_pidfile.is_daemon)
        return d->by_pidfile.pid;
    return d->by_state.is_daemon ? d->by_state.pid : 0;
}

bool probe_look(struct probe *p, const struct settings *s, const struct docs *docs, int64_t wall_ms)
{
    struct arena *a = &p->arena[!p->live];
    arena_reset(a);
    struct process_doc *d = arena_alloc(a, sizeof *d);
    struct stat st;
    d->now_ms = wall_ms;
    const char *root = from_rig(a, p, s->proc);
    d->proc_readable = stat(root, &st) == 0 && S_ISDIR(st.st_mode);
    if (!d->proc_readable)
        d->error = arena_text(a, "%s is not there: daemon.proc in davy.toml must name a procfs", s->proc);
    look_at_processes(a, d, s, root, docs);
    const char *path = socket_path(s, docs);
    p->socket = from_rig(a, p, path);
    d->socket_path = path != NULL ? text_safe(a, bytes_of(path), 0) : NULL;
    d->socket = socket_look(a, root, path, p->socket, daemon_of(d), &d->socket_backlog);
    bool differ = differs(p->doc, d);
    p->live = !p->live;
    p->doc = d;
    return differ;
}

static bool is_alive(const struct process *p)
{
    return p->pid > 1 && (p->state == PROBE_ALIVE || p->state == PROBE_HIDDEN);
}

int64_t probe_alive_pid(const struct probe *p)
{
    if (p->doc == NULL)
        return 0;
    if (is_alive(&p->doc->by_pidfile))
        return p->doc->by_pidfile.pid;
    return is_alive(&p->doc->by_state) ? p->doc->by_state.pid : 0;
}
