/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the pane of the stages shows when it is zoomed, and what both of its forms share. */
#ifndef DAVY_VIEW_STAGES_PAGE_H
#define DAVY_VIEW_STAGES_PAGE_H

#include "view/pane.h"

struct stage_mark {
    enum glyph glyph;
    enum style style;
};
struct stage_mark stage_mark_of(enum stage_state s);
/* A stage at the width of its segment: the whole name, a short one, or its number. */
const char *stage_name_for(const struct stage_line *s, int width);
void stages_run_row(const struct model *m, const struct stage_run *r, struct grid row);
enum style stages_run_style(enum run_state s);
char32_t stages_run_glyph(enum run_state s);

int stages_page_items(const struct model *m); /* rows that can be selected: stages, runs, events */
/* Rows of what the selected row opened that do not fit below it: they are scrolled. */
int stages_page_hidden(const struct model *m, const struct ui *ui, int w, int h);
void stages_page(const struct model *m, const struct ui *ui, struct grid g);

#endif
