/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop of fit.h, compiled into each fit_*.c, which declares before it:
 *   bool fit_is_part(const struct guess_part *p, const char *at)      GUESS_PART bytes can be read at at
 *   uint64_t fit_stops(const char *at)      of FIT_WIDE bytes, a bit each: no plain byte of a text (scan_plain.h)
 * A value is taken here in its usual form only; any other is line_value_read()'s or scan_skip()'s. */
#ifndef DAVY_HISTORY_FIT_LOOP_H
#define DAVY_HISTORY_FIT_LOOP_H

#include "history/fit.h"
#include "history/scan_digits.h"
#include "history/scan_plain.h"

/* ---- texts ---- */

/* How long the escape is that begins at at; 0: it is wrong. Six bytes can be read. */
static inline size_t fit_escape(const char *at)
{
    if (at[1] != 'u')
        return scan_short_escape(at[1]) ? 2 : 0;
    return scan_is_hex(at[2]) && scan_is_hex(at[3]) && scan_is_hex(at[4]) && scan_is_hex(at[5]) ? 6 : 0;
}

/* The quote that ends a text, from a place inside of it on. NULL: it may be anything. */
static inline const char *fit_text_end(const char *at, const char *end)
{
    while (end - at > GUESS_SLACK) {
        uint64_t stops = fit_stops(at);
        size_t i = 0, skip;
        for (; stops; stops = i < FIT_WIDE ? stops & UINT64_MAX << i : 0) {
            i = (size_t)__builtin_ctzll(stops);
            if (at[i] == '"')
                return at + i;
            if (at[i] != '\\' || (skip = fit_escape(at + i)) == 0)
                return NULL;
            i += skip;
        }
        at += i > FIT_WIDE ? i : FIT_WIDE;
    }
    return NULL;
}

/* The first byte that is not plain; NULL: too near to the end. */
static inline const char *fit_plain_end(const char *at, const char *end)
{
    for (; end - at > GUESS_SLACK; at += FIT_WIDE) {
        uint64_t stops = fit_stops(at);
        if (stops)
            return at + __builtin_ctzll(stops);
    }
    return NULL;
}

static inline bool fit_slow(struct scan *s, unsigned key, struct line *out)
{
    if (key < LINE_KEYS)
        return line_value_read(s, (enum line_key)key, &out->value[key]);
    return *s->at != '{' && *s->at != '[' && scan_skip(s);
}

static inline bool fit_unknown_text(struct scan *s)
{
    const char *end = fit_text_end(s->at + 1, s->end);
    if (end == NULL)
        return scan_skip(s);
    s->at = end + 1;
    return true;
}

static inline bool fit_text(struct scan *s, unsigned key, struct line *out)
{
    if (key == SCAN_UNKNOWN)
        return fit_unknown_text(s);
    const char *from = s->at + 1, *end = fit_plain_end(from, s->end);
    if (end == NULL || *end != '"')
        return fit_slow(s, key, out);
    s->at = end + 1;
    out->value[key].kind = LINE_TEXT;
    out->value[key].text = (struct bytes){from, (size_t)(end - from)};
    return true;
}

/* ---- numbers: up to 8 digits, or 0. and up to 19 digits ---- */

/* Behind "0.": at most SCAN_DIGITS_MOST digits. false: it has another form. 24 bytes can be read. */
static inline bool fit_fraction(const char **at, uint64_t *digits, unsigned *count)
{
    *digits = 0;
    *count = 0;
    for (unsigned n = SCAN_EIGHT; n == SCAN_EIGHT && *count < 3 * SCAN_EIGHT;) {
        uint64_t w = scan_low_first(*at);
        n = scan_digits_of(w);
        *digits = scan_append(*digits, w, n);
        *count += n;
        *at += n;
    }
    return *count > 0 && *count <= SCAN_DIGITS_MOST;
}

/* What a number may go on with, when it was not read to its end. */
static inline bool fit_goes_on(char c)
{
    return c == '.' || (c >= '0' && c <= '9') || (c | 0x20) == 'e';
}

static inline void fit_number_is(struct line_value *out, uint64_t digits, unsigned places, bool is_whole)
{
    out->kind = LINE_NUMBER;
    out->number.real = places ? scan_decimal(digits, places) : (double)digits;
    out->number.is_whole = is_whole;
    out->number.whole = is_whole ? (int64_t)digits : 0;
}

static inline bool fit_number(struct scan *s, unsigned key, struct line *out)
{
    const char *at = s->at;
    uint64_t w = scan_low_first(at), digits = 0;
    unsigned n = scan_digits_of(w), places = 0;
    bool zero = at[0] == '0', fraction = zero && at[1] == '.';
    if (fraction) {
        at += 2;
        if (!fit_fraction(&at, &digits, &places))
            return fit_slow(s, key, out);
    } else {
        digits = scan_append(0, w, n);
        at += n;
    }
    if (n == 0 || (zero && n > 1) || fit_goes_on(*at))
        return fit_slow(s, key, out);
    s->at = at;
    if (key != SCAN_UNKNOWN)
        fit_number_is(&out->value[key], digits, places, !fraction);
    return true;
}

/* ---- the line ---- */

/* Blanks before a value are part of the shape; more of them, a newline above all, are another shape. */
static inline bool fit_value(struct scan *s, unsigned key, struct line *out)
{
    if (*s->at == '"')
        return fit_text(s, key, out);
    if (*s->at >= '0' && *s->at <= '9')
        return fit_number(s, key, out);
    return *s->at > ' ' && fit_slow(s, key, out);
}

static inline size_t fit_line(const struct guess_shape *shape, struct bytes rest, struct line *out)
{
    struct scan s = {.at = rest.at, .end = rest.at + rest.len, .room = &out->room};
    line_begin(out);
    for (size_t i = 0;; i++) {
        const struct guess_part *p = &shape->part[i];
        if (s.end - s.at < GUESS_SLACK || !fit_is_part(p, s.at))
            return 0;
        s.at += p->len;
        if (i == shape->count)
            return (size_t)(s.at - rest.at);
        if (!fit_value(&s, p->key, out))
            return 0;
    }
}

#endif
