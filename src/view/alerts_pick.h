/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The alerts that the filter of their pane finds. */
#ifndef DAVY_VIEW_ALERTS_PICK_H
#define DAVY_VIEW_ALERTS_PICK_H

#include "view/view.h"

/* The model as the filter leaves it: with the alerts that it finds, as if there were no others. */
enum { PICKED_MOST = 128 };
struct picked {
    struct model model;
    struct alert alert[PICKED_MOST];
};
const struct model *alerts_pick(struct picked *p, const struct model *m, const struct ui *ui); /* m itself: no filter */
int alerts_list(const struct model *m, const struct ui *ui, const struct needle *n, int16_t *row, int most);

#endif
