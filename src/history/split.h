/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of a growing file into complete lines. A line ends with \n; what stands behind the last \n waits. A line of
 * more than LINE_LIMIT bytes is not kept: it is announced as oversize when its end comes. NUL bytes at the start of
 * a line (the hole that a writer leaves when its file is truncated under it) belong to no line. */
#ifndef DAVY_HISTORY_SPLIT_H
#define DAVY_HISTORY_SPLIT_H

#include "base/bytes.h"

enum { LINE_LIMIT = 1 << 20 };

struct split_line {
    struct bytes text; /* without \n; borrowed until the visitor returns; empty when oversize */
    uint64_t offset;   /* in the file, of the line's first byte */
    bool oversize;
    bool first; /* of the file: may start with a BOM */
};
/* Who gets the lines. */
struct split_to {
    void (*visit)(void *to, const struct split_line *line);
    /* First look at a line that stands in this block: how long it is with its \n when it was taken at once, else 0. */
    size_t (*take)(void *to, struct bytes rest, uint64_t offset);
    void *to;
};

struct split {  /* all zero is a fresh file */
    char *tail; /* grow.h */
    size_t len, cap;
    bool skipping;    /* the waiting line is too long already */
    bool begun;       /* a line of this file was complete */
    uint64_t offset;  /* of the waiting line */
    uint64_t pending; /* bytes of it seen so far, kept or not */
};

void split_feed(struct split *s, struct bytes block, const struct split_to *to);
/* The next line, of len bytes with its \n, was taken by somebody else: at the start of a line only. */
static inline void split_skip(struct split *s, size_t len)
{
    s->offset += len;
    s->begun = true;
}
void split_restart(struct split *s); /* the next block starts a file; a waiting line is dropped */
void split_release(struct split *s);

#endif
