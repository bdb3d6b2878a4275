/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the zoomed auction pane tells, and the two rows that only a miner of ours gives. */
#ifndef DAVY_VIEW_AUCTION_PAGE_H
#define DAVY_VIEW_AUCTION_PAGE_H

#include "view/pane.h"

void auction_page(const struct model *m, const struct ui *ui, struct flow *f);

bool auction_has_past(const struct auction *a);
bool auction_has_endpoints(const struct auction *a);
void auction_strip(const struct auction *a, struct grid row); /* the last windows, the newest at the right: won, lost */
void auction_endpoints(const struct auction *a, struct grid row); /* which one is asked, and how the others are */

#endif
