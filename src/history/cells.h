/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records that are too old to be kept one by one, summed up by day: all of them, and by LLM, strategy and subnet. Ten
 * million tasks of some years are a few megabytes. A record comes here once, when it leaves the store and nothing can replace
 * it any more, so nothing is ever taken out. */
#ifndef DAVY_HISTORY_CELLS_H
#define DAVY_HISTORY_CELLS_H

#include "history/history.h"

enum { CELL_NEAR = 256 };

struct cells { /* all zero is empty */
    struct history_rules rules;
    struct history_cell *row; /* by day, dim, index; grow.h */
    size_t count, cap;
    struct history_band *band; /* by day */
    size_t band_count, band_cap;
    struct history_cell *work; /* of the day that is being added to, in order of appearance */
    size_t work_count, work_cap;
    struct history_band work_band;
    uint16_t near[HISTORY_DIMS][CELL_NEAR]; /* where in work an index stands, + 1 */
};

void cells_take(struct cells *c, const struct record *r);
void cells_settle(struct cells *c); /* the day that is being added to goes into its row */
int cells_order(const struct history_cell *a, const struct history_cell *b);
void cells_release(struct cells *c);

#endif
