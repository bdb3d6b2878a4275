/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A strict JSON lexer for one line: bytes in, values out, nothing allocated, nothing kept. Tolerances, all of them
 * things that Python's json module writes: NaN, Infinity and -Infinity are numbers, integers may have any length, a
 * lone surrogate escape becomes U+FFFD. Everything else that is not JSON fails, also inside values that nobody
 * wants: a bad escape, a control character, invalid or overlong UTF-8, "01", "5.", nesting deeper than 64. Why not
 * jansson: it refuses lone surrogates and NUL escapes in keys, and skips a raw NUL behind a number. */
#ifndef DAVY_HISTORY_SCAN_H
#define DAVY_HISTORY_SCAN_H

#include "base/bytes.h"

enum { SCAN_DEPTH = 64 };

/* Where texts with escapes are decoded to: never longer than they stand in the line, so it is as long as a line. Keeps what
 * one line needs until the next one. */
struct scan_room { /* all zero is empty */
    char *at;      /* grow.h */
    size_t cap, used;
};
/* Where the scalar values of a line stand, in order, for whoever wants to guess the next line's shape. */
enum { SCAN_MARKS = 24, SCAN_UNKNOWN = 255 };
struct scan_mark {
    const char *from, *to;
    uint8_t key; /* of line.h */
};
struct scan_marks {
    struct scan_mark mark[SCAN_MARKS];
    size_t count; /* more than SCAN_MARKS: the rest was not kept */
};
struct scan {
    const char *at, *end;
    const char *why;          /* set by whatever returned false: a constant phrase for the user */
    unsigned depth;           /* containers around at */
    struct scan_room *room;   /* may be NULL when no text is wanted */
    struct scan_marks *marks; /* may be NULL */
};
struct scan_number {
    double real;   /* NAN and infinities included */
    int64_t whole; /* the exact value when is_whole */
    bool is_whole; /* written without fraction and exponent, and fits */
};

char scan_peek(struct scan *s);                  /* next byte behind blanks, not consumed; \0: the end */
bool scan_take(struct scan *s, char c);          /* blanks, then c; false leaves s behind the blanks */
bool scan_fail(struct scan *s, const char *why); /* returns false */
/* At its opening quote. out may be NULL; else its value: a piece of the line, or of the room. */
bool scan_text(struct scan *s, struct bytes *out);
bool scan_text_skip(struct scan *s, const char *from);          /* the rest of a text, from a place inside of it on */
bool scan_number(struct scan *s, struct scan_number *out);      /* at its first byte; out may be NULL */
bool scan_word(struct scan *s, const char *word);               /* exactly this word, e.g. "null" */
bool scan_skip(struct scan *s);                                 /* any value, checked */
void scan_mark(struct scan *s, const char *from, unsigned key); /* a scalar ended at s->at */

#endif
