/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/report.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "view/report_parts.h"

#include <math.h>
#include <string.h>

/* Less than this is no change (rig-files.md 4.3). */
#define NO_CHANGE 0.01

/* ---- lines and numbers ---- */

struct report_line *report_add(struct report *r, const char *section, const char *key, const char *mark,
                               const char *label)
{
    if (r->count == r->room) {
        size_t room = r->room ? r->room * 2 : 16, size = sizeof *r->line;
        r->line = arena_grow(r->arena, r->line, r->count * size, room * size);
        r->room = room;
    }
    struct report_line *l = &r->line[r->count++];
    *l = (struct report_line){.section = section, .key = key, .mark = mark, .label = label, .text = "n/a"};
    return l;
}

void report_num(struct report_line *l, const char *key, double v)
{
    if (l->numbers < REPORT_NUMBERS)
        l->number[l->numbers++] = (struct report_number){key, v, NOT_KNOWN};
}

void report_int(struct report_line *l, const char *key, int64_t v)
{
    if (l->numbers < REPORT_NUMBERS)
        l->number[l->numbers++] = (struct report_number){key, NAN, v};
}

const char *report_fixed(const struct report *r, double v, int decimals)
{
    char text[NUM_TEXT];
    return arena_text(r->arena, "%s", num_fixed(text, v, decimals));
}

const char *report_percent(const struct report *r, double fraction)
{
    char text[NUM_TEXT];
    return arena_text(r->arena, "%s", num_percent(text, fraction, 0));
}

const char *report_count(const struct report *r, int64_t v)
{
    char text[NUM_TEXT];
    return arena_text(r->arena, "%s", num_group(text, v));
}

const char *report_change(const struct report *r, double relative)
{
    char text[NUM_TEXT];
    const char *arrow = fabs(relative) < NO_CHANGE ? "\u2192" : relative > 0 ? "\u2191" : "\u2193";
    return isnan(relative) ? "n/a" : arena_text(r->arena, "%s %s", arrow, num_delta(text, relative));
}

double report_relative(double now, double before)
{
    return before > 0 ? (now - before) / before : (double)NAN;
}

struct score_groups report_groups(const struct report *r)
{
    const struct scores *s = r->model->scores;
    if (r->kind == REPORT_DAILY && s->span.range == RANGE_24H)
        return s->span.groups;
    return (struct score_groups){.llm = s->llm,
                                 .strategy = s->strategy,
                                 .subnet = s->subnet,
                                 .llm_count = s->llm_count,
                                 .strategy_count = s->strategy_count,
                                 .subnet_count = s->subnet_count,
                                 .best_subnet = s->best_subnet};
}

static int64_t tokens_of(const struct score_groups *g, const char *api)
{
    for (size_t i = 0; i < g->llm_count; i++)
        if (strcmp(g->llm[i].name, api) == 0)
            return g->llm[i].tokens;
    return 0;
}

struct report_spent report_spent(const struct report *r, int64_t (*limit)(const struct budget *b))
{
    const struct budgets *b = r->model->budgets;
    struct score_groups g = report_groups(r);
    struct report_spent sum = {NAN, NAN};
    for (size_t i = 0; i < b->count; i++) {
        int64_t most = b->row[i].unbudgeted ? NOT_KNOWN : limit(&b->row[i]);
        if (most == NOT_KNOWN)
            continue;
        sum.tokens = (isnan(sum.tokens) ? 0 : sum.tokens) + (double)tokens_of(&g, b->row[i].api);
        sum.limit = (isnan(sum.limit) ? 0 : sum.limit) + (double)most;
    }
    return sum;
}

/* ---- the whole ---- */

static const struct {
    const char *name, *mark, *title;
    void (*lines)(struct report *r);
} kinds[REPORT_KINDS] = {
    [REPORT_DAILY] = {"daily", "\U0001F916", "Bittensor Miner Daily Report", report_daily},
    [REPORT_HEARTBEAT] = {"heartbeat", "\U0001F916", "Bittensor Miner Status", report_heartbeat},
    [REPORT_WEEKLY] = {"weekly", "\U0001F4C8", "Bittensor Miner Weekly Report", report_weekly},
};

const char *report_kind_name(enum report_kind k)
{
    return kinds[k].name;
}

/* "Jan 8-14", "Jan 29-Feb 4": the seven days that end with this one. */
static const char *week_text(struct arena *a, int64_t now_ms)
{
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil to = civil_of(now_ms), from = civil_of(now_ms - 6 * INT64_C(86400000));
    const char *month = from.month == to.month ? "" : arena_text(a, "%s ", months[to.month - 1]);
    return arena_text(a, "%s %d-%s%d", months[from.month - 1], from.day, month, to.day);
}

static const char *time_text(struct arena *a, enum report_kind kind, int64_t now_ms)
{
    char text[TIME_TEXT];
    if (kind == REPORT_WEEKLY)
        return week_text(a, now_ms);
    time_minute(text, now_ms);
    if (kind == REPORT_DAILY)
        text[strcspn(text, " ")] = '\0';
    return arena_text(a, "%s", text);
}

/* A silent rig is not a calm one. */
static const char *without_alerts(struct report *r)
{
    const struct daemon *d = r->model->daemon;
    r->calm = d->state == DAEMON_UP && r->model->scores->known;
    if (r->calm)
        return "No action needed. Mining operating normally.";
    if (d->state == DAEMON_UP)
        return "No alerts, but no task history was read: whether the miner earns is not known.";
    if (d->state == DAEMON_STOPPED)
        return "No alerts: the daemon was stopped. davy restart starts it.";
    return "No alerts, but whether the daemon runs is not known: davy doctor tells what is missing.";
}

static const char *action_text(struct arena *a, const struct alert *x)
{
    return arena_text(a, "  - [%s] %s%s%s", severity_mark(x->severity), x->what, x->todo[0] ? ": " : "",
                      x->todo[0] ? x->todo[0] : "");
}

static const char *end_text(struct report *r)
{
    enum { ACTIONS_MOST = 8 };
    const struct model *m = r->model;
    const char *text = "Actions needed:";
    size_t urgent = model_count(m, SEVERITY_WARNING) + model_count(m, SEVERITY_CRITICAL), shown = 0;
    if (urgent == 0)
        return without_alerts(r);
    for (size_t i = 0; i < m->alert_count && shown < ACTIONS_MOST; i++)
        if (m->alert[i].severity >= SEVERITY_WARNING) {
            text = arena_text(r->arena, "%s\n%s", text, action_text(r->arena, &m->alert[i]));
            shown++;
        }
    return urgent > shown ? arena_text(r->arena, "%s\n  - and %zu more: davy check", text, urgent - shown) : text;
}

const struct report *report_make(struct arena *a, const struct model *m, enum report_kind kind)
{
    struct report *r = arena_alloc(a, sizeof *r);
    *r = (struct report){.arena = a, .model = m, .kind = kind, .mark = kinds[kind].mark};
    r->title = arena_text(a, "%s (%s)", kinds[kind].title, time_text(a, kind, m->now_ms));
    kinds[kind].lines(r);
    report_advise(r);
    const char *end = end_text(r);
    if (kind == REPORT_HEARTBEAT)
        r->end = end;
    if (kind == REPORT_WEEKLY)
        r->focus = report_focus(r);
    return r;
}
