/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Token budgets: a gauge each, with the mark where the month is and the head where it will end. */
#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "view/pane.h"
#include "view/pieces.h"
#include "view/shown.h"

#include <math.h>
#include <stdio.h>

static const int64_t HOUR = 3600000;

static enum style state_style(enum budget_state s)
{
    static const uint8_t styles[] = {
        [BUDGET_NONE] = STYLE_DIM,     [BUDGET_OK] = STYLE_GOOD,       [BUDGET_WARNING] = STYLE_WARN,
        [BUDGET_CRITICAL] = STYLE_BAD, [BUDGET_EXHAUSTED] = STYLE_BAD,
    };
    return styles[s];
}

static int name_width(const struct budgets *b, int w)
{
    int most = 4, room = w >= 50 ? 14 : w >= 44 ? 12 : w >= 36 ? 10 : 8;
    for (size_t i = 0; i < b->count; i++) {
        int width = text_width(b->row[i].display);
        most = width > most ? width : most;
    }
    return most > room ? room : most;
}

/* What stands in the last column: the badge, or for how many days it lasts. "" when there is nothing to say. */
static enum style last_word(const struct budget *b, char out[24])
{
    if (b->problem)
        return snprintf(out, 24, "unreadable"), STYLE_WARN;
    if (b->unbudgeted)
        return snprintf(out, 24, "no budget"), STYLE_WARN;
    if (b->state == BUDGET_EXHAUSTED)
        return snprintf(out, 24, "EXHAUSTED"), STYLE_BAD;
    if (b->refusing)
        return snprintf(out, 24, "REFUSING"), STYLE_BAD;
    if (b->allowance != NOT_KNOWN && b->allowance == 0)
        return snprintf(out, 24, "allows 0"), STYLE_DIM;
    if (isnan(b->days_left))
        return snprintf(out, 24, "%s", b->unused ? "unused" : ""), STYLE_DIM;
    return snprintf(out, 24, b->days_left < 10 ? "lasts %.1fd" : "lasts %.0fd", fmin(b->days_left, 999)), STYLE_DIM;
}

static int last_width(int w)
{
    return w >= 34 ? 10 : 0;
}

static void draw_used(const struct budget *b, struct grid g, int right)
{
    char used[NUM_TEXT], all[NUM_TEXT], text[80];
    if (b->used == NOT_KNOWN && b->allowance == NOT_KNOWN)
        return;
    snprintf(text, sizeof text, "%s/%s", num_short(used, b->used), num_short(all, b->allowance));
    grid_text_right(g, right, 0, STYLE_DIM, text);
}

static void draw_row(const struct budgets *all, const struct budget *b, struct grid g, int left)
{
    char percent[NUM_TEXT], last[24];
    enum style style = last_word(b, last);
    int right = g.w - last_width(g.w), head = b->projected_pct > b->used_pct ? 1 : 0;
    if (last_width(g.w) > 0 && last[0])
        grid_text_right(g, g.w, 0, style, last);
    bool measured = !isnan(b->used_pct);
    grid_text_right(g, right - 1, 0, measured ? state_style(b->state) : STYLE_STALE,
                    measured        ? num_percent(percent, b->used_pct / 100, 0)
                    : b->unbudgeted ? num_short(percent, b->daily_used)
                                    : "n/a");
    right -= 6;
    if (g.w >= 64) {
        draw_used(b, g, right - 1);
        right -= 13;
    }
    struct gauge v = {b->used_pct / 100, b->allowance > 0 ? all->elapsed_fraction : NAN,
                      head ? b->projected_pct / 100 : NAN, state_style(b->state)};
    gauge_draw(g, left, 0, right - left, &v);
}

static void draw_cycle(const struct model *m, struct grid g, int y)
{
    const struct budgets *b = m->budgets;
    char text[TIME_TEXT];
    if (b->not_reset) {
        grid_text_cut(g, 0, y, g.w, STYLE_WARN, "a new month, and the counters were not reset");
        return;
    }
    if (b->cycle_end_ms == NOT_KNOWN)
        return;
    int64_t left = b->cycle_end_ms > m->now_ms ? b->cycle_end_ms - m->now_ms : 0;
    struct pieces p = {.count = 0};
    pieces_add(&p, 90, 0, STYLE_DIM, "│ %.0f%% of the month", b->elapsed_fraction * 100);
    pieces_add(&p, 50, 1, STYLE_DIM, "∙ ▸ at its end");
    pieces_add(&p, 100, 1, STYLE_DIM, "∙ resets in %s", age_text(text, left));
    pieces_draw(&p, grid_part(g, 0, y, g.w, 1));
    grid_wake(g, m->now_ms + left % (left > 48 * HOUR ? 24 * HOUR : left > HOUR ? HOUR : HOUR / 60) + 1);
}

/* Which budget stands in row i: file order, so that nothing jumps; the fullest first when not all of them fit. */
static int row_at(const struct budgets *b, int i, bool all_fit)
{
    int taken = 0;
    bool used[64] = {false};
    if (all_fit || b->count > 64)
        return i;
    for (;; taken++) {
        int best = -1;
        for (int k = 0; k < (int)b->count; k++) {
            if (!used[k] && (best < 0 || b->row[k].used_pct > b->row[best].used_pct || isnan(b->row[best].used_pct)))
                best = k;
        }
        if (taken == i)
            return best;
        used[best] = true;
    }
}

static void draw_daily(const struct budget *b, struct grid row)
{
    char used[NUM_TEXT], limit[NUM_TEXT];
    struct pieces p = {.count = 0};
    pieces_add(&p, 100, 0, STYLE_DIM, "today %s", num_short(used, b->daily_used));
    if (b->daily_limit != NOT_KNOWN)
        pieces_add(&p, 90, 1, b->daily_used > b->daily_limit ? STYLE_WARN : STYLE_DIM, "of %s",
                   num_short(limit, b->daily_limit));
    if (b->burn_per_day > 0)
        pieces_add(&p, 60, 1, STYLE_DIM, "∙ %s a day %s", num_short(used, (int64_t)b->burn_per_day),
                   b->burn_from_history ? "(7 days of history)" : "(this month)");
    if (!isnan(b->projected_pct))
        pieces_add(&p, 80, 1, b->projected_pct > 100 ? STYLE_WARN : STYLE_DIM, "∙ month end %s",
                   num_percent(used, b->projected_pct / 100, 0));
    if (b->cost_per_1k == 0)
        pieces_add(&p, 50, 1, STYLE_DIM, "∙ free");
    else if (!isnan(b->month_cost_usd))
        pieces_add(&p, 70, 1, STYLE_DIM, "∙ $%s this month", num_fixed(used, b->month_cost_usd, 2));
    if (b->model)
        pieces_add(&p, 40, 1, STYLE_DIM, "∙ %s", b->model);
    pieces_draw(&p, grid_part(row, 4, 0, row.w - 4, 1));
}

/* Where there is room each budget has a second row: its day and its month. */
static void draw_open(const struct model *m, const struct ui *ui, struct grid g, bool cycle)
{
    const struct budgets *b = m->budgets;
    struct shown shown;
    shown_of(&shown, m, ui, &pane_budgets);
    int count = shown.count, each = g.w >= 50 && g.h >= 2 * count + cycle ? 2 : 1, rows = (g.h - cycle) / each;
    int names = name_width(b, g.w);
    struct list l = list_view(ui, &pane_budgets, count, rows);
    for (int y = 0, i = l.first; y < rows * each && i < count; y += each, i++) {
        const struct budget *x = &b->row[shown.every ? row_at(b, i, count <= rows) : shown.row[i]];
        list_mark(g, y, &l, i);
        grid_text_mid(g, 2, y, names, STYLE_NORMAL, x->display);
        draw_row(b, x, grid_part(g, 0, y, g.w, 1), names + 3);
        if (each == 2)
            draw_daily(x, grid_part(g, 0, y + 1, g.w, 1));
    }
    if (cycle)
        draw_cycle(m, g, (count < rows ? count : rows) * each);
    list_more(grid_part(g, 0, 0, g.w, rows * each), l.first > 0, l.first + rows < count);
}

/* Zoomed: each with its day, its burn and what it costs. */
static void page(const struct model *m, const struct ui *ui, struct flow *f)
{
    const struct budgets *b = m->budgets;
    char text[TIME_TEXT];
    struct shown shown;
    shown_of(&shown, m, ui, &pane_budgets);
    for (int i = 0; i < shown.count; i++) {
        const struct budget *x = &b->row[shown_row(&shown, i)];
        struct grid g = flow_row(f);
        int names = name_width(b, f->w);
        grid_text_mid(g, 2, 0, names, STYLE_STRONG, x->display);
        draw_row(b, x, g, names + 3);
        draw_daily(x, flow_row(f));
        if (x->exhausted_ms != NOT_KNOWN && x->exhausted_ms < b->cycle_end_ms)
            flow_wrapf(f, 4, STYLE_WARN, "runs out %s, before the reset", time_minute(text, x->exhausted_ms));
        if (x->problem)
            flow_wrap(f, 4, STYLE_WARN, x->problem);
        flow_row(f);
    }
    draw_cycle(m, flow_row(f), 0);
    if (b->last_reset_ms != NOT_KNOWN)
        grid_textf(flow_row(f), 0, 0, STYLE_DIM, "last reset %s", time_minute(text, b->last_reset_ms));
}

static bool paged(const struct ui *ui, int w)
{
    return pane_zoomed(ui, &pane_budgets) && w >= 30;
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    const struct budgets *b = m->budgets;
    struct shown shown;
    shown_of(&shown, m, ui, &pane_budgets);
    if (!b->known && b->count == 0) {
        draw_waiting(g, m, DOC_BUDGETS);
    } else if (b->count == 0) {
        grid_text_cut(g, 0, 0, g.w, STYLE_DIM, "no API has a budget");
    } else if (shown.count == 0) {
        draw_none(g, ui, &pane_budgets, "budget");
    } else if (paged(ui, g.w)) {
        struct flow f = flow_of(g, ui, &pane_budgets, flow_count(m, ui, page));
        page(m, ui, &f);
    } else {
        draw_open(m, ui, g, g.h > (int)b->count || (b->not_reset && g.h > 1));
    }
}

static struct pane_need need(const struct model *m, const struct ui *ui, int w)
{
    int count = (int)m->budgets->count;
    (void)ui;
    if (count == 0)
        return (struct pane_need){1, 1, 1};
    return (struct pane_need){count < 2 ? count : 2, count + 1, w >= 50 ? 2 * count + 1 : count + 1};
}

static bool holds(const struct budget *b, const struct needle *n)
{
    return needle_in(n, b->display) || needle_in(n, b->api) || needle_in(n, budget_state_name(b->state)) ||
           needle_in(n, b->model ? b->model : "");
}

static int list(const struct model *m, const struct ui *ui, const struct needle *n, int16_t *row, int most)
{
    const struct budgets *b = m->budgets;
    int count = 0;
    (void)ui;
    for (size_t i = 0; i < b->count; i++) {
        if (!holds(&b->row[i], n))
            continue;
        if (count < most)
            row[count] = (int16_t)i;
        count++;
    }
    return count;
}

static int rows(const struct model *m, const struct ui *ui)
{
    struct needle n = needle_of(shown_filter(ui, &pane_budgets));
    return paged(ui, zoom_size(ui).w) ? flow_stops(ui, flow_count(m, ui, page), 0) : list(m, ui, &n, NULL, 0);
}

static const char *line(struct arena *a, const struct model *m, enum style *s)
{
    const struct budgets *b = m->budgets;
    const struct budget *top = NULL;
    char percent[NUM_TEXT];
    *s = STYLE_STALE;
    if (b->count == 0)
        return b->known ? "no API has a budget" : waiting_line(a, m, DOC_BUDGETS);
    for (size_t i = 0; i < b->count; i++) {
        if (!isnan(b->row[i].used_pct) && (!top || b->row[i].used_pct > top->used_pct))
            top = &b->row[i];
    }
    if (!top)
        return "nothing measured";
    *s = state_style(top->state) == STYLE_GOOD ? STYLE_NORMAL : state_style(top->state);
    return arena_text(a, "%s %s%s ∙ month %.0f%%", top->display, num_percent(percent, top->used_pct / 100, 0),
                      top->refusing ? " REFUSING" : "", b->elapsed_fraction * 100);
}

const struct pane pane_budgets = {
    .name = "budgets",
    .title = "Budgets",
    .help = "token budgets: used, where the month is (|), where it will end (>), days left; zoomed: daily use, burn "
            "and cost",
    .importance = 70,
    .doc = {DOC_BUDGETS},
    .doc_count = 1,
    .need = need,
    .draw = draw,
    .rows = rows,
    .list = list,
    .line = line,
};
