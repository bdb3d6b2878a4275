/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records that are too old to be kept one by one, summed up by hour: all of them, and by LLM, strategy and subnet. Hours that
 * are older than the newest CELLS_HOURS days are put together as days, some days at a time. Ten million tasks of some years
 * are a few megabytes. A record comes here once, when it leaves the store and nothing can replace
 * it any more, so nothing is ever taken out. */
#ifndef DAVY_HISTORY_CELLS_H
#define DAVY_HISTORY_CELLS_H

#include "history/history.h"

/* CELLS_STEP: so many more days of hours there may be before they become days. */
enum { CELL_NEAR = 256, CELLS_HOURS = 16, CELLS_STEP = 8 };

struct cells { /* all zero is empty */
    struct history_rules rules;
    struct history_cell *row; /* by day, hour, dim, index; grow.h */
    size_t count, cap;
    struct history_band *band; /* by day, hour */
    size_t band_count, band_cap;
    int32_t hours_from;        /* the first day that has hours */
    struct history_cell *work; /* of the hour or day that is being added to, in order of appearance */
    size_t work_count, work_cap;
    struct history_band work_band;
    uint16_t near[HISTORY_DIMS][CELL_NEAR]; /* where in work an index stands, + 1 */
};

void cells_take(struct cells *c, const struct record *r);
void cells_settle(struct cells *c); /* what is being added to goes into its rows */
int cells_order(const struct history_cell *a, const struct history_cell *b);
void cells_release(struct cells *c);

#endif
