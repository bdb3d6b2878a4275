/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A strict JSON lexer for one line: bytes in, values out, nothing allocated, nothing kept. Tolerances, all of them
 * things that Python's json module writes: NaN, Infinity and -Infinity are numbers, integers may have any length, a
 * lone surrogate escape becomes U+FFFD. Everything else that is not JSON fails, also inside values that nobody
 * wants: a bad escape, a control character, invalid or overlong UTF-8, "01", "5.", nesting deeper than 64. Why not
 * jansson: it refuses lone surrogates and NUL escapes in keys, and skips a raw NUL behind a number. */
#ifndef DAVY_HISTORY_SCAN_H
#define DAVY_HISTORY_SCAN_H

#include "base/bytes.h"

enum { SCAN_TEXT = 256, SCAN_DEPTH = 64 };

struct scan {
    const char *at, *end;
    const char *why; /* set by whatever returned false: a constant phrase for the user */
    unsigned depth;  /* containers around at */
};
struct scan_text { /* a string's value; longer than SCAN_TEXT: the start, with the hash of all of it */
    uint64_t hash;
    size_t len;
    bool cut;
    char at[SCAN_TEXT];
};
struct scan_number {
    double real;   /* NAN and infinities included */
    int64_t whole; /* the exact value when is_whole */
    bool is_whole; /* written without fraction and exponent, and fits */
};

char scan_peek(struct scan *s);                            /* next byte behind blanks, not consumed; \0: the end */
bool scan_take(struct scan *s, char c);                    /* blanks, then c; false leaves s behind the blanks */
bool scan_fail(struct scan *s, const char *why);           /* returns false */
bool scan_text(struct scan *s, struct scan_text *out);     /* at its opening quote; out may be NULL */
bool scan_number(struct scan *s, struct scan_number *out); /* at its first byte */
bool scan_word(struct scan *s, const char *word);          /* exactly this word, e.g. "null" */
bool scan_skip(struct scan *s);                            /* any value, checked */

#endif
