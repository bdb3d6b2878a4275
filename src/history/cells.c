/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/cells.h"

#include "history/grow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)

struct span {
    int32_t day, hour;
};

static struct span span_of(const struct cells *c, int64_t t_ms)
{
    int64_t hours = t_ms / HOUR_MS - (t_ms % HOUR_MS < 0), day = hours / 24 - (hours % 24 < 0);
    return (struct span){(int32_t)day, day < c->hours_from ? -1 : (int32_t)(hours - day * 24)};
}

static int span_order(struct span a, struct span b)
{
    if (a.day != b.day)
        return a.day < b.day ? -1 : 1;
    return a.hour < b.hour ? -1 : a.hour > b.hour;
}

int cells_order(const struct history_cell *a, const struct history_cell *b)
{
    int order = span_order((struct span){a->day, a->hour}, (struct span){b->day, b->hour});
    if (order != 0)
        return order;
    if (a->dim != b->dim)
        return a->dim < b->dim ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static int order_any(const void *a, const void *b)
{
    return cells_order(a, b);
}

static inline void add(struct history_cell *to, const struct history_cell *from)
{
    to->records += from->records;
    to->scored += from->scored;
    to->good += from->good;
    to->sum += from->sum;
    to->tokens = to->tokens > INT64_MAX - from->tokens ? INT64_MAX : to->tokens + from->tokens;
    to->tao += from->tao;
    to->with_tao += from->with_tao;
}

static inline struct history_cell cell_of(const struct record *r, double threshold)
{
    bool scored = !isnan(r->score), tao = !isnan(r->tao);
    return (struct history_cell){.records = 1,
                                 .scored = scored,
                                 .good = scored && r->score > threshold,
                                 .sum = scored ? r->score : 0,
                                 .tokens = r->tokens,
                                 .tao = tao ? r->tao : 0,
                                 .with_tao = tao};
}

/* ---- the hour, or day, that is being added to ---- */

static struct history_cell *new_work(struct cells *c, struct span at, uint32_t dim, int32_t index)
{
    c->work = grow_to(c->work, &c->work_cap, c->work_count + 1, sizeof *c->work);
    c->work[c->work_count] = (struct history_cell){.day = at.day, .hour = at.hour, .dim = dim, .index = index};
    return &c->work[c->work_count++];
}

static struct history_cell *far_work(struct cells *c, struct span at, uint32_t dim, int32_t index)
{
    for (size_t i = 0; i < c->work_count; i++)
        if (c->work[i].dim == dim && c->work[i].index == index)
            return &c->work[i];
    return new_work(c, at, dim, index);
}

static inline struct history_cell *work_of(struct cells *c, struct span at, uint32_t dim, int32_t index)
{
    if (index < 0 || index >= CELL_NEAR || c->work_count >= UINT16_MAX)
        return far_work(c, at, dim, index);
    uint16_t *place = &c->near[dim][index];
    if (*place == 0) {
        new_work(c, at, dim, index);
        *place = (uint16_t)c->work_count;
    }
    return &c->work[*place - 1];
}

static void take_band(struct cells *c, struct span at, double score)
{
    int bin = (int)(score * HISTORY_BINS);
    c->work_band.day = at.day;
    c->work_band.hour = at.hour;
    if (!isnan(score))
        c->work_band.bin[bin < HISTORY_BINS ? bin : HISTORY_BINS - 1]++;
}

static bool is_taken(const struct cells *c, const struct record *r)
{
    return !r->replaced && (r->kind != RECORD_SYNTHETIC || c->rules.count_synthetic);
}

void cells_take(struct cells *c, const struct record *r)
{
    if (!is_taken(c, r))
        return;
    struct span at = span_of(c, r->t_ms);
    if (c->work_count > 0 && (c->work[0].day != at.day || c->work[0].hour != at.hour))
        cells_settle(c);
    struct history_cell one = cell_of(r, c->rules.threshold);
    const int32_t index[] = {
        [HISTORY_ALL] = 0, [HISTORY_LLM] = r->llm, [HISTORY_STRATEGY] = r->strategy, [HISTORY_SUBNET] = r->subnet};
    for (uint32_t dim = 0; dim < HISTORY_DIMS; dim++)
        add(work_of(c, at, dim, index[dim]), &one);
    take_band(c, at, r->score);
}

/* ---- the rows ---- */

static size_t place_of(const struct cells *c, const struct history_cell *cell)
{
    size_t low = 0, high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cells_order(&c->row[middle], cell) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void merge_row(struct cells *c, const struct history_cell *cell)
{
    size_t at = place_of(c, cell);
    if (at < c->count && cells_order(&c->row[at], cell) == 0) {
        add(&c->row[at], cell);
        return;
    }
    c->row = grow_to(c->row, &c->cap, c->count + 1, sizeof *c->row);
    memmove(c->row + at + 1, c->row + at, (c->count++ - at) * sizeof *c->row);
    c->row[at] = *cell;
}

static int band_order(const struct history_band *a, const struct history_band *b)
{
    return span_order((struct span){a->day, a->hour}, (struct span){b->day, b->hour});
}

static void add_band(struct history_band *to, const struct history_band *from)
{
    for (int i = 0; i < HISTORY_BINS; i++)
        to->bin[i] += from->bin[i];
}

static void merge_band(struct cells *c, const struct history_band *band)
{
    size_t at = c->band_count;
    while (at > 0 && band_order(&c->band[at - 1], band) >= 0)
        at--;
    if (at < c->band_count && band_order(&c->band[at], band) == 0) {
        add_band(&c->band[at], band);
        return;
    }
    c->band = grow_to(c->band, &c->band_cap, c->band_count + 1, sizeof *c->band);
    memmove(c->band + at + 1, c->band + at, (c->band_count++ - at) * sizeof *c->band);
    c->band[at] = *band;
}

/* ---- hours become days ---- */

static void sum_bands(struct cells *c)
{
    size_t to = 0;
    for (size_t from = 0; from < c->band_count; from++) {
        struct history_band b = c->band[from];
        b.hour = b.day < c->hours_from ? -1 : b.hour;
        if (to > 0 && band_order(&c->band[to - 1], &b) == 0)
            add_band(&c->band[to - 1], &b);
        else
            c->band[to++] = b;
    }
    c->band_count = to;
}

/* The rows of one day, [from, end), as one row each, at to: where they end. */
static size_t sum_day(struct cells *c, size_t to, size_t from, size_t end)
{
    size_t start = to;
    for (size_t i = from; i < end; i++)
        c->row[i].hour = -1;
    qsort(c->row + from, end - from, sizeof *c->row, order_any);
    for (size_t i = from; i < end; i++) {
        if (to > start && cells_order(&c->row[to - 1], &c->row[i]) == 0)
            add(&c->row[to - 1], &c->row[i]);
        else
            c->row[to++] = c->row[i];
    }
    return to;
}

static void sum_rows(struct cells *c)
{
    size_t to = 0, from = 0;
    while (from < c->count && c->row[from].day < c->hours_from) {
        size_t end = from;
        while (end < c->count && c->row[end].day == c->row[from].day)
            end++;
        to = sum_day(c, to, from, end);
        from = end;
    }
    memmove(c->row + to, c->row + from, (c->count - from) * sizeof *c->row);
    c->count = to + c->count - from;
}

/* Hours of a day that is newer than all before it: there may be too many of them now. */
static void sum_hours(struct cells *c, int32_t day)
{
    if (day - CELLS_HOURS - CELLS_STEP < c->hours_from)
        return;
    c->hours_from = day - CELLS_HOURS;
    sum_rows(c);
    sum_bands(c);
}

void cells_settle(struct cells *c)
{
    if (c->work_count == 0)
        return;
    int32_t day = c->work[0].day;
    qsort(c->work, c->work_count, sizeof *c->work, order_any);
    for (size_t i = 0; i < c->work_count; i++)
        merge_row(c, &c->work[i]);
    merge_band(c, &c->work_band);
    c->work_count = 0;
    memset(&c->work_band, 0, sizeof c->work_band);
    memset(c->near, 0, sizeof c->near);
    sum_hours(c, day);
}

void cells_release(struct cells *c)
{
    grow_free(c->row);
    grow_free(c->band);
    grow_free(c->work);
    *c = (struct cells){.rules = c->rules};
}
