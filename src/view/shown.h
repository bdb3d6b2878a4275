/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rows of a pane's list are shown: all, or those that its filter finds. */
#ifndef DAVY_VIEW_SHOWN_H
#define DAVY_VIEW_SHOWN_H

#include "view/view.h"

enum { SHOWN_MOST = 512 };
struct shown {
    int count, all;
    bool every; /* no filter: row i is row i */
    int16_t row[SHOWN_MOST];
};
void shown_of(struct shown *s, const struct model *m, const struct ui *ui, const struct pane *p);
int shown_row(const struct shown *s, int i);
const char *shown_filter(const struct ui *ui, const struct pane *p); /* "": none */
/* Marks what the pane's filter finds in g. */
void shown_mark(const struct ui *ui, const struct pane *p, struct grid g);
/* Instead of a list of which nothing is left. */
void draw_none(struct grid g, const struct ui *ui, const struct pane *p, const char *what);

#endif
