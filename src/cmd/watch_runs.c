/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the calendar wants: reports, heartbeats, the budgets' new month, old logs. One program at a time. What it made goes
 * into the journal together with the date for which it was made: whoever is killed in between makes it once more, and it is
 * sent once. */
#include "cmd/watch.h"

#include "action/spawn.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "cmd/davy_place.h"
#include "model/calendar.h"
#include "model/night.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT_MS = 60000, AGAIN_MS = 60000, CLEAN_MINUTE = 180, LINES_CELLS = 200 };
static const int64_t day_ms = 86400000;

static const struct watch_run { /* programs with a date */
    enum mail_run run;
    const char *word[3];
    bool tells; /* what it prints is sent */
} programs[] = {
    {RUN_DAILY, {"report", "daily", NULL}, true},
    {RUN_WEEKLY, {"report", "weekly", NULL}, true},
    {RUN_MONTHLY, {"budget", "reset", "--yes"}, true},
    {RUN_HEARTBEAT, {"check", NULL}, false},
};

/* ---- a program's end ---- */

static const struct watch_run *program_of(enum mail_run run)
{
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (programs[i].run == run)
            return &programs[i];
    return NULL;
}

static void keep_text(struct watch_job *j, const struct child *c)
{
    struct arena a = {0};
    struct bytes rest = bytes_trim((struct bytes){c->text, c->len});
    size_t len = 0;
    while (rest.len > 0) {
        size_t end = bytes_find(rest, "\n");
        const char *line = text_safe(&a, (struct bytes){rest.at, end}, LINES_CELLS);
        int more = snprintf(j->text + len, sizeof j->text - len, "%s%s", len > 0 ? "\n" : "", line);
        if (more < 0 || (size_t)more >= sizeof j->text - len)
            break;
        len += (size_t)more;
        rest = bytes_from(rest, end + 1);
    }
    j->text[len] = '\0';
    arena_release(&a);
}

static void on_end(void *ctx, struct child *c, int status)
{
    struct watcher_state *w = ctx;
    struct watch_job *j = &w->job;
    const struct watch_run *p = program_of(j->run);
    /* davy check says what it found by its exit code: 0 to 3 is an answer. */
    bool checks = j->checks || j->run == RUN_HEARTBEAT;
    bool good = WIFEXITED(status) && (WEXITSTATUS(status) == 0 || (checks && WEXITSTATUS(status) <= 3));
    keep_text(j, c);
    if (j->checks)
        j->checks = false;
    else if (good && p != NULL)
        j->made = true;
    if (!good) {
        watch_say("error", "run_failed", "run", p != NULL ? mail_run_name(p->run) : "checks", "said", j->text, NULL);
        j->run = RUNS;
        j->again_ms = loop_now() + AGAIN_MS;
    }
    if (!w->leaving)
        watch_soon(w);
}

/* ---- its beginning ---- */

static void start(struct watcher_state *w, const char *const *word, size_t words)
{
    char path[4096];
    struct err e;
    const char *argv[10] = {davy_program(path, "davy"), "-C", w->folder};
    size_t count = 3;
    if (w->config != NULL) {
        argv[count++] = "--config";
        argv[count++] = w->config;
    }
    for (size_t i = 0; i < words && word[i] != NULL; i++)
        argv[count++] = word[i];
    argv[count] = NULL;
    w->job.child.fn = on_end;
    w->job.child.ctx = w;
    char **env = spawn_environment(&w->arena, environ);
    if (child_start(&w->job.child, argv, env, (struct bytes){NULL, 0}, LIMIT_MS, &e))
        return;
    watch_say("error", "run_failed", "run", word[0], "said", e.text, NULL);
    w->job.run = RUNS;
    w->job.checks = false;
    w->job.again_ms = loop_now() + AGAIN_MS;
}

static bool is_free(const struct watch_job *j)
{
    return j->child.pid == 0 && j->run == RUNS && !j->checks && loop_now() >= j->again_ms;
}

static void start_run(struct watcher_state *w, enum mail_run run, int64_t date)
{
    const struct watch_run *p = program_of(run);
    w->job.run = run;
    w->job.date = date;
    w->job.made = false;
    start(w, p->word, sizeof p->word / sizeof *p->word);
}

/* ---- dates ---- */

/* A program that has made what it should: its words and its date are one line of the journal. */
static bool keep_made(struct watcher_state *w, struct advance *v, const struct settings *s, struct err *e)
{
    struct watch_job *j = &w->job;
    const struct watch_run *p = j->run != RUNS ? program_of(j->run) : NULL;
    if (!j->made || p == NULL)
        return true;
    const char *text = p->tells && office_wanted(s) && j->text[0] != '\0' ? j->text : NULL;
    if (!office_add(v, &w->arena, LETTER_REPORT, text, j->run, j->date, e))
        return false;
    watch_say("info", "ran", "run", mail_run_name(j->run), NULL);
    j->made = false;
    j->run = RUNS;
    return true;
}

/* due: the date for which it is to be done now; NOT_KNOWN: not now. What it is too late for is noted as done. */
static bool dated(struct watcher_state *w, struct advance *v, enum mail_run run, const struct calendar *c,
                  const struct model *m, int64_t *due, struct err *e)
{
    int64_t last = v->journal.book.mail.run[run];
    struct calendar_verdict x = calendar_look(c, last, m->now_ms, office_policy(m).utc_offset_s);
    w->next_ms[run] = x.next_ms;
    *due = x.due ? x.date : NOT_KNOWN;
    if (x.missed && last != NOT_KNOWN)
        watch_say("warning", "run_missed", "run", mail_run_name(run), NULL);
    return !x.missed || office_add(v, &w->arena, LETTER_REPORT, NULL, run, x.date, e);
}

static bool report(struct watcher_state *w, struct advance *v, const struct model *m, enum mail_run run, struct err *e)
{
    bool weekly = run == RUN_WEEKLY;
    struct calendar c = {.weekday = weekly ? CALENDAR_SUNDAY : CALENDAR_ANY};
    int64_t due;
    if (!night_minute(weekly ? m->settings->watch_weekly : m->settings->watch_daily, &c.minute))
        return w->next_ms[run] = NOT_KNOWN, true;
    if (!dated(w, v, run, &c, m, &due, e))
        return false;
    if (due != NOT_KNOWN && is_free(&w->job))
        start_run(w, run, due);
    return true;
}

static void clean_now(struct watcher_state *w, const struct settings *s, int64_t now_ms)
{
    struct err wrong = {""};
    char count[24];
    const char *log = davy_place(&w->arena, w->folder, s->path[DOC_LOG]);
    size_t gone = watch_clean(log, s->watch_log_days, now_ms, &wrong);
    snprintf(count, sizeof count, "%zu", gone);
    if (gone > 0 || wrong.text[0] != '\0')
        watch_say(wrong.text[0] != '\0' ? "warning" : "info", "cleaned", "files", count, "error", wrong.text, NULL);
}

static bool clean(struct watcher_state *w, struct advance *v, const struct model *m, struct err *e)
{
    struct calendar c = {.minute = CLEAN_MINUTE, .weekday = CALENDAR_ANY};
    int64_t due;
    if (m->settings->watch_log_days <= 0)
        return w->next_ms[RUN_CLEAN] = NOT_KNOWN, true;
    if (!dated(w, v, RUN_CLEAN, &c, m, &due, e))
        return false;
    if (due == NOT_KNOWN)
        return true;
    clean_now(w, m->settings, m->now_ms);
    return office_add(v, &w->arena, LETTER_REPORT, NULL, RUN_CLEAN, due, e);
}

static void monthly(struct watcher_state *w, const struct mail *mail, const struct model *m)
{
    int64_t today = m->now_ms / day_ms;
    w->next_ms[RUN_MONTHLY] = m->settings->watch_monthly_reset ? m->budgets->cycle_end_ms : NOT_KNOWN;
    bool wanted = m->settings->watch_monthly_reset && m->budgets->not_reset && mail->run[RUN_MONTHLY] != today;
    if (wanted && is_free(&w->job))
        start_run(w, RUN_MONTHLY, today);
}

static void checks(struct watcher_state *w, const struct mail *mail, const struct model *m)
{
    static const char *const word[] = {"check"};
    int64_t last = mail->run[RUN_HEARTBEAT], every = m->settings->watch_heartbeat_s * 1000;
    bool due = last == NOT_KNOWN || last > m->now_ms || m->now_ms - last >= every;
    w->next_ms[RUN_HEARTBEAT] = due ? m->now_ms : last + every;
    if (!is_free(&w->job))
        return;
    if (due) {
        start_run(w, RUN_HEARTBEAT, m->now_ms);
    } else if (loop_now() >= w->checks_ms) {
        w->job.checks = true;
        start(w, word, 1);
    } else {
        return;
    }
    w->checks_ms = loop_now() + m->settings->watch_check_s * 1000;
}

bool watch_runs(struct watcher_state *w, struct advance *v, const struct model *m, struct err *e)
{
    if (!keep_made(w, v, m->settings, e) || !report(w, v, m, RUN_DAILY, e) || !report(w, v, m, RUN_WEEKLY, e) ||
        !clean(w, v, m, e))
        return false;
    monthly(w, &v->journal.book.mail, m);
    checks(w, &v->journal.book.mail, m);
    return true;
}
