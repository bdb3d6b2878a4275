/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks that are older than the newest: a piece of the history's file, read when somebody looks there. Rows count from the
 * newest line with a task, 0, in the order of the file. */
#ifndef DAVY_MODEL_TASK_PAGE_H
#define DAVY_MODEL_TASK_PAGE_H

#include "model/scores.h"

struct task_page {
    int64_t total;               /* rows of the file */
    int64_t first;               /* of the rows below */
    const struct task_line *row; /* newest first; llm NULL: this one could not be read */
    size_t count;
};

/* The lines of one task as they stand in the file, member by member: its record, and, when that is near, what was executed. */
struct task_record {
    uint64_t line; /* task_line.line */
    const char *const *text;
    size_t count; /* 0: it cannot be read any more */
};

#endif
