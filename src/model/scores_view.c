/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/scores_part.h"

#include <math.h>

static size_t first_after(const struct record *rec, size_t count, int64_t t_ms)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rec[middle].t_ms <= t_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct score_view score_view_at(const struct history *h, const struct settings *s, int64_t now_ms)
{
    struct score_view v = {
        .history = h, .now_ms = now_ms, .threshold = s->success_threshold, .synthetic = s->count_synthetic};
    if (!h)
        return v;
    size_t total = history_record_count(h);
    v.rec = history_records(h);
    v.count = first_after(v.rec, total, now_ms + HISTORY_SKEW_MS);
    v.past = first_after(v.rec, v.count, now_ms);
    return v;
}

bool score_counts(const struct score_view *v, const struct record *r)
{
    return !r->replaced && (r->kind != RECORD_SYNTHETIC || v->synthetic);
}

size_t score_after(const struct score_view *v, int64_t t_ms)
{
    return first_after(v->rec, v->count, t_ms);
}

int64_t tokens_add(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

double or_not_known(double x)
{
    return isfinite(x) ? x : (double)NAN;
}

double ratio(double part, double whole)
{
    return whole == 0 ? (double)NAN : or_not_known(part / whole);
}

static double cost_of(const struct score_view *v, size_t name, int64_t tokens)
{
    if (tokens == 0)
        return 0;
    return v->price ? v->price[name] * ((double)tokens / 1000) : (double)NAN;
}

/* Of a strategy or a subnet nobody knows any more which LLM spent the tokens. */
void tally_cell(struct tally *t, const struct score_view *v, const struct history_cell *c)
{
    bool llm = c->dim == HISTORY_LLM;
    t->records += (int64_t)c->records;
    t->tokens = tokens_add(t->tokens, c->tokens);
    t->cost += llm ? cost_of(v, (size_t)c->index, c->tokens) : c->tokens ? (double)NAN : 0;
    t->tao += c->tao;
    t->has_tao = t->has_tao || c->with_tao > 0;
    t->count += (int64_t)c->scored;
    t->sum += c->sum;
    t->successes += (double)c->good;
}

void tally_add(struct tally *t, const struct score_view *v, const struct record *r)
{
    t->records++;
    t->tokens = tokens_add(t->tokens, r->tokens);
    t->cost += cost_of(v, r->llm, r->tokens);
    if (!isnan(r->tao)) {
        t->tao += r->tao;
        t->has_tao = true;
    }
    if (isnan(r->score))
        return;
    t->count++;
    t->sum += r->score;
    t->successes += r->score > v->threshold;
}

struct score_window tally_window(const struct tally *t)
{
    return (struct score_window){.count = t->count,
                                 .mean = ratio(t->sum, (double)t->count),
                                 .success = ratio(t->successes, (double)t->count),
                                 .tokens = t->tokens,
                                 .records = t->records,
                                 .tao = t->has_tao ? or_not_known(t->tao) : (double)NAN,
                                 .roi = t->has_tao ? ratio(t->tao, (double)t->tokens / 1000) : (double)NAN,
                                 .cost_usd = or_not_known(t->cost)};
}
