/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands where on a frame, for the mouse: noted while drawing, and only when somebody asked. */
#ifndef DAVY_VIEW_HITS_H
#define DAVY_VIEW_HITS_H

#include "view/grid.h"

enum hit_kind { HIT_NONE, HIT_PANE, HIT_ROW, HIT_HINT, HIT_FIND };
struct hit {
    enum hit_kind kind;
    int what; /* index: in panes[], the row of its list (as its cursor counts), in ui.hint, in the palette's list */
    int x, y, w, h;
};
enum { HITS_MOST = 512 };
struct hits {
    int count;
    struct hit hit[HITS_MOST];
};
void hits_note(struct grid g, enum hit_kind kind, int what); /* all of g is that */
/* The last one of that kind that was noted there: what was drawn later lies above. HIT_NONE as its kind: none. */
struct hit hits_at(const struct hits *h, enum hit_kind kind, int x, int y);

#endif
