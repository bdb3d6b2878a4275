/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop of fit.h, compiled into each fit_*.c, which declares before it:
 *   bool fit_is_part(const struct guess_part *p, const char *at)  GUESS_PART bytes can be read at at
 *   uint64_t fit_stops(const char *at)  of FIT_WIDE bytes, a bit each: no plain byte of a text (scan_plain.h)
 *   const char *fit_skip(const char *at, const char *end)  from inside of a text, in front of no half escape, to the quote that
 *       ends it, or to where it understands no more: that is the strict parser's
 * Places are handed on by value, so that they stay in registers: a function returns where it goes on, NULL: the line is of
 * another shape, or wrong. A value is taken here in its usual form only; any other is line_value_read()'s or scan_skip()'s. */
#ifndef DAVY_HISTORY_FIT_LOOP_H
#define DAVY_HISTORY_FIT_LOOP_H

#include "history/fit.h"
#include "history/scan_digits.h"
#include "history/scan_plain.h"

static __attribute__((noinline)) const char *fit_slow(const char *at, const char *end, unsigned key, struct line *out)
{
    struct scan s = {.at = at, .end = end, .room = &out->room};
    if (key < LINE_KEYS)
        return line_value_read(&s, (enum line_key)key, &out->value[key]) ? s.at : NULL;
    return *at != '{' && *at != '[' && scan_skip(&s) ? s.at : NULL;
}

/* ---- texts ---- */

static __attribute__((noinline)) const char *fit_strict_rest(const char *at, const char *end)
{
    struct scan s = {.at = at, .end = end};
    return scan_text_skip(&s, at) ? s.at : NULL;
}

static inline const char *fit_unknown_text(const char *at, const char *end)
{
    at = fit_skip(at + 1, end);
    return *at == '"' ? at + 1 : fit_strict_rest(at, end);
}

/* The first byte that is not plain, or where too little is left. */
static inline const char *fit_plain_end(const char *at, const char *end)
{
    uint64_t stops = fit_stops(at);
    while (!stops && end - at > GUESS_SLACK)
        stops = fit_stops(at += FIT_WIDE);
    return stops ? at + __builtin_ctzll(stops) : at;
}

static inline const char *fit_known_text(const char *at, const char *end, unsigned key, struct line *out)
{
    const char *from = at + 1, *stop = fit_plain_end(from, end);
    if (*stop != '"')
        return fit_slow(at, end, key, out);
    out->value[key].kind = LINE_TEXT;
    out->value[key].text = (struct bytes){from, (size_t)(stop - from)};
    return stop + 1;
}

/* ---- numbers: fewer than 8 digits, or 0. and up to 19 digits ---- */

struct fit_fraction {
    uint64_t digits;
    const char *end;
};

/* Up to 24 digits; 25 bytes can be read. */
static inline struct fit_fraction fit_fraction(const char *at)
{
    uint64_t w = scan_low_first(at), digits = 0;
    unsigned n = scan_digits_of(w);
    for (int i = 0; n == SCAN_EIGHT && i < 2; i++) {
        digits = digits * 100000000 + scan_eight_digits(w);
        w = scan_low_first(at += SCAN_EIGHT);
        n = scan_digits_of(w);
    }
    return (struct fit_fraction){scan_append(digits, w, n), at + n};
}

/* Behind a number stands what cannot be a part of it. */
static inline bool fit_ends(char c)
{
    return c == ',' || c == '}';
}

static inline const char *fit_decimal(const char *at, const char *end, unsigned key, struct line *out)
{
    struct fit_fraction f = fit_fraction(at + 2);
    ptrdiff_t count = f.end - at - 2;
    if (count < 1 || count > SCAN_DIGITS_MOST || !fit_ends(*f.end))
        return fit_slow(at, end, key, out);
    if (key != SCAN_UNKNOWN) {
        struct line_value *v = &out->value[key];
        v->kind = LINE_NUMBER;
        v->number = (struct scan_number){.real = scan_decimal(f.digits, (unsigned)count)};
    }
    return f.end;
}

static inline const char *fit_number(const char *at, const char *end, unsigned key, struct line *out)
{
    if (at[0] == '0' && at[1] == '.')
        return fit_decimal(at, end, key, out);
    uint64_t w = scan_low_first(at);
    unsigned n = scan_digits_of(w);
    if (n == SCAN_EIGHT || (at[0] == '0' && n > 1) || !fit_ends(at[n]))
        return fit_slow(at, end, key, out);
    if (key != SCAN_UNKNOWN) {
        struct line_value *v = &out->value[key];
        int64_t whole = (int64_t)scan_eight_digits(w << (SCAN_EIGHT - n) * 8);
        v->kind = LINE_NUMBER;
        v->number = (struct scan_number){.real = (double)whole, .whole = whole, .is_whole = true};
    }
    return at + n;
}

/* ---- the line ---- */

/* Blanks before a value are part of the shape; more of them, a newline above all, are another shape. */
static inline const char *fit_value(const char *at, const char *end, unsigned key, struct line *out)
{
    if (*at == '"')
        return key == SCAN_UNKNOWN ? fit_unknown_text(at, end) : fit_known_text(at, end, key, out);
    if (*at >= '0' && *at <= '9')
        return fit_number(at, end, key, out);
    return *at > ' ' ? fit_slow(at, end, key, out) : NULL;
}

static inline size_t fit_line(const struct guess_shape *shape, struct bytes rest, struct line *out)
{
    const char *at = rest.at, *end = rest.at + rest.len;
    const struct guess_part *p = shape->part, *last = p + shape->count;
    line_begin(out);
    for (;; p++) {
        if (end - at < GUESS_SLACK || !fit_is_part(p, at))
            return 0;
        at += p->len;
        if (p == last)
            return (size_t)(at - rest.at);
        at = fit_value(at, end, p->key, out);
        if (at == NULL)
            return 0;
    }
}

#endif
