/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the part "scores" share: the history as seen at one moment. Private to scores*.c, budgets*.c and sums.c. */
#ifndef DAVY_MODEL_SCORES_PART_H
#define DAVY_MODEL_SCORES_PART_H

#include "base/timetext.h"
#include "model/scores.h"

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)

struct score_view {
    const struct history *history;
    const struct record *rec;
    size_t count; /* records that are not future: t <= now + 60 s */
    size_t past;  /* records with t <= now: what windows of time can hold */
    int64_t now_ms;
    double threshold;    /* success is score > this */
    bool synthetic;      /* test_N rows count */
    const double *price; /* USD of 1,000 tokens, by name; NULL, NAN: not known */
};
/* h may be NULL: then there are no records. */
struct score_view score_view_at(const struct history *h, const struct settings *s, int64_t now_ms);
bool score_counts(const struct score_view *v, const struct record *r); /* not replaced, not a self-test */
size_t score_after(const struct score_view *v, int64_t t_ms);          /* index of the first record later than t_ms */
int64_t tokens_add(int64_t a, int64_t b);                              /* both >= 0; stops at INT64_MAX */
double or_not_known(double x);                                         /* NAN instead of an infinity */
double ratio(double part, double whole);                               /* NAN when whole is 0 */

/* Sums while a window or a group is filled. */
struct tally {
    int64_t count, records, tokens;
    double sum, successes, tao, cost; /* cost: NAN when not known */
    bool has_tao;
};
void tally_add(struct tally *t, const struct score_view *v, const struct record *r);
struct score_window tally_window(const struct tally *t);

double score_price(const struct budgets_doc *doc, const char *llm); /* NAN: doc NULL, or it does not say */
const double *score_prices(struct arena *a, const struct docs *docs);

/* Hours and days older than the records, summed up (history.h). They count whole. */
struct score_days {
    const struct history_cell *cell;
    const struct history_band *band;
    size_t cells, bands;
};
struct score_days score_days_after(const struct score_view *v, int64_t after_ms); /* of the past; may be none */
int64_t score_days_oldest(const struct score_view *v); /* when the first one begins; NOT_KNOWN: none */
/* Those with a moment in (after, until]. Of two edges: none of them counts on both sides. */
struct score_days score_days_between(const struct score_view *v, int64_t after_ms, int64_t until_ms);
/* after_ms, or the last moment before its hour or day when that one is summed up. */
int64_t score_days_edge(const struct score_view *v, int64_t after_ms);
int64_t
score_days_unit(const struct score_days *d); /* the length of the longest one, which is the first; 0: there are none */
int64_t score_cell_start(const struct history_cell *c);
int64_t score_band_start(const struct history_band *b);
void tally_cell(struct tally *t, const struct score_view *v, const struct history_cell *c);

/* How many scores lie where, for percentiles. */
struct score_bins {
    uint64_t bin[HISTORY_BINS], count;
};
void bins_add(struct score_bins *b, double score); /* NAN: none */
void bins_band(struct score_bins *b, const struct history_band *band);
double bins_at(const struct score_bins *b, double fraction); /* NAN: no scores */

struct score_group score_group_of(const struct tally *t, int64_t all_records); /* without its name */
int score_group_order(const void *left, const void *right);                    /* for qsort(): best first */
bool score_group_is_best(const struct score_group *first); /* of those in order: it has enough tasks to be called so */
struct score_groups score_groups_after(struct arena *a, const struct score_view *v, int64_t after_ms); /* an edge */
/* count points of step_ms each, the last one holds now. */
struct score_hour *score_points(struct arena *a, const struct score_view *v, int64_t step_ms, int count);
struct score_span score_span_at(struct arena *a, const struct score_view *v, enum score_range range);
void scores_recent(struct arena *a, const struct score_view *v, struct scores *out); /* last N tasks: windows, lists */

#endif
