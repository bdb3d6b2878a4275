/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the part "budgets" share. Private to budgets*.c. */
#ifndef DAVY_MODEL_BUDGETS_PART_H
#define DAVY_MODEL_BUDGETS_PART_H

#include "model/budgets.h"
#include "model/scores_part.h"

/* The month of the budgets: from 00:00 UTC of the reset day to that of the next month. A reset day that a month does
 * not have is its last day. */
struct budget_cycle {
    int64_t start_ms, end_ms;
};
struct budget_cycle budget_cycle_at(int64_t reset_day, int64_t now_ms);

struct budget_use {      /* of one LLM in the last 7 days of the history */
    const char *name;    /* borrowed from the history */
    int64_t today, week; /* tokens */
    int64_t records;
    bool budgeted; /* the file has an entry for it */
};
struct budget_uses {
    struct budget_use *use; /* by name; only those with records */
    size_t count;
    bool any;    /* the history has records in the last 7 days, of whatever LLM */
    double days; /* how much of the last 7 days the history covers */
};
struct budget_uses budget_uses_at(struct arena *a, const struct score_view *v);
struct budget_use *budget_use_of(const struct budget_uses *u, const char *api); /* NULL: none in 7 days */

#endif
