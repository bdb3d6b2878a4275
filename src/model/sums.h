/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of a history of any length, summed up one after the other: by LLM, strategy, subnet, hour or day. What a number means
 * is as in the part "scores". The memory taken grows with the groups, not with the records. */
#ifndef DAVY_MODEL_SUMS_H
#define DAVY_MODEL_SUMS_H

#include "model/budgets.h"
#include "model/scores.h"

enum sums_by { SUMS_ALL, SUMS_LLM, SUMS_STRATEGY, SUMS_SUBNET, SUMS_HOUR, SUMS_DAY, SUMS_WAYS };

/* Percentiles by nearest rank: exact up to SUMS_EXACT scored tasks of a group, beyond that rounded to 1/SUMS_STEPS. */
enum { SUMS_EXACT = 250, SUMS_STEPS = 500 };

struct sums_row {
    struct score_group group; /* name: ISO 8601 of hours and days; share: of all records */
    int64_t start_ms;         /* of hours and days */
    int64_t records;
    double p10, p50, p90;      /* of the scores; NAN */
    int64_t first_ms, last_ms; /* NOT_KNOWN without records */
};
struct sums;
/* prices: NULL: not known. They and settings must live as long. */
struct sums *sums_new(struct arena *a, enum sums_by by, const struct settings *s, const struct budgets_doc *prices);
void sums_add(struct sums *s, const struct history *h, const struct record *r); /* whatever the caller wants to count */
/* Best first; hours and days in the order of time. */
size_t sums_rows(struct arena *a, const struct sums *s, const struct history *h, const struct sums_row **rows);
struct sums_row sums_total(struct arena *a, const struct sums *s); /* of all that was added */

#endif
