/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands around the panes, and what takes their place. */
#ifndef DAVY_VIEW_PARTS_H
#define DAVY_VIEW_PARTS_H

#include "view/layout.h"
#include "view/pieces.h"

void header_draw(const struct model *m, const struct ui *ui, struct grid row);
bool key_works(const struct key_hint *h, const struct pane *p); /* it does something while p has the focus */
void footer_draw(const struct model *m, const struct ui *ui, struct grid row);
bool entry_shown(const struct ui *ui); /* a line is being typed */
void entry_draw(const struct ui *ui, struct grid row);
bool entry_tells(const struct ui *ui, int w); /* the message fits behind the line */
void message_draw(const struct ui *ui, struct grid screen);
/* Under a question, or the output of a command, the footer's keys mean nothing. */
void view_hide_hints(const struct ui *ui, struct grid screen);
void help_draw(const struct model *m, const struct ui *ui, struct grid screen);

/* Screens too small for panes: worst alert and countdown. */
bool tiny_wanted(const struct ui *ui, int w, int h);
void tiny_draw(const struct model *m, struct grid screen);

/* A rig of which nothing was ever read: which files are waited for. */
bool empty_wanted(const struct model *m);
void empty_draw(const struct model *m, struct grid g);

/* A frame with title, age and error sentence; returns its inside. */
struct grid pane_frame(const struct model *m, const struct ui *ui, int pane, struct grid g, bool boxed);
void pane_line(const struct model *m, const struct ui *ui, int pane, struct grid row);

#endif
