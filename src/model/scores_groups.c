/* SPDX-License-Identifier: GPL-2.0-or-later */
/* By LLM, strategy and subnet. Best first: the highest mean of those with at least 10 scored tasks, ties by
 * more tasks, then by name; those with fewer follow in the same order. */
#include "model/scores_part.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BEST_LEAST = 10 };

/* Means that differ only by the order of their additions are a tie. Rounded, not compared with a tolerance: an order
 * must be transitive. Unknown means go last. */
static double mean_rank(const struct score_group *g)
{
    return g->count ? round(g->mean * 1e9) : -1;
}

int score_group_order(const void *left, const void *right)
{
    const struct score_group *a = left, *b = right;
    bool a_enough = a->count >= BEST_LEAST, b_enough = b->count >= BEST_LEAST;
    if (a_enough != b_enough)
        return a_enough ? -1 : 1;
    if (mean_rank(a) != mean_rank(b))
        return mean_rank(a) > mean_rank(b) ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return strcmp(a->name, b->name);
}

bool score_group_is_best(const struct score_group *first)
{
    return first->count >= BEST_LEAST;
}

struct score_group score_group_of(const struct tally *t, int64_t all_records)
{
    struct score_window w = tally_window(t);
    return (struct score_group){.count = w.count,
                                .mean = w.mean,
                                .success = w.success,
                                .tokens = w.tokens,
                                .share = ratio((double)t->records, (double)all_records),
                                .tao = w.tao,
                                .roi = w.roi,
                                .cost_usd = w.cost_usd};
}

/* One way of grouping: which key a record has (0: not known), and what a key is called. */
struct grouping {
    enum history_dim dim;
    size_t (*cell_key)(const struct history_cell *c);
    size_t (*key)(const struct record *r);
    const char *(*name)(struct arena *a, const struct score_view *v, size_t key);
};

static size_t llm_key(const struct record *r)
{
    return r->llm;
}

static size_t strategy_key(const struct record *r)
{
    return r->strategy;
}

static size_t subnet_key(const struct record *r)
{
    return (size_t)(r->subnet + 1);
}

static size_t cell_name_key(const struct history_cell *c)
{
    return (size_t)c->index;
}

static size_t cell_subnet_key(const struct history_cell *c)
{
    return (size_t)(c->index + 1);
}

static const char *text_name(struct arena *a, const struct score_view *v, size_t key)
{
    (void)a; /* the history's names may move with its next block: the caller copies */
    return history_name(v->history, (uint16_t)key);
}

static const char *subnet_name(struct arena *a, const struct score_view *v, size_t key)
{
    (void)v;
    return arena_text(a, "%zu", key - 1);
}

static const char *group_name(struct arena *a, const struct score_view *v, const struct grouping *by, size_t key)
{
    return key ? arena_copy(a, bytes_of(by->name(a, v, key))) : "unknown";
}

static size_t key_limit(const struct score_view *v, size_t from, const struct score_days *days,
                        const struct grouping *by)
{
    size_t limit = 1;
    for (size_t i = from; i < v->past; i++)
        if (by->key(&v->rec[i]) >= limit)
            limit = by->key(&v->rec[i]) + 1;
    for (size_t i = 0; i < days->cells; i++)
        if (days->cell[i].dim == by->dim && by->cell_key(&days->cell[i]) >= limit)
            limit = by->cell_key(&days->cell[i]) + 1;
    return limit;
}

static void tally_all(struct tally *t, const struct score_view *v, size_t from, const struct score_days *days,
                      const struct grouping *by)
{
    for (size_t i = 0; i < days->cells; i++)
        if (days->cell[i].dim == by->dim)
            tally_cell(&t[by->cell_key(&days->cell[i])], v, &days->cell[i]);
    for (size_t i = from; i < v->past; i++)
        if (score_counts(v, &v->rec[i]))
            tally_add(&t[by->key(&v->rec[i])], v, &v->rec[i]);
}

static size_t count_filled(const struct tally *t, size_t limit, int64_t *records)
{
    size_t filled = 0;
    *records = 0;
    for (size_t k = 0; k < limit; k++) {
        filled += t[k].records > 0;
        *records += t[k].records;
    }
    return filled;
}

static const struct score_group *groups(struct arena *a, const struct score_view *v, const struct grouping *by,
                                        int64_t after_ms, size_t *count)
{
    struct score_days days = score_days_after(v, after_ms);
    size_t from = score_after(v, after_ms), limit = key_limit(v, from, &days, by), n = 0;
    struct tally *t = arena_array(a, limit, sizeof *t);
    int64_t records;
    tally_all(t, v, from, &days, by);
    *count = count_filled(t, limit, &records);
    struct score_group *g = arena_array(a, *count, sizeof *g);
    for (size_t k = 0; k < limit; k++) {
        if (!t[k].records)
            continue;
        g[n] = score_group_of(&t[k], records);
        g[n++].name = group_name(a, v, by, k);
    }
    qsort(g, n, sizeof *g, score_group_order);
    if (n)
        g[0].best = score_group_is_best(&g[0]);
    return g;
}

/* Where the tasks of a strategy were done: most of them. */
static int32_t main_subnet(struct arena *a, const struct score_view *v, const struct grouping *by, int64_t after_ms,
                           const char *strategy)
{
    const struct score_days none = {0};
    size_t from = score_after(v, after_ms), limit = key_limit(v, from, &none, by), most = 0;
    int64_t *count = arena_array(a, limit, sizeof *count);
    for (size_t i = from; i < v->past; i++) {
        const struct record *r = &v->rec[i];
        if (score_counts(v, r) && r->strategy && strcmp(history_name(v->history, r->strategy), strategy) == 0)
            count[by->key(r)]++;
    }
    for (size_t k = 1; k < limit; k++)
        if (count[k] > (most ? count[most] : 0))
            most = k;
    return (int32_t)most - 1;
}

struct score_groups score_groups_after(struct arena *a, const struct score_view *v, int64_t after_ms)
{
    static const struct grouping by_llm = {HISTORY_LLM, cell_name_key, llm_key, text_name},
                                 by_strategy = {HISTORY_STRATEGY, cell_name_key, strategy_key, text_name},
                                 by_subnet = {HISTORY_SUBNET, cell_subnet_key, subnet_key, subnet_name};
    struct score_groups out;
    out.llm = groups(a, v, &by_llm, after_ms, &out.llm_count);
    out.strategy = groups(a, v, &by_strategy, after_ms, &out.strategy_count);
    out.subnet = groups(a, v, &by_subnet, after_ms, &out.subnet_count);
    bool best = out.strategy_count && out.strategy[0].best;
    out.best_subnet = best ? main_subnet(a, v, &by_subnet, after_ms, out.strategy[0].name) : -1;
    return out;
}
