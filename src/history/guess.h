/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader's fast path. A program writes its records in one way: between the values of one line and the next the same
 * bytes stand. These shapes are learnt from lines that the strict parser took (line.h), and a line of a known shape costs a
 * comparison of words and its values. What fits no shape is the strict parser's; both give the same struct line. */
#ifndef DAVY_HISTORY_GUESS_H
#define DAVY_HISTORY_GUESS_H

#include "history/line.h"

enum { GUESS_SHAPES = 8, GUESS_VECTOR = 16, GUESS_VECTORS = 5 };
typedef uint64_t guess_vector __attribute__((vector_size(GUESS_VECTOR)));

struct guess_part { /* what stands before a value, from the value before on */
    guess_vector want[GUESS_VECTORS], mask[GUESS_VECTORS];
    uint8_t vectors, len, key;
};
struct guess_shape {
    struct guess_part
        part[SCAN_MARKS + 1]; /* the last one is what stands behind the last value, the newline included */
    size_t count;             /* of values; parts are one more */
    size_t next;              /* the shape of the line that came after this one the last time */
};
struct guess { /* all zero has learnt nothing */
    struct guess_shape shape[GUESS_SHAPES];
    size_t count, last, oldest;
};

/* The line at the start of rest, to its \n: its length with it, or 0: ask the strict parser. */
size_t guess_line(struct guess *g, struct bytes rest, struct line *out);
/* line was taken by line_parse(text): the next one may look like it. */
void guess_learn(struct guess *g, struct bytes text, const struct line *line);

#endif
