/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is older than the records: days, and how their scores lie. */
#include "model/scores_part.h"

#include <math.h>

static int64_t start_of(int32_t day, int32_t hour)
{
    return day * DAY_MS + (hour > 0 ? hour * HOUR_MS : 0);
}

static int64_t end_of(int32_t day, int32_t hour)
{
    return start_of(day, hour) + (hour < 0 ? DAY_MS : HOUR_MS);
}

int64_t score_cell_start(const struct history_cell *c)
{
    return start_of(c->day, c->hour);
}

int64_t score_band_start(const struct history_band *b)
{
    return start_of(b->day, b->hour);
}

/* The first one that ends later than that. */
static size_t first_cell(const struct history_cell *cell, size_t count, int64_t t_ms)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (end_of(cell[middle].day, cell[middle].hour) <= t_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t first_band(const struct history_band *band, size_t count, int64_t t_ms)
{
    size_t at = 0;
    while (at < count && end_of(band[at].day, band[at].hour) <= t_ms)
        at++;
    return at;
}

struct score_days score_days_between(const struct score_view *v, int64_t after_ms, int64_t until_ms)
{
    const struct history_cell *cell;
    const struct history_band *band;
    if (!v->history)
        return (struct score_days){0};
    size_t cells = history_cells(v->history, &cell), bands = history_bands(v->history, &band);
    size_t c = first_cell(cell, cells, after_ms + 1), b = first_band(band, bands, after_ms + 1), c_end = c, b_end = b;
    while (c_end < cells && score_cell_start(&cell[c_end]) <= until_ms)
        c_end++;
    while (b_end < bands && score_band_start(&band[b_end]) <= until_ms)
        b_end++;
    return (struct score_days){.cell = cell + c, .band = band + b, .cells = c_end - c, .bands = b_end - b};
}

/* Later ones than now are of a wrong clock. */
struct score_days score_days_after(const struct score_view *v, int64_t after_ms)
{
    return score_days_between(v, after_ms, v->now_ms);
}

int64_t score_days_oldest(const struct score_view *v)
{
    const struct history_cell *cell;
    return v->history && history_cells(v->history, &cell) > 0 ? score_cell_start(&cell[0]) : NOT_KNOWN;
}

int64_t score_days_edge(const struct score_view *v, int64_t after_ms)
{
    struct score_days d = score_days_after(v, after_ms);
    return d.cells > 0 && score_cell_start(&d.cell[0]) <= after_ms ? score_cell_start(&d.cell[0]) - 1 : after_ms;
}

int64_t score_days_unit(const struct score_days *d)
{
    return d->cells == 0 ? 0 : d->cell[0].hour < 0 ? DAY_MS : HOUR_MS;
}

void bins_add(struct score_bins *b, double score)
{
    int bin = (int)(score * HISTORY_BINS);
    if (isnan(score))
        return;
    b->bin[bin < HISTORY_BINS ? bin : HISTORY_BINS - 1]++;
    b->count++;
}

void bins_band(struct score_bins *b, const struct history_band *band)
{
    for (int i = 0; i < HISTORY_BINS; i++) {
        b->bin[i] += band->bin[i];
        b->count += band->bin[i];
    }
}

double bins_at(const struct score_bins *b, double fraction)
{
    double want = fraction * (double)b->count, before = 0;
    if (b->count == 0)
        return (double)NAN;
    for (int i = 0; i < HISTORY_BINS; i++) {
        double here = (double)b->bin[i];
        if (here > 0 && before + here >= want)
            return (i + (want - before) / here) / HISTORY_BINS;
        before += here;
    }
    return 1;
}
