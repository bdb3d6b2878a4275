/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables behind the scores, for the zoomed pane. */
#ifndef DAVY_VIEW_SCORES_PAGE_H
#define DAVY_VIEW_SCORES_PAGE_H

#include "view/pane.h"

void scores_page(const struct model *m, const struct ui *ui, struct flow *f);
enum style score_style(double mean); /* amber below 0.6, bad below 0.5 */

#endif
