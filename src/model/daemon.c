/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The judgement of rig-files.md 2.6. First the facts are collected (which process is the daemon), then one row a
 * situation says what that means. */
#include "model/daemon.h"

#include "base/timetext.h"

#include <string.h>

enum {
    FRESH_MS = 30 * 1000, /* three write periods */
    HUNG_MS = 600 * 1000,
    GRACE_MS = 15 * 1000, /* the pid file is written before the daemon is ready */
    FUTURE_MS = 60 * 1000,
};

static const char *const state_names[] = {
    [DAEMON_UNKNOWN] = "UNKNOWN",   [DAEMON_UP] = "UP",     [DAEMON_STALE] = "STALE",     [DAEMON_HUNG] = "HUNG",
    [DAEMON_IMPOSTOR] = "IMPOSTOR", [DAEMON_DOWN] = "DOWN", [DAEMON_STOPPED] = "STOPPED", [DAEMON_NEVER] = "NEVER",
};

const char *daemon_state_name(enum daemon_state s)
{
    return state_names[s];
}

struct facts {
    struct arena *arena;
    int64_t now_ms;
    const struct pid_doc *pid;               /* NULL: no usable pid file now */
    const struct state_doc *state;           /* NULL: no state file now */
    const char *pid_error, *state_error;     /* present but unusable; NULL */
    const struct process_doc *probe;         /* NULL: /proc was not looked at */
    const struct process *by_pid, *by_state; /* as probed; NULL: not asked */
    const struct process *process;           /* the daemon that is believed in, alive; NULL */
    int64_t state_pid;                       /* NOT_KNOWN */
    struct daemon *out;
};

/* ---- the facts ---------------------------------------------------------------------------------------------------- */

static bool present(const struct origin *o)
{
    return o->state != ORIGIN_MISSING && o->state != ORIGIN_WAITING;
}

static const struct process *probed(const struct process_doc *probe, int64_t pid)
{
    if (!probe || pid == NOT_KNOWN)
        return NULL;
    if (probe->by_pidfile.pid == pid)
        return &probe->by_pidfile;
    return probe->by_state.pid == pid ? &probe->by_state : NULL;
}

/* A process that may not be looked into (EPERM) is alive, and the daemon as far as anybody can tell. */
static bool may_be_daemon(const struct process *p)
{
    return p && (p->state == PROBE_HIDDEN || (p->state == PROBE_ALIVE && p->is_daemon));
}

static bool is_impostor(const struct process *p)
{
    return p && p->state == PROBE_ALIVE && !p->is_daemon;
}

static const struct process *believed(const struct process *by_pid, const struct process *by_state)
{
    if (by_pid && by_pid->state == PROBE_ALIVE && by_pid->is_daemon)
        return by_pid;
    if (by_state && by_state->state == PROBE_ALIVE && by_state->is_daemon)
        return by_state;
    if (may_be_daemon(by_pid))
        return by_pid;
    return may_be_daemon(by_state) ? by_state : NULL;
}

static struct facts collect(struct arena *a, const struct docs *docs, const struct origin *origins, int64_t now_ms)
{
    const struct origin *pid = &origins[DOC_PID], *state = &origins[DOC_STATE];
    struct facts f = {.arena = a, .now_ms = now_ms, .probe = docs->process_doc, .state_pid = NOT_KNOWN};
    f.pid_error = pid->state == ORIGIN_INVALID ? pid->error : NULL;
    f.state_error = state->state == ORIGIN_INVALID ? state->error : NULL;
    if (present(pid) && pid->state != ORIGIN_INVALID)
        f.pid = docs->pid_doc;
    if (present(state))
        f.state = docs->state_doc;
    if (f.state)
        f.state_pid = f.state->daemon_pid;
    f.by_pid = probed(f.probe, f.pid ? f.pid->pid : NOT_KNOWN);
    f.by_state = probed(f.probe, f.state_pid);
    f.process = believed(f.by_pid, f.by_state);
    return f;
}

static bool status_is(const struct facts *f, const char *word)
{
    return f->state && f->state->status && strcmp(f->state->status, word) == 0;
}

static const char *status_of(const struct facts *f)
{
    return f->state && f->state->status ? f->state->status : "unknown";
}

/* ---- the words ---------------------------------------------------------------------------------------------------- */

static const char *span(const struct facts *f, int64_t ms)
{
    char text[TIME_TEXT];
    return arena_text(f->arena, "%s", duration_short(text, ms));
}

static const char *ago(const struct facts *f, int64_t at_ms)
{
    if (at_ms == NOT_KNOWN)
        return "at an unknown time";
    if (at_ms > f->now_ms + FUTURE_MS)
        return arena_text(f->arena, "%s in the future (clock?)", span(f, at_ms - f->now_ms));
    return arena_text(f->arena, "%s ago", span(f, at_ms < f->now_ms ? f->now_ms - at_ms : 0));
}

static const char *runs(const struct facts *f)
{
    const struct process *p = f->process;
    const char *hidden = p->state == PROBE_HIDDEN ? " (its command line cannot be read)" : "";
    if (p->start_ms == NOT_KNOWN)
        return arena_text(f->arena, "process %lld runs%s", (long long)p->pid, hidden);
    int64_t age = f->now_ms > p->start_ms ? f->now_ms - p->start_ms : 0;
    return arena_text(f->arena, "process %lld runs for %s%s", (long long)p->pid, span(f, age), hidden);
}

static const char *gone(const struct process *p)
{
    return p && p->state == PROBE_ZOMBIE ? "is dead (zombie)" : "does not exist";
}

/* What else a reader should know about a living daemon. */
static const char *remark(const struct facts *f)
{
    if (f->out->other_pid != NOT_KNOWN)
        return arena_text(f->arena, "; the other file names %lld", (long long)f->out->other_pid);
    if (!f->pid)
        return f->pid_error ? arena_text(f->arena, "; %s", f->pid_error) : "; there is no pid file";
    return "";
}

static void say(const struct facts *f, enum daemon_state state, int64_t since_ms, const char *why)
{
    f->out->state = state;
    f->out->since_ms = since_ms;
    f->out->why = why;
}

/* ---- the judgement ------------------------------------------------------------------------------------------------ */

static void judge_running(const struct facts *f)
{
    if (!f->state) {
        const char *file = f->state_error ? f->state_error : "there is no state file, so no heartbeat";
        say(f, DAEMON_STALE, f->process->start_ms, arena_text(f->arena, "%s, but %s%s", runs(f), file, remark(f)));
        return;
    }
    int64_t age = f->out->beat_age_ms, beat = f->state->beat_ms;
    const char *last = ago(f, beat);
    if (age > HUNG_MS)
        say(f, DAEMON_HUNG, beat,
            arena_text(f->arena, "%s, but its last heartbeat was %s%s", runs(f), last, remark(f)));
    else if (age > FRESH_MS)
        say(f, DAEMON_STALE, beat, arena_text(f->arena, "%s, no heartbeat for %s%s", runs(f), span(f, age), remark(f)));
    else if (!status_is(f, "running"))
        say(f, DAEMON_STALE, beat,
            arena_text(f->arena, "%s, but the state file says \"%s\" (written %s)%s", runs(f), status_of(f), last,
                       remark(f)));
    else
        say(f, DAEMON_UP, f->process->start_ms,
            arena_text(f->arena, "%s, last heartbeat %s%s", runs(f), last, remark(f)));
}

/* A process nobody may look into, without a fresh heartbeat to prove what it is. */
static bool is_opaque(const struct facts *f)
{
    return f->process->state == PROBE_HIDDEN &&
           (!f->state || f->out->beat_age_ms > FRESH_MS || !status_is(f, "running"));
}

static void judge_impostor(const struct facts *f, const struct process *p)
{
    int64_t since = f->state ? f->state->beat_ms : NOT_KNOWN;
    say(f, DAEMON_IMPOSTOR, since,
        arena_text(f->arena, "pid %lld is now %s: the daemon is gone", (long long)p->pid, p->cmdline));
}

/* The daemon of this pid file wrote "stopped" itself; else the word is left over from an earlier run. */
static bool stopped_cleanly(const struct facts *f)
{
    if (!status_is(f, "stopped"))
        return false;
    if (!f->pid)
        return true;
    return f->state_pid != NOT_KNOWN ? f->state_pid == f->pid->pid : f->pid->mtime_ms <= f->state->beat_ms;
}

/* Both files name a process, another one each, and neither is the daemon. */
static const char *other_file(const struct facts *f)
{
    if (f->state_pid == NOT_KNOWN || f->state_pid == f->pid->pid)
        return "";
    return arena_text(f->arena, ", nor is %lld of the state file the daemon", (long long)f->state_pid);
}

static void judge_pid_file(const struct facts *f)
{
    int64_t beat = f->state ? f->state->beat_ms : NOT_KNOWN;
    if (stopped_cleanly(f))
        say(f, DAEMON_STOPPED, beat,
            arena_text(f->arena, "stopped cleanly %s (the pid file is left over)", ago(f, beat)));
    else if (f->state)
        say(f, DAEMON_DOWN, beat,
            arena_text(f->arena, "process %lld of the pid file %s%s; last heartbeat %s", (long long)f->pid->pid,
                       gone(f->by_pid), other_file(f), ago(f, beat)));
    else
        say(f, DAEMON_DOWN, f->pid->mtime_ms,
            arena_text(f->arena, "process %lld of the pid file %s; there is no state file", (long long)f->pid->pid,
                       gone(f->by_pid)));
}

static void judge_state_file(const struct facts *f)
{
    int64_t beat = f->state->beat_ms;
    if (status_is(f, "running") && f->state_pid == NOT_KNOWN)
        say(f, DAEMON_UNKNOWN, NOT_KNOWN,
            arena_text(f->arena, "the state file says \"running\" but names no process, and there is no pid file"));
    else if (status_is(f, "running"))
        say(f, DAEMON_DOWN, beat,
            arena_text(f->arena, "the state file says \"running\", but process %lld %s; last heartbeat %s",
                       (long long)f->state_pid, gone(f->by_state), ago(f, beat)));
    else if (status_is(f, "initialized"))
        say(f, DAEMON_NEVER, NOT_KNOWN, "set up, but never started: status \"initialized\" and no pid file");
    else
        say(f, DAEMON_STOPPED, beat,
            arena_text(f->arena, "no pid file; the state file says \"%s\" since %s", status_of(f), ago(f, beat)));
}

static void judge_nothing(const struct facts *f, const struct docs *docs)
{
    if (f->state_error)
        say(f, DAEMON_UNKNOWN, NOT_KNOWN, f->state_error);
    else if (docs->pid_doc || docs->state_doc)
        say(f, DAEMON_STOPPED, NOT_KNOWN, "the pid file and the state file are gone");
    else
        say(f, DAEMON_NEVER, NOT_KNOWN, "no pid file and no state file yet");
}

static bool was_probed(const struct facts *f)
{
    bool asked_pid = !f->pid || f->by_pid, asked_state = f->state_pid == NOT_KNOWN || f->by_state;
    return f->probe && f->probe->proc_readable && asked_pid && asked_state;
}

static void judge_unprobed(const struct facts *f)
{
    const char *why = "the process table was not looked at yet";
    if (f->probe && !f->probe->proc_readable)
        why = f->probe->error ? f->probe->error : "the process table cannot be read";
    say(f, DAEMON_UNKNOWN, NOT_KNOWN, why);
}

static void judge(const struct facts *f, const struct docs *docs)
{
    if ((f->pid || f->state_pid != NOT_KNOWN) && !was_probed(f))
        judge_unprobed(f);
    else if (f->process && is_opaque(f))
        say(f, DAEMON_UNKNOWN, NOT_KNOWN, arena_text(f->arena, "%s and has no fresh heartbeat", runs(f)));
    else if (f->process)
        judge_running(f);
    else if (f->pid_error)
        say(f, DAEMON_UNKNOWN, NOT_KNOWN, f->pid_error);
    else if (is_impostor(f->by_pid))
        judge_impostor(f, f->by_pid);
    else if (f->pid)
        judge_pid_file(f);
    else if (status_is(f, "running") && is_impostor(f->by_state))
        judge_impostor(f, f->by_state);
    else if (f->state)
        judge_state_file(f);
    else
        judge_nothing(f, docs);
}

/* ---- the part ----------------------------------------------------------------------------------------------------- */

static void fill_state(const struct facts *f)
{
    struct daemon *d = f->out;
    d->beat_age_ms = NOT_KNOWN;
    d->tasks_processed = NOT_KNOWN;
    if (!f->state)
        return;
    d->status = f->state->status;
    d->tasks_processed = f->state->tasks_processed;
    if (f->state->beat_ms != NOT_KNOWN)
        d->beat_age_ms = f->now_ms > f->state->beat_ms ? f->now_ms - f->state->beat_ms : 0;
}

static void fill_process(const struct facts *f)
{
    struct daemon *d = f->out;
    const struct process *p = f->process;
    int64_t named = f->pid ? f->pid->pid : NOT_KNOWN;
    d->pid = p ? p->pid : named != NOT_KNOWN ? named : f->state_pid;
    int64_t other = named == d->pid ? f->state_pid : named;
    d->other_pid = other != d->pid ? other : NOT_KNOWN;
    d->cpu_ms = p ? p->cpu_ms : NOT_KNOWN;
    d->rss_bytes = p ? p->rss_bytes : NOT_KNOWN;
    d->uptime_s = NOT_KNOWN;
    if (p && p->start_ms != NOT_KNOWN)
        d->uptime_s = (f->now_ms > p->start_ms ? f->now_ms - p->start_ms : 0) / 1000;
}

static void fill_socket(const struct facts *f, const struct settings *s)
{
    struct daemon *d = f->out;
    d->socket_path = s->socket ? s->socket : f->state ? f->state->socket_path : NULL;
    if (!f->probe)
        return;
    d->socket = f->probe->socket;
    d->socket_backlog = f->probe->socket_backlog;
    if (f->probe->socket_path)
        d->socket_path = f->probe->socket_path;
}

const struct daemon *daemon_at(struct arena *a, const struct docs *docs, const struct origin *origins,
                               const struct settings *s, int64_t now_ms)
{
    struct facts f = collect(a, docs, origins, now_ms);
    f.out = arena_alloc(a, sizeof *f.out);
    fill_state(&f);
    fill_process(&f);
    fill_socket(&f, s);
    f.out->grace = f.pid && now_ms >= f.pid->mtime_ms && now_ms - f.pid->mtime_ms < GRACE_MS;
    judge(&f, docs);
    return f.out;
}
