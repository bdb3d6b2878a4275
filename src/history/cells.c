/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/cells.h"

#include "history/grow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

static int32_t day_of(int64_t t_ms)
{
    return (int32_t)(t_ms / DAY_MS - (t_ms % DAY_MS < 0));
}

int cells_order(const struct history_cell *a, const struct history_cell *b)
{
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->dim != b->dim)
        return a->dim < b->dim ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static int order_any(const void *a, const void *b)
{
    return cells_order(a, b);
}

static void add(struct history_cell *to, const struct history_cell *from)
{
    to->records += from->records;
    to->scored += from->scored;
    to->good += from->good;
    to->sum += from->sum;
    to->tokens = to->tokens > INT64_MAX - from->tokens ? INT64_MAX : to->tokens + from->tokens;
    to->tao += from->tao;
    to->with_tao += from->with_tao;
}

static struct history_cell cell_of(const struct record *r, double threshold)
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

/* ---- the day that is being added to ---- */

static struct history_cell *new_work(struct cells *c, int32_t day, uint32_t dim, int32_t index)
{
    c->work = grow_to(c->work, &c->work_cap, c->work_count + 1, sizeof *c->work);
    c->work[c->work_count] = (struct history_cell){.day = day, .dim = dim, .index = index};
    return &c->work[c->work_count++];
}

static struct history_cell *far_work(struct cells *c, int32_t day, uint32_t dim, int32_t index)
{
    for (size_t i = 0; i < c->work_count; i++)
        if (c->work[i].dim == dim && c->work[i].index == index)
            return &c->work[i];
    return new_work(c, day, dim, index);
}

static struct history_cell *work_of(struct cells *c, int32_t day, uint32_t dim, int32_t index)
{
    if (index < 0 || index >= CELL_NEAR || c->work_count >= UINT16_MAX)
        return far_work(c, day, dim, index);
    uint16_t *at = &c->near[dim][index];
    if (*at == 0) {
        new_work(c, day, dim, index);
        *at = (uint16_t)c->work_count;
    }
    return &c->work[*at - 1];
}

static void take_band(struct cells *c, int32_t day, double score)
{
    int bin = (int)(score * HISTORY_BINS);
    c->work_band.day = day;
    if (!isnan(score))
        c->work_band.bin[bin < HISTORY_BINS ? bin : HISTORY_BINS - 1]++;
}

static bool is_taken(const struct cells *c, const struct record *r)
{
    return !r->replaced && (r->kind != RECORD_SYNTHETIC || c->rules.count_synthetic);
}

void cells_take(struct cells *c, const struct record *r)
{
    int32_t day = day_of(r->t_ms);
    if (!is_taken(c, r))
        return;
    if (c->work_count > 0 && c->work[0].day != day)
        cells_settle(c);
    struct history_cell one = cell_of(r, c->rules.threshold);
    add(work_of(c, day, HISTORY_ALL, 0), &one);
    add(work_of(c, day, HISTORY_LLM, r->llm), &one);
    add(work_of(c, day, HISTORY_STRATEGY, r->strategy), &one);
    add(work_of(c, day, HISTORY_SUBNET, r->subnet), &one);
    take_band(c, day, r->score);
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

static void merge_band(struct cells *c, const struct history_band *band)
{
    size_t at = c->band_count;
    while (at > 0 && c->band[at - 1].day >= band->day)
        at--;
    if (at == c->band_count || c->band[at].day != band->day) {
        c->band = grow_to(c->band, &c->band_cap, c->band_count + 1, sizeof *c->band);
        memmove(c->band + at + 1, c->band + at, (c->band_count++ - at) * sizeof *c->band);
        c->band[at] = (struct history_band){.day = band->day};
    }
    for (int i = 0; i < HISTORY_BINS; i++)
        c->band[at].bin[i] += band->bin[i];
}

void cells_settle(struct cells *c)
{
    if (c->work_count == 0)
        return;
    qsort(c->work, c->work_count, sizeof *c->work, order_any);
    for (size_t i = 0; i < c->work_count; i++)
        merge_row(c, &c->work[i]);
    merge_band(c, &c->work_band);
    c->work_count = 0;
    memset(&c->work_band, 0, sizeof c->work_band);
    memset(c->near, 0, sizeof c->near);
}

void cells_release(struct cells *c)
{
    grow_free(c->row);
    grow_free(c->band);
    grow_free(c->work);
    *c = (struct cells){.rules = c->rules};
}
