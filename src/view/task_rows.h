/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of all tasks: the newest are in the model, the others are pages of the history's file, which the screen's owner
 * reads where somebody looks. */
#ifndef DAVY_VIEW_TASK_ROWS_H
#define DAVY_VIEW_TASK_ROWS_H

#include "model/model.h"
#include "view/shown.h"

int task_rows(const struct model *m); /* of the time that is looked at; without a filter */

struct task_list {
    int count, all; /* rows that are shown, of so many */
    const struct task_find
        *find;          /* of the filter, as far as it was searched; NULL: there is none, or nobody searches */
    struct shown shown; /* without find */
};
void task_list_of(struct task_list *l, const struct model *m, const struct ui *ui);
/* NULL: it is not read yet, or cannot be. */
const struct task_line *task_listed(const struct task_list *l, const struct model *m, int i);
const struct task_line *task_selected(const struct model *m, const struct ui *ui); /* likewise */
/* How far the search is, while it goes on or waits for the history to be read; NULL: it does not. */
const char *task_list_progress(struct arena *a, const struct model *m, const struct task_list *l);

/* task_detail.c: what is told of the selected task on Enter. */
const char *task_text(struct arena *a, const struct task_line *t); /* one sentence */
/* NULL: not read yet, or it cannot be. */
const struct task_record *task_record_of(const struct model *m, const struct task_line *t);
/* Rows under the selected one in such a list; 0: details are not shown. */
int task_detail_rows(const struct model *m, const struct ui *ui, struct grid g);
/* Draws what is in sight of it; the number of rows. */
int task_detail_draw(const struct model *m, const struct ui *ui, const struct task_line *t, struct grid g);

#endif
