/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in the history's file what stands: a mark about every 128 KiB, made while the file is read anyway, kept with its
 * index. 10 GB are 80,000 marks. */
#ifndef DAVY_SOURCE_MARKS_H
#define DAVY_SOURCE_MARKS_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mark { /* of a line's start */
    int64_t offset;
    int64_t rows;  /* lines with a task before it */
    uint64_t line; /* later than those of all records before it: record.line counts over all files */
};
struct marks {
    struct mark *mark; /* of the file's start, and on */
    size_t count, cap;
    struct mark end; /* of what was read: the start of a line that is not complete, or the end */
};

void marks_row(struct marks *m, uint64_t line); /* a line with a task was read */
/* A block was read, which ends at that offset of the file. */
void marks_block(struct marks *m, struct bytes block, int64_t end);
/* Reading goes on at offset: in another file, 0, or in this one, which lost its end. */
void marks_cut(struct marks *m, int64_t offset);
/* In front of the row-th line with a task (0: the file's first): that mark's index. */
size_t marks_of_row(const struct marks *m, int64_t row);
size_t marks_of_line(const struct marks *m, uint64_t line); /* likewise, of the record with that number */
struct mark marks_at(const struct marks *m, size_t index);
struct mark marks_next(const struct marks *m, size_t index); /* the one behind it, or the end */
/* What was kept. false: they make no sense, m is as new. */
bool marks_set(struct marks *m, const struct mark *mark, size_t count, struct mark end);
void marks_release(struct marks *m);

#endif
