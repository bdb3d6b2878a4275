/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where each pane goes. A plan (picked by width) is columns of rows of one or two panes; heights come from what the panes
 * need. What does not fit becomes one line (title and summary), and then disappears, the least important first. */
#ifndef DAVY_VIEW_LAYOUT_H
#define DAVY_VIEW_LAYOUT_H

#include "view/view.h"

enum slot_form { SLOT_HIDDEN, SLOT_LINE, SLOT_OPEN };
struct slot {
    enum slot_form form;
    int x, y, w, h; /* with its frame */
};
struct layout {
    bool boxed;                 /* frames all around; else a title line only */
    struct slot slot[PANE_MAX]; /* by index in panes[] */
};

/* For the area of w x h between header and footer. */
void layout_make(struct layout *out, const struct model *m, const struct ui *ui, int w, int h);
/* Cells that a frame takes off the pane's own width and height. */
int layout_side_cells(bool boxed);
int layout_frame_rows(bool boxed);
bool layout_is_boxed(int w, int h); /* of the screen */

#endif
