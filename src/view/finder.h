/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The palette's list: the actions that the typed letters may mean, the likeliest first. */
#ifndef DAVY_VIEW_FINDER_H
#define DAVY_VIEW_FINDER_H

#include "view/grid.h"
#include "view/ui.h"

enum { FINDS = 64 };
struct find {
    int hint;      /* index into ui.hint */
    int score;     /* higher is likelier */
    uint32_t mark; /* bit i: letter i of its id was typed */
};
struct finds {
    int count;
    struct find row[FINDS];
};
/* By the first word of what is typed; the whole table when nothing is. */
void finder_look(struct finds *out, const struct ui *ui);
/* What stands behind the first word; "": nothing. */
const char *finder_argument(const char *typed);
void finder_draw(const struct ui *ui, struct grid screen);

/* How well the letters fit into the name, in their order: at the start of a word and next to each other counts most. -1: they
 * do not. mark may be NULL. */
int fuzzy_score(const char *name, const char *letters, size_t len, uint32_t *mark);

#endif
