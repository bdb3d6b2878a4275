/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the history says about each LLM's tokens, and the calendar of the budgets. */
#include "base/timetext.h"
#include "model/budgets_part.h"

#include <stdlib.h>
#include <string.h>

static int64_t reset_in(int year, int month, int64_t reset_day)
{
    int days = days_in_month(year, month);
    return civil_ms(year, month, reset_day < days ? (int)reset_day : days);
}

struct budget_cycle budget_cycle_at(int64_t reset_day, int64_t now_ms)
{
    struct civil now = civil_of(now_ms);
    int64_t day = reset_day < 1 ? 1 : reset_day;
    int64_t this_month = reset_in(now.year, now.month, day);
    if (this_month > now_ms) {
        int back = now.month == 1;
        return (struct budget_cycle){reset_in(now.year - back, back ? 12 : now.month - 1, day), this_month};
    }
    int on = now.month == 12;
    return (struct budget_cycle){this_month, reset_in(now.year + on, on ? 1 : now.month + 1, day)};
}

static int64_t first_counted(const struct score_view *v)
{
    int64_t summed_up = score_days_oldest(v);
    if (summed_up != NOT_KNOWN && summed_up < v->now_ms)
        return summed_up;
    for (size_t i = 0; i < v->past; i++)
        if (score_counts(v, &v->rec[i]))
            return v->rec[i].t_ms;
    return v->now_ms;
}

/* Days of history behind the weekly tokens: 7, or less when it began later; never under an hour, as in rig-files.md
 * 4.3. */
static double days_covered(const struct score_view *v)
{
    double days = (double)(v->now_ms - first_counted(v)) / (double)DAY_MS;
    if (days > 7)
        return 7;
    return days < 1.0 / 24 ? 1.0 / 24 : days;
}

static int by_name(const void *left, const void *right)
{
    const struct budget_use *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void add_use(struct budget_use *to, const struct record *r, int64_t today_ms)
{
    to->records++;
    to->week = tokens_add(to->week, r->tokens);
    if (r->t_ms >= today_ms)
        to->today = tokens_add(to->today, r->tokens);
}

/* What is no record any more: with a week of very many tasks, hours of it. */
static bool add_hours(struct budget_use *use, const struct score_view *v, int64_t after_ms, int64_t today_ms)
{
    struct score_days days = score_days_after(v, after_ms);
    for (size_t i = 0; i < days.cells; i++) {
        const struct history_cell *c = &days.cell[i];
        if (c->dim != HISTORY_LLM)
            continue;
        struct budget_use *to = &use[c->index];
        to->records += (int64_t)c->records;
        to->week = tokens_add(to->week, c->tokens);
        if (score_cell_start(c) >= today_ms)
            to->today = tokens_add(to->today, c->tokens);
    }
    return days.cells > 0;
}

struct budget_uses budget_uses_at(struct arena *a, const struct score_view *v)
{
    struct budget_uses u = {0};
    if (!v->history)
        return u;
    size_t names = history_name_count(v->history);
    struct budget_use *use = arena_array(a, names, sizeof *use);
    int64_t today_ms = day_start(v->now_ms), after_ms = score_days_edge(v, v->now_ms - 7 * DAY_MS);
    u.any = add_hours(use, v, after_ms, today_ms);
    for (size_t i = score_after(v, after_ms); i < v->past; i++)
        if (score_counts(v, &v->rec[i])) {
            add_use(&use[v->rec[i].llm], &v->rec[i], today_ms);
            u.any = true;
        }
    for (size_t i = 1; i < names; i++) { /* 0 is "not known": nobody's tokens */
        use[u.count] = use[i];
        use[u.count].name = history_name(v->history, (uint16_t)i);
        u.count += use[i].records > 0;
    }
    u.use = use;
    u.days = days_covered(v);
    qsort(use, u.count, sizeof *use, by_name);
    return u;
}

struct budget_use *budget_use_of(const struct budget_uses *u, const char *api)
{
    struct budget_use key = {.name = api};
    return u->count ? bsearch(&key, u->use, u->count, sizeof key, by_name) : NULL;
}
