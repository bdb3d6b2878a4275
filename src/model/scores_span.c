/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scores over the time that the user chose, and over the hours. */
#include "model/scores_part.h"

#include <math.h>

static const struct {
    const char *name, *word; /* for people; as one types it */
    int64_t ms, step_ms;     /* of a point of its chart */
} ranges[] = {
    [RANGE_FIT] = {"", "fit", 0, 0},
    [RANGE_1H] = {"1 h", "1h", HOUR_MS, HOUR_MS / 30},
    [RANGE_24H] = {"24 h", "24h", DAY_MS, HOUR_MS / 2},
    [RANGE_7D] = {"7 d", "7d", 7 * DAY_MS, HOUR_MS},
    [RANGE_30D] = {"30 d", "30d", 30 * DAY_MS, 2 * HOUR_MS},
    [RANGE_ALL] = {"all", "all", 0, 0},
};
enum { ALL_POINTS = 366 };

const char *score_range_name(enum score_range r)
{
    return ranges[r].name;
}

const char *score_range_word(enum score_range r)
{
    return ranges[r].word;
}

static void point_add(struct score_hour *h, const struct record *r)
{
    h->tokens = tokens_add(h->tokens, r->tokens);
    if (isnan(r->score))
        return;
    h->mean = h->count ? h->mean + r->score : r->score; /* the sum, until the end */
    h->low = fmin(h->low, r->score);
    h->high = fmax(h->high, r->score);
    h->count++;
}

static void point_day(struct score_hour *h, const struct history_cell *c)
{
    h->tokens = tokens_add(h->tokens, c->tokens);
    if (c->scored == 0)
        return;
    h->mean = h->count ? h->mean + c->sum : c->sum;
    h->count += (int64_t)c->scored;
}

static void point_band(struct score_hour *h, const struct history_band *b)
{
    for (int i = 0; i < HISTORY_BINS; i++) {
        if (b->bin[i] == 0)
            continue;
        h->low = fmin(h->low, (double)i / HISTORY_BINS);
        h->high = fmax(h->high, (i + 1.0) / HISTORY_BINS);
    }
}

static void point_end(struct score_hour *h, const struct score_bins *b)
{
    h->mean = ratio(h->mean, (double)h->count);
    h->p10 = bins_at(b, 0.1);
    h->p90 = bins_at(b, 0.9);
}

static void point_days(struct score_hour *h, struct score_bins *b, struct score_days *d, int64_t end_ms)
{
    for (; d->cells > 0 && score_cell_start(d->cell) < end_ms; d->cell++, d->cells--)
        if (d->cell->dim == HISTORY_ALL)
            point_day(h, d->cell);
    for (; d->bands > 0 && score_band_start(d->band) < end_ms; d->band++, d->bands--) {
        point_band(h, d->band);
        bins_band(b, d->band);
    }
}

/* Those that a point can hold: none that is longer than one. */
static struct score_days days_of_points(const struct score_view *v, int64_t step_ms, int64_t after_ms)
{
    struct score_days d = score_days_after(v, after_ms);
    for (; d.cells > 0 && score_days_unit(&d) > step_ms; d.cell++)
        d.cells--;
    for (; d.bands > 0 && (d.cells == 0 || score_band_start(d.band) < score_cell_start(d.cell)); d.band++)
        d.bands--;
    return d;
}

struct score_hour *score_points(struct arena *a, const struct score_view *v, int64_t step_ms, int count)
{
    struct score_hour *point = arena_array(a, (size_t)count, sizeof *point);
    int64_t day = day_start(v->now_ms), first = day + (v->now_ms - day) / step_ms * step_ms - (count - 1) * step_ms;
    struct score_days days = days_of_points(v, step_ms, first - 1);
    size_t at = score_after(v, first - 1);
    for (int i = 0; i < count; i++) {
        struct score_hour *h = &point[i];
        struct score_bins bins = {.count = 0};
        *h = (struct score_hour){.start_ms = first + i * step_ms, .mean = NAN, .low = NAN, .high = NAN};
        point_days(h, &bins, &days, h->start_ms + step_ms);
        for (; at < v->past && v->rec[at].t_ms < h->start_ms + step_ms; at++) {
            if (!score_counts(v, &v->rec[at]))
                continue;
            point_add(h, &v->rec[at]);
            bins_add(&bins, v->rec[at].score);
        }
        point_end(h, &bins);
    }
    return point;
}

static int64_t oldest(const struct score_view *v)
{
    int64_t day = score_days_oldest(v), rec = v->past > 0 ? v->rec[0].t_ms : NOT_KNOWN;
    return day == NOT_KNOWN || (rec != NOT_KNOWN && rec < day) ? rec : day;
}

/* Of all: as fine as a chart can show, but hours or days where those are all that is known. */
static int64_t step_of_all(int64_t ms, int64_t unit_ms)
{
    static const int64_t steps[] = {HOUR_MS / 30, HOUR_MS / 2, HOUR_MS, 2 * HOUR_MS, 6 * HOUR_MS};
    for (size_t i = 0; i < sizeof steps / sizeof *steps && unit_ms < DAY_MS; i++)
        if (steps[i] >= unit_ms && ms / steps[i] < ALL_POINTS)
            return steps[i];
    return (ms / DAY_MS / ALL_POINTS + 1) * DAY_MS;
}

static void set_points(struct arena *a, const struct score_view *v, struct score_span *s)
{
    struct score_days days = score_days_after(v, s->after_ms);
    int64_t unit = score_days_unit(&days);
    int64_t ms = v->now_ms - s->after_ms, day = day_start(v->now_ms);
    s->step_ms = ranges[s->range].step_ms;
    if (s->range == RANGE_ALL)
        s->step_ms = step_of_all(ms, unit);
    else if (unit > s->step_ms)
        s->step_ms = unit;
    int64_t last = day + (v->now_ms - day) / s->step_ms * s->step_ms; /* the last one has only begun */
    s->points = (int)((last - s->after_ms - 1 + s->step_ms - 1) / s->step_ms) + 1;
    s->point = score_points(a, v, s->step_ms, s->points);
}

/* Days by their LLMs: so their cost is known. */
static void set_sums(const struct score_view *v, struct score_span *s)
{
    struct score_days days = score_days_after(v, s->after_ms);
    struct tally t = {0};
    struct score_bins bins = {.count = 0};
    for (size_t i = 0; i < days.cells; i++)
        if (days.cell[i].dim == HISTORY_LLM)
            tally_cell(&t, v, &days.cell[i]);
    for (size_t i = 0; i < days.bands; i++)
        bins_band(&bins, &days.band[i]);
    for (size_t i = score_after(v, s->after_ms); i < v->past; i++) {
        if (!score_counts(v, &v->rec[i]))
            continue;
        tally_add(&t, v, &v->rec[i]);
        bins_add(&bins, v->rec[i].score);
    }
    s->all = tally_window(&t);
    s->p10 = bins_at(&bins, 0.1);
    s->p90 = bins_at(&bins, 0.9);
}

static void set_rows(const struct score_view *v, struct score_span *s)
{
    struct score_days days = score_days_after(v, s->after_ms);
    s->rows = (int64_t)(v->count - score_after(v, s->after_ms));
    for (size_t i = 0; i < days.cells; i++)
        if (days.cell[i].dim == HISTORY_ALL)
            s->rows += (int64_t)days.cell[i].records;
}

struct score_span score_span_at(struct arena *a, const struct score_view *v, enum score_range range)
{
    struct score_span s = {.range = range, .oldest_ms = oldest(v)};
    if (range == RANGE_FIT)
        return s;
    int64_t after_ms = v->now_ms - ranges[range].ms;
    if (range == RANGE_ALL)
        after_ms = s.oldest_ms != NOT_KNOWN && s.oldest_ms <= v->now_ms ? s.oldest_ms - 1 : v->now_ms - HOUR_MS;
    s.after_ms = score_days_edge(v, after_ms);
    set_points(a, v, &s);
    set_sums(v, &s);
    set_rows(v, &s);
    s.groups = score_groups_after(a, v, s.after_ms);
    return s;
}
