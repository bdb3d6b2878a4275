/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Model -> facts. What ticks (ages, tokens, seconds) stands in the text and never in the step. */
#include "view/facts.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "model/incidents.h"

#include <math.h>
#include <string.h>

enum { FACTS_MOST = 64 }; /* alerts, and budgets, of which each is a fact */

void facts_add(struct fact_list *list, struct fact f)
{
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 32, size = sizeof *list->fact;
        list->fact = arena_grow(list->arena, list->fact, list->count * size, room * size);
        list->room = room;
    }
    f.told_ms = NOT_KNOWN;
    list->fact[list->count++] = f;
}

static void put(struct fact_list *l, const char *key, const char *text, const char *step)
{
    facts_add(l, (struct fact){.key = key, .text = text, .step = step});
}

const char *fact_line(struct arena *a, const struct fact *f)
{
    return arena_text(a, "%s: %s", f->lead ? f->lead : f->key, f->text);
}

static const char *counted(struct arena *a, int64_t n, const char *name)
{
    return arena_text(a, "%lld %s%s", (long long)n, name, n == 1 ? "" : "s");
}

/* Words instead of "5d 3h": the largest unit, and seconds too below ten minutes. */
static const char *spoken(struct arena *a, int64_t ms)
{
    int64_t s = (ms + 999) / 1000;
    if (s >= 2 * 86400)
        return counted(a, s / 86400, "day");
    if (s >= 2 * 3600)
        return counted(a, s / 3600, "hour");
    if (s < 60)
        return counted(a, s, "second");
    if (s >= 600 || s % 60 == 0)
        return counted(a, s / 60, "minute");
    return arena_text(a, "%s %s", counted(a, s / 60, "minute"), counted(a, s % 60, "second"));
}

/* The text with each run of digits as one #: so that "83.5%" and "83.6%" are the same news. */
static const char *without_numbers(struct arena *a, const char *text)
{
    char *out = arena_copy(a, bytes_of(text)), *to = out;
    for (const char *c = out; *c; c++) {
        bool digit = *c >= '0' && *c <= '9';
        if (!digit)
            *to++ = *c;
        else if (to == out || to[-1] != '#')
            *to++ = '#';
    }
    *to = '\0';
    return out;
}

/* ---- alerts ---- */

static const char *kind_of(const struct alert *x)
{
    return strcmp(x->state, "unknown") == 0 ? "not known" : severity_name(x->severity);
}

/* It does not fire yet: no alert, but its count is told to who asks. */
static bool is_pending(const struct alert *x)
{
    return strcmp(x->state, "pending") == 0;
}

/* "critical, acknowledged by ann until ...": what the engine knows of it besides that it fires. */
static const char *kind_and_care(struct arena *a, const struct alert *x)
{
    const char *flags = x->incident != NULL ? incident_flags(a, x->incident) : "";
    return *flags != '\0' ? arena_text(a, "%s, %s", kind_of(x), flags) : kind_of(x);
}

static void add_alert(struct fact_list *l, const struct alert *x)
{
    struct arena *a = l->arena;
    const char *kind = kind_and_care(a, x);
    const char *todo = x->todo[0] ? arena_text(a, "; to do: %s", x->todo[0]) : "";
    facts_add(l, (struct fact){
                     .key = arena_text(a, "alert %s %s", x->rule, x->subject),
                     .lead = arena_text(a, "alert, %s", kind),
                     .text = arena_text(a, "%s%s", x->what, todo),
                     .step = arena_text(a, "%s %s", without_numbers(a, kind), without_numbers(a, x->what)),
                     .over = arena_text(a, "alert over: %s", x->what),
                     .urgent = true,
                     .minor = x->severity < SEVERITY_WARNING,
                 });
}

static bool nothing_read(const struct model *m)
{
    for (int i = 0; i < DOC_COUNT; i++)
        if (i != DOC_SETTINGS && m->origin[i].read_ms != NOT_KNOWN)
            return false;
    return true;
}

static const char *alerts_text(struct arena *a, const struct model *m)
{
    size_t count[] = {[SEVERITY_OK] = 0, [SEVERITY_INFO] = 0, [SEVERITY_WARNING] = 0, [SEVERITY_CRITICAL] = 0};
    size_t pending = 0;
    for (size_t i = 0; i < m->alert_count; i++)
        if (is_pending(&m->alert[i]))
            pending++;
        else
            count[m->alert[i].severity]++;
    const char *soon = pending > 0 ? arena_text(a, ", %zu pending", pending) : "";
    if (m->alert_count > pending)
        return arena_text(a, "%zu critical, %zu warning, %zu info%s", count[SEVERITY_CRITICAL], count[SEVERITY_WARNING],
                          count[SEVERITY_INFO], soon);
    return arena_text(a, "%s%s", nothing_read(m) ? "not known, no file was read yet" : "none", soon);
}

/* The count is for summaries: each alert tells itself when it comes and goes. */
static void add_alerts(struct fact_list *l, const struct model *m)
{
    struct arena *a = l->arena;
    put(l, "alerts", alerts_text(a, m), "");
    for (size_t i = 0; i < m->alert_count && i < FACTS_MOST; i++)
        if (!is_pending(&m->alert[i]))
            add_alert(l, &m->alert[i]);
    if (m->alert_count > FACTS_MOST)
        put(l, "more alerts", arena_text(a, "%zu", m->alert_count - FACTS_MOST), "");
}

void facts_alerts(struct arena *a, const struct model *m, struct fact_list *lines)
{
    for (size_t i = 0; i < m->alert_count; i++) {
        const struct alert *x = &m->alert[i];
        put(lines, arena_text(a, "%zu, %s", i + 1, kind_and_care(a, x)), x->what, "");
        put(lines, "  why", *x->why ? x->why : "it does not say", "");
        for (size_t k = 0; k < ALERT_DO && x->todo[k]; k++)
            put(lines, "  to do", x->todo[k], "");
    }
}

/* ---- the miner ---- */

static void add_daemon(struct fact_list *l, const struct model *m)
{
    const struct daemon *d = m->daemon;
    struct arena *a = l->arena;
    const char *text = d->why;
    if (d->state == DAEMON_UP && d->uptime_s != NOT_KNOWN)
        text = arena_text(a, "UP, process %lld, for %s", (long long)d->pid, spoken(a, d->uptime_s * 1000));
    else if (d->state == DAEMON_NEVER)
        text = "not seen yet: no pid file and no state file";
    else
        text = arena_text(a, "%s; %s", daemon_state_name(d->state), d->why ? d->why : "nothing says why");
    put(l, "daemon", text, arena_text(a, "%d %lld", (int)d->state, (long long)d->pid));
}

static void add_stage(struct fact_list *l, const struct model *m)
{
    const struct stages *s = m->stages;
    const struct stage_event *e = &s->current;
    struct arena *a = l->arena;
    if (!s->known)
        return;
    const char *who = *e->username ? arena_text(a, " for %s", e->username) : "";
    const char *what = *e->message ? arena_text(a, "; %s", e->message) : "";
    const char *text = arena_text(a, "%d of 7, %s, %s%s%s%s", e->number, e->name, e->status_text, who,
                                  s->stalled ? ", stalled" : "", what);
    put(l, "stage", text, arena_text(a, "%d %s", e->number, without_numbers(a, text)));
}

static const char *percent(struct arena *a, double fraction)
{
    return isnan(fraction) ? "not known" : arena_text(a, "%.0f %%", fraction * 100);
}

static const char *score(struct arena *a, double v)
{
    char text[NUM_TEXT];
    return isnan(v) ? "not known" : arena_text(a, "%s", num_fixed(text, v, 2));
}

static void add_scores(struct fact_list *l, const struct model *m)
{
    const struct scores *s = m->scores;
    struct arena *a = l->arena;
    if (!s->known)
        return;
    const char *day = score(a, s->h24.mean), *last = score(a, s->last10.mean);
    put(l, "score",
        arena_text(a, "%s over 24 hours, success %s of %lld tasks; last 10 tasks %s, 7 days %s", day,
                   percent(a, s->h24.success), (long long)s->h24.count, last, score(a, s->d7.mean)),
        day);
    if (s->task_count == 0)
        return;
    const struct task_line *t = &s->task[0];
    const char *llm = *t->llm ? arena_text(a, " by %s", t->llm) : "";
    const char *subnet = t->subnet >= 0 ? arena_text(a, " on subnet %d", t->subnet) : "";
    const char *result = t->kind == RECORD_PENDING ? "no score yet" : arena_text(a, "score %s", score(a, t->score));
    put(l, "last task", arena_text(a, "%s%s%s, %lld tokens", result, llm, subnet, (long long)t->tokens),
        arena_text(a, "%lld %s", (long long)t->t_ms, result));
}

static void add_budget(struct fact_list *l, const struct budget *b)
{
    struct arena *a = l->arena;
    const char *state = budget_state_name(b->state), *used = percent(a, b->used_pct / 100), *lasts = "";
    if (b->state != BUDGET_EXHAUSTED && !isnan(b->days_left) && b->days_left < 1000)
        lasts = arena_text(a, ", lasts %s", spoken(a, (int64_t)(b->days_left * 86400000)));
    bool today = b->daily_limit > 0 && b->daily_used >= b->daily_limit;
    const char *limit = today ? ", daily limit reached" : "";
    const char *text = b->unbudgeted ? "used without a budget"
                                     : arena_text(a, "%s used, %s%s%s%s", used, state,
                                                  b->refusing ? ", miner refuses tasks" : "", limit, lasts);
    put(l, arena_text(a, "budget %s", b->display), text, arena_text(a, "%s %s%s", used, state, limit));
}

static void add_budgets(struct fact_list *l, const struct model *m)
{
    for (size_t i = 0; m->budgets->known && i < m->budgets->count && i < FACTS_MOST; i++)
        add_budget(l, &m->budgets->row[i]);
}

/* ---- the auction ---- */

static void wake(struct fact_list *l, int64_t now_ms, int64_t at_ms)
{
    if (at_ms > now_ms && at_ms < l->next_ms)
        l->next_ms = at_ms;
}

/* A countdown tells itself three times: at 10, 5 and 1 minutes. */
static void add_countdown(struct fact_list *l, const struct model *m)
{
    static const int64_t marks[] = {60000, 5 * 60000, 10 * 60000};
    const struct auction *x = m->auction;
    struct arena *a = l->arena;
    int64_t left = x->window_end_ms - m->now_ms, band = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        wake(l, m->now_ms, x->window_end_ms - marks[i]);
        if (band == 0 && left <= marks[i])
            band = marks[i];
    }
    wake(l, m->now_ms, x->window_end_ms);
    put(l, "auction window",
        arena_text(a, "%d of 6 ends in %s%s", x->window.index + 1, spoken(a, left > 0 ? left : 0),
                   x->estimated ? ", estimated" : ""),
        arena_text(a, "%d %lld", x->window.index, (long long)band));
}

static void add_result(struct fact_list *l, const struct auction_doc *d)
{
    struct arena *a = l->arena;
    const char *price = d->clearing_price ? arena_text(a, ", price %s", d->clearing_price) : "";
    put(l, "auction result",
        arena_text(a, "window %lld of 6: won %lld, lost %lld%s", (long long)d->result_index + 1, (long long)d->won,
                   (long long)d->lost, price),
        arena_text(a, "%lld", (long long)d->result_ms));
}

static void add_auction(struct fact_list *l, const struct model *m)
{
    const struct auction *x = m->auction;
    const struct auction_doc *d = x->status;
    if (!x->known)
        return;
    if (x->has_window)
        add_countdown(l, m);
    if (d && d->has_commitment) {
        const char *text = d->published ? "published" : "not published";
        put(l, "commitment", x->config_changed ? arena_text(l->arena, "%s; config.toml is newer than it", text) : text,
            arena_text(l->arena, "%s %d %lld", text, x->config_changed, (long long)d->commit_block));
    }
    if (d && d->has_result)
        add_result(l, d);
}

/* ---- the rest ---- */

static void add_heartbeat(struct fact_list *l, const struct model *m)
{
    const struct heartbeat *h = m->heartbeat;
    if (!h->known)
        return;
    wake(l, m->now_ms, h->next_due_ms);
    const char *text = arena_text(l->arena, "%zu of %zu checks due%s", h->due_count, h->check_count,
                                  h->overdue_count ? ", overdue" : "");
    put(l, "heartbeat", text, text);
}

static void add_log(struct fact_list *l, const struct model *m)
{
    const struct log *log = m->log;
    if (log->known && log->error_count > 0)
        put(l, "log", arena_text(l->arena, "error: %s", log->error[0].text),
            arena_text(l->arena, "%llu", (unsigned long long)(log->count[LOG_ERROR] + log->count[LOG_CRITICAL])));
}

static const char *state_word(const struct origin *o)
{
    static const char *const words[] = {
        [ORIGIN_INVALID] = "cannot be used",
        [ORIGIN_MISSING] = "not there yet",
        [ORIGIN_OK] = NULL,
        [ORIGIN_STALE] = NULL,
        [ORIGIN_WAITING] = "not there yet",
    };
    return words[o->state];
}

/* "; state/miner.pid not there yet, HEARTBEAT.md not there yet and 3 more" */
static const char *not_usable(struct arena *a, const struct model *m)
{
    enum { NAMES_MOST = 4 };
    const char *text = "";
    int count = 0;
    for (int i = 0; i < DOC_COUNT; i++) {
        const struct origin *o = &m->origin[i];
        if (!origin_expected((enum doc_id)i, o) || !state_word(o))
            continue;
        if (count++ < NAMES_MOST)
            text = arena_text(a, "%s%s %s %s", text, count == 1 ? ";" : ",", o->path, state_word(o));
    }
    return count > NAMES_MOST ? arena_text(a, "%s and %d more", text, count - NAMES_MOST) : text;
}

static void add_files(struct fact_list *l, const struct model *m)
{
    int read = 0, expected = 0;
    for (int i = 0; i < DOC_COUNT; i++) {
        bool counts = origin_expected((enum doc_id)i, &m->origin[i]);
        expected += counts;
        read += counts && m->origin[i].read_ms != NOT_KNOWN;
    }
    const char *text = read == 0 ? "none of the rig's files is here yet; davy doctor tells where they are looked for"
                                 : arena_text(l->arena, "%d of %d read%s", read, expected, not_usable(l->arena, m));
    put(l, "files", text, text);
}

struct fact_list facts_of(struct arena *a, const struct model *m)
{
    static void (*const parts[])(struct fact_list * l, const struct model *m) = {
        add_daemon, add_stage, add_scores, add_budgets, add_auction, add_heartbeat, add_log, add_files,
    };
    struct fact_list l = {.arena = a, .next_ms = INT64_MAX};
    add_alerts(&l, m);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        parts[i](&l, m);
    if (m->notice)
        put(&l, "davy", m->notice, without_numbers(a, m->notice));
    return l;
}
