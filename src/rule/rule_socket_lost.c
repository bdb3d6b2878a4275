/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

/* Three different faults, three different sentences (rig-files 7.25). Nothing connects to it: two probes would fill the
 * queue of a daemon that never accepts. */
static const struct {
    const char *word, *what;
} socket_rows[] = {
    [SOCKET_ABSENT] = {"absent", "does not exist"},
    [SOCKET_NOT_ONE] = {"not a socket", "is a file of another kind"},
    [SOCKET_STALE] = {"stale", "is there, but nobody listens"},
    [SOCKET_UNLINKED] = {"unlinked", "was removed under the listening daemon"},
};

static void judge(const struct model *m, struct findings *f)
{
    const struct daemon *d = m->daemon;
    bool lost = d->socket != SOCKET_UNKNOWN && d->socket != SOCKET_LISTENING;
    if (d->state != DAEMON_UP || d->grace || !lost)
        return;
    const char *path = d->socket_path ? d->socket_path : "the socket";
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    a->value_text = socket_rows[d->socket].word;
    a->limit_text = "listening";
    a->what = "Daemon runs, but no task can reach it";
    a->why = arena_text(f->arena, "%s %s, while the daemon runs: clients cannot connect.", path,
                        socket_rows[d->socket].what);
    finding_do(a, d->socket_path ? arena_text(f->arena, "ls -l %s", path_word(f->arena, path)) : "ls -l /tmp/*.sock");
    do_restart(f, m, a);
}

const struct rule rule_socket_lost = {
    .name = "socket_lost",
    .help = "the daemon runs, but its socket is absent, stale, unlinked or no socket",
    .judge = judge,
};
