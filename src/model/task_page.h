/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks that are older than the newest: a piece of the history's file, read when somebody looks there. Rows count from the
 * newest line with a task, 0, in the order of the file. */
#ifndef DAVY_MODEL_TASK_PAGE_H
#define DAVY_MODEL_TASK_PAGE_H

#include "base/needle.h"
#include "model/scores.h"

struct task_page {
    int64_t total;               /* rows of the file */
    int64_t first;               /* of the rows below */
    const struct task_line *row; /* newest first; llm NULL: this one could not be read */
    size_t count;
};

/* What a filter finds in the list of all tasks: among the newest, and, piece by piece of the file, among those behind them. */
struct task_find {
    const char *text;      /* the filter, as it was typed */
    const char *error;     /* it looks like a condition, but is none: why; NULL */
    const int16_t *newest; /* rows of scores.task, newest first */
    size_t newest_count;
    int64_t older; /* found behind them so far; they count from the newest of them, 0 */
    int64_t first; /* of the rows below */
    const struct task_line *row;
    size_t count;
    bool done;
    int64_t searched, total; /* rows of the file */
    int64_t back_ms;         /* the oldest moment that was searched; NOT_KNOWN: none yet */
};

/* The lines of one task as they stand in the file, member by member: its record, and, when that is near, what was executed. */
struct task_record {
    uint64_t line; /* task_line.line */
    const char *const *text;
    size_t count; /* 0: it cannot be read any more */
};

/* The list of tasks is the newest ones of the scores, as far as the range goes, and behind them the rows of the file. */
int task_newest_rows(const struct scores *s);
int64_t task_file_rows(const struct scores *s, int64_t total); /* of so many: those that the range shows */
const char *record_kind_word(enum record_kind k);              /* "scored", "test" */
/* Does one of its words hold the needle: id (NULL: not known), LLM, strategy, kind, subnet as "sn8"? */
bool task_holds(const struct task_line *t, const char *id, const struct needle *n);

#endif
