/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/sums.h"

#include "model/scores_part.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 64, KEPT_FIRST = 16, TENTHS = 10 };

struct sum { /* one group */
    int64_t key;
    struct tally tally;
    int64_t first_ms, last_ms;
    double *score; /* while there are few; then bins */
    size_t kept, cap;
    uint32_t *bin;
};
struct sums {
    struct arena *arena;
    enum sums_by by;
    struct score_view rules; /* no records in it: only what counts as a success */
    const struct budgets_doc *prices;
    double *price; /* of names up to priced */
    size_t priced, price_room;
    struct sum **slot; /* by key, open addressing */
    size_t slots, count;
    struct sum *last, all;
};

/* ---- groups ---- */

static int64_t steps(int64_t t_ms, int64_t step_ms)
{
    return t_ms / step_ms - (t_ms % step_ms < 0);
}

static int64_t key_of(enum sums_by by, const struct record *r)
{
    const int64_t keys[SUMS_WAYS] = {
        [SUMS_LLM] = r->llm,
        [SUMS_STRATEGY] = r->strategy,
        [SUMS_SUBNET] = r->subnet,
        [SUMS_HOUR] = steps(r->t_ms, HOUR_MS),
        [SUMS_DAY] = steps(r->t_ms, DAY_MS),
    };
    return keys[by];
}

static size_t place_of(const struct sums *s, int64_t key)
{
    size_t mask = s->slots - 1, at = (size_t)((uint64_t)key * 0x9e3779b97f4a7c15u >> 32) & mask;
    while (s->slot[at] != NULL && s->slot[at]->key != key)
        at = (at + 1) & mask;
    return at;
}

static void make_room(struct sums *s)
{
    struct sums old = *s;
    if (s->slots > 0 && s->count < s->slots / 2)
        return;
    s->slots = old.slots ? old.slots * 2 : SLOTS_FIRST;
    s->slot = arena_array(s->arena, s->slots, sizeof(struct sum *));
    for (size_t i = 0; i < old.slots; i++)
        if (old.slot[i] != NULL)
            s->slot[place_of(s, old.slot[i]->key)] = old.slot[i];
}

static struct sum *sum_of(struct sums *s, int64_t key)
{
    if (s->last != NULL && s->last->key == key)
        return s->last;
    make_room(s);
    struct sum **slot = &s->slot[place_of(s, key)];
    if (*slot == NULL) {
        *slot = arena_alloc(s->arena, sizeof **slot);
        (*slot)->key = key;
        s->count++;
    }
    return s->last = *slot;
}

/* ---- adding ---- */

static void put_bin(struct sum *x, double score)
{
    x->bin[(int)(score * SUMS_STEPS + 0.5)]++;
}

static void use_bins(struct arena *a, struct sum *x)
{
    x->bin = arena_array(a, SUMS_STEPS + 1, sizeof *x->bin);
    for (size_t i = 0; i < x->kept; i++)
        put_bin(x, x->score[i]);
}

static void put_score(struct arena *a, struct sum *x, double score)
{
    if (x->bin == NULL && x->kept == SUMS_EXACT)
        use_bins(a, x);
    if (x->bin != NULL) {
        put_bin(x, score);
        return;
    }
    if (x->kept == x->cap) {
        size_t cap = x->cap ? x->cap * 2 : KEPT_FIRST, size = sizeof *x->score;
        x->score = arena_grow(a, x->score, x->kept * size, cap * size);
        x->cap = cap;
    }
    x->score[x->kept++] = score;
}

/* The view's prices are by name, and names come as the history is read. */
static void know_prices(struct sums *s, const struct history *h)
{
    size_t count = history_name_count(h), size = sizeof *s->price;
    if (count <= s->priced)
        return;
    if (count > s->price_room) {
        s->price_room = count * 2;
        s->price = arena_grow(s->arena, s->price, s->priced * size, s->price_room * size);
    }
    for (; s->priced < count; s->priced++)
        s->price[s->priced] = score_price(s->prices, history_name(h, (uint16_t)s->priced));
    s->rules.price = s->price;
}

static void add(struct sums *s, struct sum *x, const struct record *r)
{
    if (x->tally.records == 0 || r->t_ms < x->first_ms)
        x->first_ms = r->t_ms;
    if (x->tally.records == 0 || r->t_ms > x->last_ms)
        x->last_ms = r->t_ms;
    tally_add(&x->tally, &s->rules, r);
    if (!isnan(r->score))
        put_score(s->arena, x, r->score);
}

void sums_add(struct sums *s, const struct history *h, const struct record *r)
{
    know_prices(s, h);
    add(s, &s->all, r);
    if (s->by != SUMS_ALL)
        add(s, sum_of(s, key_of(s->by, r)), r);
}

struct sums *sums_new(struct arena *a, enum sums_by by, const struct settings *settings,
                      const struct budgets_doc *prices)
{
    struct sums *s = arena_alloc(a, sizeof *s);
    s->arena = a;
    s->by = by;
    s->rules = score_view_at(NULL, settings, 0);
    s->prices = prices;
    return s;
}

/* ---- what came of it ---- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double ranked(const struct sum *x, const double *sorted, int64_t rank)
{
    if (sorted != NULL)
        return sorted[rank - 1];
    int i = 0;
    for (int64_t seen = x->bin[0]; seen < rank; seen += x->bin[++i])
        ;
    return (double)i / SUMS_STEPS;
}

static void put_percentiles(struct arena *a, const struct sum *x, struct sums_row *row)
{
    double *sorted = NULL, *const to[] = {&row->p10, &row->p50, &row->p90};
    static const int tenths[] = {1, 5, 9};
    int64_t count = x->tally.count;
    if (x->bin == NULL && count > 0) {
        sorted = arena_array(a, x->kept, sizeof *sorted);
        memcpy(sorted, x->score, x->kept * sizeof *sorted);
        qsort(sorted, x->kept, sizeof *sorted, by_size);
    }
    for (size_t i = 0; i < sizeof to / sizeof to[0]; i++)
        *to[i] = count > 0 ? ranked(x, sorted, (count * tenths[i] + TENTHS - 1) / TENTHS) : (double)NAN;
}

static struct sums_row row_of(struct arena *a, const struct sums *s, const struct sum *x)
{
    struct sums_row row = {.group = score_group_of(&x->tally, s->all.tally.records), .records = x->tally.records};
    row.first_ms = x->tally.records > 0 ? x->first_ms : NOT_KNOWN;
    row.last_ms = x->tally.records > 0 ? x->last_ms : NOT_KNOWN;
    put_percentiles(a, x, &row);
    return row;
}

static void put_name(struct arena *a, const struct sums *s, const struct history *h, int64_t key, struct sums_row *row)
{
    char text[TIME_TEXT];
    if (s->by == SUMS_HOUR || s->by == SUMS_DAY) {
        row->start_ms = key * (s->by == SUMS_HOUR ? HOUR_MS : DAY_MS);
        time_iso(text, row->start_ms);
        row->group.name = arena_text(a, "%.*s", s->by == SUMS_DAY ? 10 : TIME_TEXT, text);
    } else if (s->by == SUMS_SUBNET) {
        row->group.name = key < 0 ? "unknown" : arena_text(a, "%lld", (long long)key);
    } else {
        row->group.name = key == 0 ? "unknown" : history_name(h, (uint16_t)key);
    }
}

static int by_time(const void *left, const void *right)
{
    const struct sums_row *a = left, *b = right;
    return a->start_ms < b->start_ms ? -1 : a->start_ms > b->start_ms;
}

/* The group stands first in its row. */
static int by_merit(const void *left, const void *right)
{
    return score_group_order(left, right);
}

size_t sums_rows(struct arena *a, const struct sums *s, const struct history *h, const struct sums_row **rows)
{
    struct sums_row *row = arena_array(a, s->count, sizeof *row);
    bool times = s->by == SUMS_HOUR || s->by == SUMS_DAY;
    size_t n = 0;
    for (size_t i = 0; i < s->slots; i++) {
        if (s->slot[i] == NULL)
            continue;
        row[n] = row_of(a, s, s->slot[i]);
        put_name(a, s, h, s->slot[i]->key, &row[n++]);
    }
    qsort(row, n, sizeof *row, times ? by_time : by_merit);
    if (n > 0 && !times)
        row[0].group.best = score_group_is_best(&row[0].group);
    *rows = row;
    return n;
}

struct sums_row sums_total(struct arena *a, const struct sums *s)
{
    struct sums_row row = row_of(a, s, &s->all);
    row.group.name = "all";
    return row;
}
