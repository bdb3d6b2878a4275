/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is counted in tasks instead of time: the last 10, 20, 50 scored tasks, and the lists of the panes. A window of N
 * tasks holds these N scored tasks and nothing else. */
#include "model/scores_part.h"

#include <math.h>

enum { LEAST = 10 /* samples on each side of a comparison */ };

/* The newest scored records, newest first; how many there are. */
static size_t newest_scored(const struct score_view *v, const struct record *found[SPARK_SCORES])
{
    size_t n = 0;
    for (size_t i = v->count; i-- && n < SPARK_SCORES;)
        if (score_counts(v, &v->rec[i]) && !isnan(v->rec[i].score))
            found[n++] = &v->rec[i];
    return n;
}

/* Tasks number from+1 .. from+size counted back from the newest; added oldest first, as every other sum. */
static struct score_window window(const struct score_view *v, const struct record **found, size_t n, size_t from,
                                  size_t size)
{
    struct tally t = {0};
    for (size_t i = from + size < n ? from + size : n; i-- > from;)
        tally_add(&t, v, found[i]);
    return tally_window(&t);
}

/* How much b lies above r, relative to b: the drop. NAN unless both have enough tasks. */
static double drop(const struct score_window *b, const struct score_window *r)
{
    if (b->count < LEAST || r->count < LEAST || !(b->mean > 0))
        return (double)NAN;
    return (b->mean - r->mean) / b->mean;
}

static const struct task_line *tasks(struct arena *a, const struct score_view *v, size_t *count, size_t *skipped)
{
    size_t n = 0, most = v->count < TASK_LINES ? v->count : TASK_LINES;
    struct task_line *line = arena_array(a, most, sizeof *line);
    for (size_t i = v->count; i-- && n < most;) {
        const struct record *r = &v->rec[i];
        *skipped += r->replaced;
        if (r->replaced)
            continue;
        line[n++] = (struct task_line){.t_ms = r->t_ms,
                                       .score = r->score,
                                       .tokens = r->tokens,
                                       .llm = arena_copy(a, bytes_of(history_name(v->history, r->llm))),
                                       .strategy = arena_copy(a, bytes_of(history_name(v->history, r->strategy))),
                                       .subnet = r->subnet,
                                       .kind = (enum record_kind)r->kind,
                                       .line = r->line};
    }
    *count = n;
    return line;
}

static int64_t oldest_pending(const struct score_view *v)
{
    for (size_t i = 0; i < v->count; i++)
        if (v->rec[i].kind == RECORD_PENDING && !v->rec[i].replaced)
            return v->rec[i].t_ms;
    return NOT_KNOWN;
}

static int64_t newest(const struct score_view *v)
{
    for (size_t i = v->count; i--;)
        if (score_counts(v, &v->rec[i]))
            return v->rec[i].t_ms;
    return NOT_KNOWN;
}

void scores_recent(struct arena *a, const struct score_view *v, struct scores *out)
{
    const struct record *found[SPARK_SCORES];
    size_t n = newest_scored(v, found);
    out->last10 = window(v, found, n, 0, 10);
    out->last20 = window(v, found, n, 0, 20);
    out->prev10 = window(v, found, n, 10, 10);
    out->prev50 = window(v, found, n, 10, 50);
    out->drop_last10 = drop(&out->prev50, &out->last10);
    out->label = -drop(&out->prev10, &out->last10);
    out->trend_7d = drop(&out->prev7d, &out->d7);
    double *recent = arena_array(a, n, sizeof *recent);
    for (size_t i = 0; i < n; i++)
        recent[i] = found[n - 1 - i]->score;
    out->recent = recent;
    out->recent_count = n;
    out->task = tasks(a, v, &out->task_count, &out->task_skipped);
    out->oldest_pending_ms = oldest_pending(v);
    out->last_ms = newest(v);
}
