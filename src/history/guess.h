/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader's fast path. A program writes its records in one way: between the values of one line and the next the same
 * bytes stand. These shapes are learnt from lines that the strict parser took (line.h), and a line of a known shape costs a
 * comparison of words and its values. What fits no shape is the strict parser's; both give the same struct line. */
#ifndef DAVY_HISTORY_GUESS_H
#define DAVY_HISTORY_GUESS_H

#include "history/line.h"

/* GUESS_PART: bytes between two values. GUESS_SLACK: as many bytes can be read behind each value of a line that is tried. */
enum { GUESS_SHAPES = 8, GUESS_PART = 96, GUESS_SLACK = GUESS_PART + 64 };

/* All ones, then zeros, GUESS_MASK bytes of each: from GUESS_MASK - n on, a mask of n bytes. */
enum { GUESS_MASK = 32 };
extern const char guess_mask[2 * GUESS_MASK];

struct guess_part { /* what stands before a value, from the value before on */
    _Alignas(32) char want[GUESS_PART];
    uint8_t len, key;
};
struct guess_shape {
    struct guess_part
        part[SCAN_MARKS + 1]; /* the last one is what stands behind the last value, the newline included */
    size_t count;             /* of values; parts are one more */
    size_t next;              /* the shape of the line that came after this one the last time */
};
/* The line at the start of rest, if it is of this shape: its length with the \n, else 0. Each one gives the same (fit.h). */
typedef size_t guess_fit_fn(const struct guess_shape *shape, struct bytes rest, struct line *out);
struct guess {         /* all zero has learnt nothing */
    guess_fit_fn *fit; /* the fastest one for this machine */
    struct guess_shape shape[GUESS_SHAPES];
    size_t count, last, oldest;
};

/* The line at the start of rest, to its \n: its length with it, or 0: ask the strict parser. */
size_t guess_line(struct guess *g, struct bytes rest, struct line *out);
/* line was taken by line_parse(text): the next one may look like it. */
void guess_learn(struct guess *g, struct bytes text, const struct line *line);

#endif
