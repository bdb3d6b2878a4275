/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of the list of tasks, and the lines of one of them. A look costs two or three pieces, however long the file is. */
#ifndef DAVY_SOURCE_TASK_PAGES_H
#define DAVY_SOURCE_TASK_PAGES_H

#include "model/task_page.h"
#include "source/task_piece.h"

struct task_pages {
    struct pieces pieces;
    int64_t first, count; /* what is wanted: rows from the newest; count 0: nothing */
    struct arena arena[2];
    bool live;
    uint64_t record_line; /* of the task that somebody opened */
    bool record_wanted;
    struct task_record *record; /* what was read of it; NULL: not yet */
    struct arena record_arena[2];
    bool record_live;
};

/* The rows that are wanted, of the file behind fd; NULL when there are none. Valid until the call after the next. h knows which
 * were replaced; NULL: nobody does. */
const struct task_page *task_pages_read(struct task_pages *p, const struct marks *m, int fd, const struct history *h,
                                        int64_t now_ms);
/* The task that was opened last; NULL: none. Valid until another one was opened twice. */
const struct task_record *task_pages_record(struct task_pages *p, const struct marks *m, int fd);
void task_pages_open(struct task_pages *p, uint64_t line);
/* The row of the newest task that is not newer than t_ms; the oldest one's when all are. */
int64_t task_pages_at(struct task_pages *p, const struct marks *m, int fd, int64_t t_ms);
void task_pages_forget(struct task_pages *p); /* the file is another one */
void task_pages_release(struct task_pages *p);

#endif
