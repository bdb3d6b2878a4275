/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is older than the records: days, and how their scores lie. */
#include "model/scores_part.h"

#include <math.h>

static int32_t day_of(int64_t t_ms)
{
    return (int32_t)(day_start(t_ms) / DAY_MS);
}

static size_t first_cell(const struct history_cell *cell, size_t count, int32_t day)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cell[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t first_band(const struct history_band *band, size_t count, int32_t day)
{
    size_t at = 0;
    while (at < count && band[at].day < day)
        at++;
    return at;
}

struct score_days score_days_after(const struct score_view *v, int64_t after_ms)
{
    const struct history_cell *cell;
    const struct history_band *band;
    if (!v->history)
        return (struct score_days){0};
    size_t cells = history_cells(v->history, &cell), bands = history_bands(v->history, &band);
    int32_t from = day_of(after_ms + 1), end = day_of(v->now_ms) + 1; /* later ones are of a wrong clock */
    size_t c = first_cell(cell, cells, from), b = first_band(band, bands, from);
    return (struct score_days){.cell = cell + c,
                               .band = band + b,
                               .cells = first_cell(cell, cells, end) - c,
                               .bands = first_band(band, bands, end) - b};
}

int64_t score_days_oldest(const struct score_view *v)
{
    const struct history_cell *cell;
    return v->history && history_cells(v->history, &cell) > 0 ? cell[0].day * DAY_MS : NOT_KNOWN;
}

int64_t score_days_edge(const struct score_view *v, int64_t after_ms)
{
    struct score_days d = score_days_after(v, after_ms);
    int64_t day = day_start(after_ms + 1);
    return d.cells > 0 && d.cell[0].day * DAY_MS == day ? day - 1 : after_ms;
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
