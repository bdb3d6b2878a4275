/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the pane of the scores is made of: its chart, and the tables behind it for the zoomed pane. */
#ifndef DAVY_VIEW_SCORES_PAGE_H
#define DAVY_VIEW_SCORES_PAGE_H

#include "view/pane.h"

void scores_page(const struct model *m, const struct ui *ui, struct flow *f);
/* The means over time with their limit; with all: the band of p10 to p90 around them, and how many tasks there were. */
void scores_chart(const struct model *m, const struct ui *ui, struct grid g, bool all);
#define SCORE_LIMIT 0.5
enum style score_style(double mean); /* amber below 0.6, bad below 0.5 */

#endif
