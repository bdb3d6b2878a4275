/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

#include <math.h>
#include <string.h>

/* The state table of rig-files 2.6. A daemon that was stopped on purpose is a warning: nothing is broken, nothing is earned
 * either. reliability 3.2 would ask the socket; the reference daemon never accepts, so nobody asks (rig-files 2.3). */

static void steps_unknown(struct findings *f, const struct model *m, struct alert *a)
{
    if (strcmp(m->settings->proc, "/proc") != 0)
        finding_do(a, arena_text(f->arena, "is daemon.proc in davy.toml right? ls %s",
                                 path_word(f->arena, m->settings->proc)));
    finding_do(a,
               arena_text(f->arena, "ls -l %s %s", doc_word(f->arena, m, DOC_PID), doc_word(f->arena, m, DOC_STATE)));
    finding_do(a, arena_text(f->arena, "does it run? pgrep -af %s", path_word(f->arena, m->settings->daemon_match)));
    if (m->origin[DOC_PID].state != ORIGIN_INVALID && m->origin[DOC_STATE].state != ORIGIN_INVALID)
        finding_do(a, "run davy as the user that runs the miner");
}

static void steps_stale(struct findings *f, const struct model *m, struct alert *a)
{
    do_read_log(f, m, a);
    finding_do(a, "bash scripts/check-status.sh");
}

static void steps_hung(struct findings *f, const struct model *m, struct alert *a)
{
    do_read_log(f, m, a);
    do_restart(f, m, a);
}

/* stop-miner.sh would kill whoever has the pid now, and start-miner.sh refuses while that pid lives. */
static void steps_impostor(struct findings *f, const struct model *m, struct alert *a)
{
    const char *pid = doc_word(f->arena, m, DOC_PID);
    finding_do(a, "do not run stop-miner.sh: it would kill the other program");
    finding_do(a, arena_text(f->arena, "rm -f %s && bash scripts/start-miner.sh", pid));
    do_read_log(f, m, a);
}

/* start-miner.sh takes a zombie for a running miner, so the pid file goes first. The log is emptied by the start. */
static void steps_down(struct findings *f, const struct model *m, struct alert *a)
{
    do_read_log(f, m, a);
    finding_do(a, arena_text(f->arena, "rm -f %s && bash scripts/start-miner.sh", doc_word(f->arena, m, DOC_PID)));
}

static void steps_stopped(struct findings *f, const struct model *m, struct alert *a)
{
    (void)f;
    (void)m;
    finding_do(a, "bash scripts/start-miner.sh");
}

static const int64_t SILENT_MS = 30000; /* three write periods */

struct daemon_row {
    enum severity severity;
    const char *state, *what, *value, *limit;
    double limit_s;
    void (*steps)(struct findings *f, const struct model *m, struct alert *a);
};
static const struct daemon_row daemon_rows[] = {
    [DAEMON_DOWN] = {SEVERITY_CRITICAL, "firing", "Daemon down", "down", "up", NAN, steps_down},
    [DAEMON_HUNG] = {SEVERITY_CRITICAL, "firing", "Daemon hung", NULL, "> 10m 00s", 600, steps_hung},
    [DAEMON_IMPOSTOR] = {SEVERITY_CRITICAL, "firing", "Daemon down: its pid is another program", "impostor", "up", NAN,
                         steps_impostor},
    [DAEMON_NEVER] = {SEVERITY_OK, "", "", "", "", NAN, NULL},
    [DAEMON_STALE] = {SEVERITY_WARNING, "firing", "Daemon silent", NULL, "> 30s", 30, steps_stale},
    [DAEMON_STOPPED] = {SEVERITY_WARNING, "firing", "Daemon stopped", "stopped", "up", NAN, steps_stopped},
    [DAEMON_UNKNOWN] = {SEVERITY_WARNING, "unknown", "Daemon: cannot tell whether it runs", "unknown", "up", NAN,
                        steps_unknown},
    [DAEMON_UP] = {SEVERITY_OK, "", "", "", "", NAN, NULL},
};

/* The model also calls a daemon stale that runs without a state file, or whose fresh state file says something else than
 * "running": no age is too high then. */
static void fill_other(struct findings *f, const struct daemon *d, struct alert *a)
{
    bool file = d->beat_age_ms != NOT_KNOWN;
    a->value_text = file && d->status ? d->status : "no state";
    a->limit_text = "running";
    if (!file)
        a->what = "Daemon runs, but without a heartbeat";
    else if (d->status)
        a->what = arena_text(f->arena, "Daemon runs, but calls itself \"%s\"", d->status);
    else
        a->what = "Daemon runs, but its state file names no status";
}

static void fill(struct findings *f, const struct daemon *d, const struct daemon_row *row, struct alert *a)
{
    a->value_text = row->value ? row->value : text_span(f->arena, d->beat_age_ms);
    a->limit_text = row->limit;
    a->what = row->value ? row->what : arena_text(f->arena, "%s: no heartbeat for %s", row->what, a->value_text);
    if (d->beat_age_ms != NOT_KNOWN)
        finding_numbers(a, (double)(d->beat_age_ms / 1000), row->limit_s);
}

static void judge(const struct model *m, struct findings *f)
{
    const struct daemon *d = m->daemon;
    const struct daemon_row *row = &daemon_rows[d->state];
    bool here = doc_seen(m, DOC_PID) || doc_seen(m, DOC_STATE); /* a rig without a daemon has none to miss */
    if (row->severity == SEVERITY_OK || d->grace || !here)
        return;
    struct alert *a = finding_add(f, row->severity, "");
    a->state = row->state;
    a->since_ms = d->since_ms;
    a->why = d->why ? d->why : "";
    if (d->state == DAEMON_STALE && d->beat_age_ms <= SILENT_MS) /* NOT_KNOWN is below everything */
        fill_other(f, d, a);
    else
        fill(f, d, row, a);
    row->steps(f, m, a);
}

const struct rule rule_daemon_down = {
    .name = "daemon_down",
    .help = "the miner's daemon is down, hung (no heartbeat for 10 min) or its pid is another program; silent for 30 s "
            "or stopped: warning",
    .judge = judge,
};
