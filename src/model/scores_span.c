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
};

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

struct score_hour *score_points(struct arena *a, const struct score_view *v, int64_t step_ms, int count)
{
    struct score_hour *point = arena_array(a, (size_t)count, sizeof *point);
    int64_t day = day_start(v->now_ms), first = day + (v->now_ms - day) / step_ms * step_ms - (count - 1) * step_ms;
    for (int i = 0; i < count; i++)
        point[i] = (struct score_hour){.start_ms = first + i * step_ms, .mean = NAN, .low = NAN, .high = NAN};
    for (size_t i = score_after(v, first - 1); i < v->past; i++)
        if (score_counts(v, &v->rec[i]))
            point_add(&point[(v->rec[i].t_ms - first) / step_ms], &v->rec[i]);
    for (int i = 0; i < count; i++)
        point[i].mean = ratio(point[i].mean, (double)point[i].count);
    return point;
}

struct score_span score_span_at(struct arena *a, const struct score_view *v, enum score_range range)
{
    struct score_span s = {.range = range, .oldest_ms = v->past > 0 ? v->rec[0].t_ms : NOT_KNOWN};
    struct tally t = {0};
    if (range == RANGE_FIT)
        return s;
    s.after_ms = v->now_ms - ranges[range].ms;
    s.points = (int)(ranges[range].ms / ranges[range].step_ms) + 1; /* the last one has only begun */
    s.point = score_points(a, v, ranges[range].step_ms, s.points);
    for (size_t i = score_after(v, s.after_ms); i < v->past; i++)
        if (score_counts(v, &v->rec[i]))
            tally_add(&t, v, &v->rec[i]);
    s.all = tally_window(&t);
    s.groups = score_groups_after(a, v, s.after_ms);
    return s;
}
