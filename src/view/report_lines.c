/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of the heartbeat and of the daily report (rig-files.md 5.1, 5.2). */
#include "view/report_parts.h"

#include "base/timetext.h"
#include "model/uptime.h"

#include <math.h>

static const char robot_ok[] = "\u2705", warn[] = "\u26A0\uFE0F", cross[] = "\u274C", bars[] = "\U0001F4CA";
static const char coins[] = "\U0001F4B0", target[] = "\U0001F3AF", cup[] = "\U0001F3C6", list[] = "\U0001F4CB";
static const char clock_face[] = "\u23F1\uFE0F";

/* ---- daemon ---- */

static const struct {
    const char *mark, *text; /* NULL: the state's name, with the reason */
} daemon_texts[] = {
    [DAEMON_UNKNOWN] = {warn, NULL},      [DAEMON_UP] = {robot_ok, "Running"},         [DAEMON_STALE] = {warn, NULL},
    [DAEMON_HUNG] = {cross, NULL},        [DAEMON_IMPOSTOR] = {cross, NULL},           [DAEMON_DOWN] = {cross, NULL},
    [DAEMON_STOPPED] = {warn, "Stopped"}, [DAEMON_NEVER] = {warn, "n/a (never seen)"},
};

static const char *daemon_text(const struct report *r)
{
    const struct daemon *d = r->model->daemon;
    const char *text = daemon_texts[d->state].text, *name = daemon_state_name(d->state);
    if (text)
        return text;
    return d->why && *d->why ? arena_text(r->arena, "%s (%s)", name, d->why) : name;
}

static void add_daemon(struct report *r)
{
    const struct daemon *d = r->model->daemon;
    const struct scores *s = r->model->scores;
    struct report_line *l = report_add(r, NULL, "daemon", daemon_texts[d->state].mark, "DAEMON");
    int64_t tasks = s->known ? s->tasks_today : NOT_KNOWN;
    l->text = arena_text(r->arena, "%s, %s task%s processed today", daemon_text(r), report_count(r, tasks),
                         tasks == 1 ? "" : "s");
    report_int(l, "tasks_today", tasks);
    report_int(l, "uptime_s", d->uptime_s);
}

static const char *share_text(const struct report *r, double share)
{
    return isnan(share) ? "n/a" : arena_text(r->arena, "%s%%", report_fixed(r, 100 * share, 1));
}

/* davy-watch samples it: without one nothing is known, and neither of the time when none ran. */
void report_uptime(struct report *r)
{
    enum { DAY_HOURS = 24, WEEK_HOURS = 168 };
    const struct model *m = r->model;
    struct report_line *l = report_add(r, NULL, "uptime", clock_face, "UPTIME");
    double day = m->uptime != NULL ? uptime_share(m->uptime, DAY_HOURS, m->now_ms) : (double)NAN;
    double week = m->uptime != NULL ? uptime_share(m->uptime, WEEK_HOURS, m->now_ms) : (double)NAN;
    if (!isnan(day) || !isnan(week))
        l->text = arena_text(r->arena, "%s over 24 h, %s over 7 d", share_text(r, day), share_text(r, week));
    report_num(l, "share_24h", day);
    report_num(l, "share_7d", week);
}

/* ---- scores ---- */

/* The average is that of the window; the change is that of UTC days (rig-files.md 4.3). */
void report_scores(struct report *r, const struct score_window *w)
{
    const struct scores *s = r->model->scores;
    bool week = r->kind == REPORT_WEEKLY;
    double change =
        week ? report_relative(s->d7.mean, s->prev7d.mean) : report_relative(s->today.mean, s->yesterday.mean);
    struct report_line *l = report_add(r, NULL, "scores", bars, "SCORES");
    const char *success =
        r->kind == REPORT_HEARTBEAT ? "" : arena_text(r->arena, "; success %s", report_percent(r, w->success));
    l->text = arena_text(r->arena, "Average %s (%s from %s)%s", report_fixed(r, w->mean, 2), report_change(r, change),
                         week ? "last week" : "yesterday", success);
    report_num(l, "mean", w->mean);
    report_num(l, "success_rate", w->success);
    report_num(l, "change", change);
    report_int(l, "scored", s->known ? w->count : NOT_KNOWN);
}

/* ---- budgets ---- */

static const char *budget_names(const struct report *r, bool *healthy)
{
    const struct budgets *b = r->model->budgets;
    const char *text = "";
    *healthy = b->known;
    for (size_t i = 0; i < b->count; i++) {
        const struct budget *row = &b->row[i];
        bool fine = row->state == BUDGET_OK || (row->state == BUDGET_NONE && !row->problem && row->allowance == 0);
        if (row->unbudgeted || fine)
            continue;
        *healthy = false;
        text = arena_text(r->arena, "%s%s%s %s", text, *text ? ", " : "", row->display,
                          row->state == BUDGET_NONE ? "n/a" : budget_state_name(row->state));
    }
    return *healthy ? "all healthy" : text;
}

static void add_budget(struct report *r)
{
    enum { NAMES_MOST = 8 };
    const struct budgets *b = r->model->budgets;
    struct report_line *l = report_add(r, NULL, "budget", coins, "BUDGET");
    const char *text = "";
    size_t shown = 0, left = 0;
    for (size_t i = 0; i < b->count; i++) {
        const struct budget *row = &b->row[i];
        if (row->unbudgeted)
            continue;
        if (shown == NAMES_MOST) {
            left++;
            continue;
        }
        text = arena_text(r->arena, "%s%s%s %s", text, shown ? " | " : "", row->display,
                          report_percent(r, row->used_pct / 100));
        report_num(l, row->api, row->used_pct);
        shown++;
    }
    bool healthy;
    const char *names = budget_names(r, &healthy), *more = left ? arena_text(r->arena, " | and %zu more", left) : "";
    if (shown)
        l->text = arena_text(r->arena, "%s%s (%s)", text, more, names);
}

/* ---- what it earns ---- */

void report_roi(struct report *r)
{
    static const char *const words[] = {
        [ROI_UNKNOWN] = "n/a",
        [ROI_UNPROFITABLE] = "\u2193 unprofitable",
        [ROI_MARGINAL] = "\u2192 marginal",
        [ROI_PROFITABLE] = "\u2191 profitable",
    };
    const struct scores *s = r->model->scores;
    struct report_line *l = report_add(r, NULL, "roi", target, "ROI");
    bool known = !isnan(s->roi) && !s->roi_placeholder;
    if (known)
        l->text = arena_text(r->arena, "%s TAO per 1K tokens (%s)", report_fixed(r, s->roi, 4), words[s->roi_word]);
    report_num(l, "tao_per_1k_tokens", known ? s->roi : (double)NAN);
}

void report_best(struct report *r, const char *label, bool success)
{
    struct score_groups g = report_groups(r);
    struct report_line *l = report_add(r, NULL, "best_strategy", cup, label);
    bool known = g.strategy_count > 0 && g.strategy[0].best;
    if (known) {
        const char *where = g.best_subnet < 0 ? "" : arena_text(r->arena, " on subnet %d", g.best_subnet);
        const char *rate =
            success ? arena_text(r->arena, " (success %s)", report_percent(r, g.strategy[0].success)) : "";
        l->text = arena_text(r->arena, "%s%s%s", g.strategy[0].name, where, rate);
    }
    report_num(l, "mean", known ? g.strategy[0].mean : (double)NAN);
    report_num(l, "success_rate", known ? g.strategy[0].success : (double)NAN);
    report_int(l, "subnet", known && g.best_subnet >= 0 ? g.best_subnet : NOT_KNOWN);
}

void report_heartbeat(struct report *r)
{
    add_daemon(r);
    report_scores(r, &r->model->scores->h24);
    add_budget(r);
    report_roi(r);
    report_best(r, "Best Strategy", false);
}

/* ---- daily ---- */

static int64_t daily_limit(const struct budget *b)
{
    return b->daily_limit > 0 ? b->daily_limit : NOT_KNOWN;
}

static void add_tasks(struct report *r)
{
    const struct scores *s = r->model->scores;
    struct report_line *l = report_add(r, NULL, "tasks", list, "TASKS");
    if (s->known)
        l->text = arena_text(r->arena, "%s in 24 hours (%s scored)", report_count(r, s->h24.records),
                             report_count(r, s->h24.count));
    report_int(l, "tasks", s->known ? s->h24.records : NOT_KNOWN);
    report_int(l, "scored", s->known ? s->h24.count : NOT_KNOWN);
}

static void add_tokens(struct report *r)
{
    const struct scores *s = r->model->scores;
    struct report_line *l = report_add(r, NULL, "tokens", coins, "TOKENS");
    struct report_spent spent = report_spent(r, daily_limit);
    double share = s->known && spent.limit > 0 ? spent.tokens / spent.limit : (double)NAN;
    if (s->known)
        l->text = arena_text(r->arena, "%s spent (%s of the daily limits)", report_count(r, s->h24.tokens),
                             report_percent(r, share));
    report_int(l, "spent", s->known ? s->h24.tokens : NOT_KNOWN);
    report_num(l, "of_daily_limits", share);
}

void report_daily(struct report *r)
{
    add_tasks(r);
    report_scores(r, &r->model->scores->h24);
    add_tokens(r);
    report_roi(r);
    report_uptime(r);
    report_best(r, "BEST STRATEGY", true);
}
