/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of all tasks: the newest are in the model, the others are pages of the history's file, which the screen's owner
 * reads where somebody looks. */
#ifndef DAVY_VIEW_TASK_ROWS_H
#define DAVY_VIEW_TASK_ROWS_H

#include "model/model.h"
#include "view/ui.h"

int task_rows(const struct model *m); /* of the time that is looked at; without a filter */
/* NULL: it is not read yet, or cannot be. */
const struct task_line *task_row(const struct model *m, int i);

const struct task_line *task_selected(const struct model *m, const struct ui *ui); /* likewise */

#endif
