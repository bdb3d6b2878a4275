/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One alert, in a line or in full: headline, facts, reason, steps. All widths are those of the pane's inside. */
#ifndef DAVY_VIEW_ALERT_ROWS_H
#define DAVY_VIEW_ALERT_ROWS_H

#include "view/pane.h"

int alert_width(int w); /* what of it is used: nobody reads a line across 200 cells */
int alert_head_rows(const struct alert *x, int w);
int alert_fact_rows(const struct alert *x, int w);
int alert_full_rows(const struct alert *x, int w);
void alert_draw_full(const struct model *m, const struct ui *ui, const struct alert *x, struct grid g, int y, int rows,
                     bool selected);
void alert_draw_line(const struct model *m, const struct alert *x, struct grid g, bool selected);

#endif
