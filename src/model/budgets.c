/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/budgets.h"

#include "base/timetext.h"
#include "model/budgets_part.h"

#include <math.h>
#include <string.h>

/* Percent of the allowance; all limits are strict by EDGE: exactly 80 % is no warning. 90 is where the miner's own
 * router begins to refuse tasks: a badge, not a level (rig-files.md 4.2 #6). */
#define WARN_PCT 80.0
#define REFUSE_PCT 90.0
#define CRIT_PCT 95.0
#define FULL_PCT 100.0
#define EDGE 1e-9
#define MOST_DAYS 36500.0 /* a date a hundred years away is no forecast */

const char *budget_state_name(enum budget_state s)
{
    static const char *const names[] = {
        [BUDGET_NONE] = "none",           [BUDGET_OK] = "ok",
        [BUDGET_WARNING] = "warning",     [BUDGET_CRITICAL] = "critical",
        [BUDGET_EXHAUSTED] = "exhausted",
    };
    return names[s];
}

static const struct {
    const char *part, *display;
} known_apis[] = {{"claude", "Claude"}, {"gemini", "Gemini"}, {"gpt", "OpenAI"}, {"openai", "OpenAI"}};
enum { KNOWN_APIS = sizeof known_apis / sizeof *known_apis };

static const char *display_name(const char *api)
{
    for (size_t i = 0; i < KNOWN_APIS; i++)
        if (bytes_has_ci(bytes_of(api), known_apis[i].part))
            return known_apis[i].display;
    return api;
}

/* Two rows called "Gemini" would be a riddle: where a short name is not alone, the keys are shown. */
static void tell_apart(struct budget *row, size_t count)
{
    for (size_t k = 0; k < KNOWN_APIS; k++) {
        size_t same = 0;
        for (size_t i = 0; i < count; i++)
            same += strcmp(row[i].display, known_apis[k].display) == 0;
        for (size_t i = 0; same > 1 && i < count; i++)
            if (strcmp(row[i].display, known_apis[k].display) == 0)
                row[i].display = row[i].api;
    }
}

static enum budget_state state_of(double used_pct)
{
    if (used_pct >= FULL_PCT - EDGE)
        return BUDGET_EXHAUSTED;
    if (used_pct > CRIT_PCT + EDGE)
        return BUDGET_CRITICAL;
    return used_pct > WARN_PCT + EDGE ? BUDGET_WARNING : BUDGET_OK;
}

static void judge(struct budget *b)
{
    if (b->used == NOT_KNOWN || b->allowance == NOT_KNOWN)
        return;
    b->remaining = b->used < b->allowance ? b->allowance - b->used : 0;
    if (b->allowance == 0) {
        b->state = b->used > 0 ? BUDGET_CRITICAL : BUDGET_NONE;
        if (b->used > 0 && !b->problem)
            b->problem = "spend without allowance";
        return;
    }
    b->used_pct = 100 * (double)b->used / (double)b->allowance;
    b->state = state_of(b->used_pct);
    b->refusing = b->used_pct > REFUSE_PCT + EDGE;
}

/* Known and not of the future: a reset cannot be later than now. */
static int64_t later_reset(int64_t best, int64_t reset_ms, int64_t now_ms)
{
    return reset_ms != NOT_KNOWN && reset_ms <= now_ms && reset_ms > best ? reset_ms : best;
}

/* Tokens a day: what the history saw in 7 days, else the counter since max(last reset, start of the cycle). A counter that
 * holds the month before as well tells nothing: since_ms is not known. */
static void burn(struct budget *b, const struct budget_use *use, double days, int64_t since_ms, int64_t now_ms)
{
    if (use && use->week > 0) {
        b->burn_per_day = (double)use->week / days;
        b->burn_from_history = true;
    } else if (b->used != NOT_KNOWN && since_ms != NOT_KNOWN) {
        double elapsed = (double)(now_ms - since_ms) / (double)DAY_MS;
        b->burn_per_day = (double)b->used / fmax(elapsed, 1.0 / 24);
    }
}

static void project(struct budget *b, int64_t end_ms, int64_t now_ms)
{
    if (b->remaining == NOT_KNOWN || b->allowance == 0)
        return;
    double left_days = (double)(end_ms - now_ms) / (double)DAY_MS;
    if (!isnan(b->burn_per_day))
        b->projected_pct = 100 * ((double)b->used + b->burn_per_day * left_days) / (double)b->allowance;
    if (b->remaining == 0)
        b->days_left = 0; /* since when, nobody knows */
    else if (b->burn_per_day > 0)
        b->days_left = (double)b->remaining / b->burn_per_day;
    if (b->days_left > 0 && b->days_left < MOST_DAYS)
        b->exhausted_ms = now_ms + (int64_t)(b->days_left * (double)DAY_MS);
}

static struct budget empty_budget(const char *api)
{
    return (struct budget){.api = api,
                           .display = display_name(api),
                           .allowance = NOT_KNOWN,
                           .used = NOT_KNOWN,
                           .remaining = NOT_KNOWN,
                           .daily_limit = NOT_KNOWN,
                           .used_pct = NAN,
                           .burn_per_day = NAN,
                           .days_left = NAN,
                           .exhausted_ms = NOT_KNOWN,
                           .projected_pct = NAN,
                           .month_cost_usd = NAN,
                           .cost_per_1k = NAN};
}

struct context {
    const struct budgets_doc *doc;
    struct budget_uses uses;
    int64_t now_ms;
};

static struct budget budget_of(const struct context *c, const struct budget_row *row, const struct budgets *all)
{
    struct budget b = empty_budget(row->api);
    struct budget_use *use = budget_use_of(&c->uses, row->api);
    if (use)
        use->budgeted = true;
    b.allowance = row->allowance;
    b.used = row->used;
    b.daily_limit = row->daily_limit;
    b.cost_per_1k = row->cost_per_1k;
    b.model = row->model;
    b.problem = row->problem;
    b.daily_used = use ? use->today : 0;
    b.unused = c->uses.any && !use;
    if (b.used != NOT_KNOWN)
        b.month_cost_usd = or_not_known((double)b.used / 1000 * b.cost_per_1k);
    judge(&b);
    int64_t since_ms = later_reset(all->cycle_start_ms, c->doc->last_reset_ms, c->now_ms);
    since_ms = all->not_reset ? NOT_KNOWN : later_reset(since_ms, row->last_reset_ms, c->now_ms);
    burn(&b, use, c->uses.days, since_ms, c->now_ms);
    project(&b, all->cycle_end_ms, c->now_ms);
    return b;
}

/* LLMs that spent tokens in the last 7 days and have no entry, by name. */
static size_t add_unbudgeted(struct arena *a, const struct context *c, struct budget *row)
{
    size_t n = 0;
    for (size_t i = 0; i < c->uses.count; i++) {
        const struct budget_use *use = &c->uses.use[i];
        if (use->budgeted)
            continue;
        row[n] = empty_budget(arena_copy(a, bytes_of(use->name)));
        row[n].unbudgeted = true;
        row[n].daily_used = use->today;
        burn(&row[n], use, c->uses.days, c->now_ms, c->now_ms);
        n++;
    }
    return n;
}

/* The month changed and the counters did not (rig-files.md 5.5). Nobody but the writer knows for sure, so this is said
 * only with proof: tokens are counted, and either the newest known reset lies before this cycle, or no reset is
 * known (the writer drops "tracking" when it saves) and the file itself was last saved before this cycle. */
static void judge_reset(const struct context *c, struct budgets *out)
{
    bool spent = false;
    out->last_reset_ms = later_reset(NOT_KNOWN, c->doc->last_reset_ms, c->now_ms);
    for (size_t i = 0; i < c->doc->count; i++) {
        out->last_reset_ms = later_reset(out->last_reset_ms, c->doc->row[i].last_reset_ms, c->now_ms);
        spent = spent || c->doc->row[i].used > 0;
    }
    int64_t proof_ms = out->last_reset_ms != NOT_KNOWN ? out->last_reset_ms : c->doc->updated_ms;
    out->not_reset = spent && proof_ms != NOT_KNOWN && proof_ms < out->cycle_start_ms;
    out->overdue_reset_ms = out->not_reset ? c->now_ms - out->cycle_start_ms : NOT_KNOWN;
}

static void calendar(const struct context *c, const struct settings *s, struct budgets *out)
{
    int64_t day = c->doc && c->doc->reset_day != NOT_KNOWN ? c->doc->reset_day : s->reset_day;
    struct budget_cycle cycle = budget_cycle_at(day, c->now_ms);
    out->cycle_start_ms = cycle.start_ms;
    out->cycle_end_ms = cycle.end_ms;
    out->elapsed_fraction = (double)(c->now_ms - cycle.start_ms) / (double)(cycle.end_ms - cycle.start_ms);
}

static void fill(struct arena *a, const struct context *c, struct budgets *out)
{
    struct budget *row = arena_array(a, c->doc->count + c->uses.count, sizeof *row);
    judge_reset(c, out); /* first: the burn asks for it */
    for (size_t i = 0; i < c->doc->count; i++) {
        row[i] = budget_of(c, &c->doc->row[i], out);
        if (row[i].state > out->worst)
            out->worst = row[i].state;
    }
    out->row = row;
    out->count = c->doc->count + add_unbudgeted(a, c, row + c->doc->count);
    tell_apart(row, out->count);
    out->updated_ms = c->doc->updated_ms;
}

const struct budgets *budgets_at(struct arena *a, const struct docs *docs, const struct scores *scores,
                                 const struct settings *s, int64_t now_ms)
{
    (void)scores; /* the day's tokens by LLM are not in it; the history is */
    struct budgets *out = arena_alloc(a, sizeof *out);
    struct score_view v = score_view_at(docs->history, s, now_ms);
    struct context c = {.doc = docs->budgets_doc, .now_ms = now_ms};
    out->last_reset_ms = out->overdue_reset_ms = out->updated_ms = NOT_KNOWN;
    out->known = c.doc != NULL;
    calendar(&c, s, out);
    if (!c.doc)
        return out;
    c.uses = budget_uses_at(a, &v);
    fill(a, &c, out);
    return out;
}
