/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon, the task history, and what r and c would run. */
#include "cmd/davy_doctor.h"

#include "action/plan.h"
#include "base/timetext.h"

#include <string.h>

/* ---- the daemon ---- */

static const struct {
    enum mark mark;
    const char *fix;
} states[] = {
    [DAEMON_DOWN] = {MARK_PROBLEM, "start the miner; its log says why it ended"},
    [DAEMON_HUNG] = {MARK_PROBLEM, "restart the miner; its log says where it hangs"},
    [DAEMON_IMPOSTOR] = {MARK_PROBLEM, "if that is your miner: in davy.toml, below [daemon]: match = \"a piece of its "
                                       "command line\""},
    [DAEMON_NEVER] = {MARK_NOTE, "start the miner; or set daemon.pid and daemon.state in davy.toml"},
    [DAEMON_STALE] = {MARK_PROBLEM, "see its log: the process lives, but does not write its state any more"},
    [DAEMON_STOPPED] = {MARK_NOTE, "start the miner when it is wanted"},
    [DAEMON_UNKNOWN] = {MARK_NOTE, NULL},
    [DAEMON_UP] = {MARK_OK, NULL},
};

void doctor_daemon(struct doctor *d)
{
    const struct daemon *x = d->model->daemon;
    const char *why = x->why != NULL ? x->why : "";
    const char *pid = x->pid == NOT_KNOWN || *why ? "" : arena_text(&d->arena, ", process %lld", (long long)x->pid);
    d->section = "Daemon";
    doctor_say(d, states[x->state].mark, "daemon", states[x->state].fix, "%s%s%s%s", daemon_state_name(x->state), pid,
               *why ? "; " : "", why);
    if (x->socket_path != NULL)
        doctor_say(d, MARK_OK, "socket", NULL, "%s, %s; davy never connects to it", x->socket_path,
                   x->socket == SOCKET_LISTENING ? "listening" : "not listening");
}

/* ---- history ---- */

void doctor_history(struct doctor *d)
{
    const struct scores *s = d->model->scores;
    const struct history_counts *c = &s->counts;
    if (!s->known)
        return;
    bool bad = c->malformed > 0 || c->invalid > 0;
    d->section = "Task history";
    doctor_say(
        d, bad ? MARK_NOTE : MARK_OK, "lines", bad ? "davy: 3, then Enter, names the newest bad lines" : NULL,
        "%llu: %llu scored, %llu without a score yet, %llu executed, %llu self-tests, %llu invalid, %llu not JSON, "
        "%llu from the future",
        (unsigned long long)c->lines, (unsigned long long)c->scored, (unsigned long long)c->pending,
        (unsigned long long)c->executed, (unsigned long long)c->synthetic, (unsigned long long)c->invalid,
        (unsigned long long)c->malformed, (unsigned long long)c->future);
    if (c->future > 0)
        doctor_say(d, MARK_PROBLEM, "clock", "set the clock of the machine that writes the history, or of this one",
                   "the history has tasks from the future");
}

/* ---- actions ---- */

static void known_plan(struct doctor *d, const char *what, const struct plan *p)
{
    const char *text = "";
    for (int i = 0; i < p->steps; i++)
        text = arena_text(&d->arena, "%s%s%s", text, i > 0 ? ", then " : "", plan_text(&d->arena, p->step[i].argv));
    doctor_say(d, p->note != NULL ? MARK_NOTE : MARK_OK, what, p->note, "runs %s in %s; from %s", text, p->folder,
               p->from);
}

void doctor_actions(struct doctor *d)
{
    static const char *const names[PLAN_KINDS] = {
        [PLAN_COMMIT] = "key c, davy commit --force",
        [PLAN_RESTART] = "key r, davy restart",
    };
    d->section = "Actions";
    for (int kind = 0; kind < PLAN_KINDS; kind++) {
        const struct plan *p = plan_find(&d->arena, (enum plan_kind)kind, d->model, d->dir);
        if (p->known)
            known_plan(d, names[kind], p);
        else
            doctor_say(d, MARK_NOTE, names[kind],
                       p->set != NULL ? arena_text(&d->arena, "in davy.toml, for example:\n%s", p->set) : NULL,
                       "nothing to run: %s", p->why);
    }
}
