/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings of scan.h. */
#include "history/scan.h"

#include "base/utf8.h"
#include "history/grow.h"
#include "history/scan_plain.h"

#include <string.h>

/* A value that is put together: out is NULL when nobody wants it. */
static void put(struct scan *s, struct bytes *out, const char *at, size_t len)
{
    if (!out)
        return;
    memcpy(s->room->at + s->room->used, at, len);
    s->room->used += len;
    out->len += len;
}

static int hex_digit(char c)
{
    static const int8_t value[256] = {
        ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
        ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
        ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
    };
    return value[(unsigned char)c] - 1;
}

/* "uXXXX" at p: its value, or -1. */
static int32_t hex_unit(const char *p, const char *end)
{
    if (end - p < 5 || *p != 'u')
        return -1;
    int a = hex_digit(p[1]), b = hex_digit(p[2]), c = hex_digit(p[3]), d = hex_digit(p[4]);
    return (a | b | c | d) < 0 ? -1 : a << 12 | b << 8 | c << 4 | d;
}

static bool unicode_escape(struct scan *s, struct bytes *out)
{
    int32_t unit = hex_unit(s->at, s->end);
    if (unit < 0)
        return scan_fail(s, "an escape in a text is wrong");
    s->at += 5;
    if (unit >= 0xd800 && unit < 0xdc00 && s->at < s->end && *s->at == '\\') {
        int32_t low = hex_unit(s->at + 1, s->end);
        if (low >= 0xdc00 && low < 0xe000) {
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            s->at += 6;
        }
    }
    bool lone = unit >= 0xd800 && unit < 0xe000;
    char utf8[4];
    put(s, out, utf8, utf8_put(utf8, lone ? 0xfffd : (char32_t)unit));
    return true;
}

static bool escape(struct scan *s, struct bytes *out)
{
    s->at++;
    if (s->at == s->end)
        return scan_fail(s, "the line is torn inside a text");
    if (*s->at == 'u')
        return unicode_escape(s, out);
    char meaning = scan_short_escape(*s->at);
    if (meaning == '\0')
        return scan_fail(s, "an escape in a text is wrong");
    s->at++;
    put(s, out, &meaning, 1);
    return true;
}

static bool between(const unsigned char *p, int low, int high)
{
    return *p >= low && *p <= high;
}

/* Length of the well-formed multi-byte character at p (Unicode table 3-7), 0: not well-formed. */
static size_t multi_byte(const unsigned char *p, size_t left)
{
    if (left >= 2 && between(p, 0xc2, 0xdf))
        return between(p + 1, 0x80, 0xbf) ? 2 : 0;
    if (left >= 3 && between(p, 0xe0, 0xef)) {
        int low = *p == 0xe0 ? 0xa0 : 0x80, high = *p == 0xed ? 0x9f : 0xbf;
        return between(p + 1, low, high) && between(p + 2, 0x80, 0xbf) ? 3 : 0;
    }
    if (left >= 4 && between(p, 0xf0, 0xf4)) {
        int low = *p == 0xf0 ? 0x90 : 0x80, high = *p == 0xf4 ? 0x8f : 0xbf;
        return between(p + 1, low, high) && between(p + 2, 0x80, 0xbf) && between(p + 3, 0x80, 0xbf) ? 4 : 0;
    }
    return 0;
}

/* One run of plain ASCII, one escape or one multi-byte character. */
static bool piece(struct scan *s, struct bytes *out)
{
    const char *from = s->at;
    s->at = scan_plain_end(from, s->end);
    if (s->at > from) {
        put(s, out, from, (size_t)(s->at - from));
        return true;
    }
    if (*s->at == '\\')
        return escape(s, out);
    if ((unsigned char)*s->at < 0x20)
        return scan_fail(s, "a control character stands in a text");
    size_t len = multi_byte((const unsigned char *)s->at, (size_t)(s->end - s->at));
    if (!len)
        return scan_fail(s, "a text is not UTF-8");
    put(s, out, s->at, len);
    s->at += len;
    return true;
}

static bool torn(struct scan *s)
{
    return scan_fail(s, "the line is torn inside a text");
}

/* Two bytes that stand for one: the usual escapes. */
static bool is_short_escape(const char *at, const char *end)
{
    return *at == '\\' && end - at >= 2 && scan_short_escape(at[1]) != '\0';
}

/* The same bytes are refused as by pieces(); nobody wants the value. */
bool scan_text_skip(struct scan *s, const char *from)
{
    for (s->at = from;;) {
        s->at = scan_plain_end(s->at, s->end);
        if (s->at == s->end)
            return torn(s);
        if (*s->at == '"')
            break;
        if (is_short_escape(s->at, s->end))
            s->at += 2;
        else if (!piece(s, NULL))
            return false;
    }
    s->at++;
    return true;
}

/* The room is made before the line's first text goes into it, for all of them: it must not move any more then. */
static void make_room(struct scan *s)
{
    struct scan_room *r = s->room;
    if (r->used == 0)
        r->at = grow_to(r->at, &r->cap, (size_t)(s->end - s->at) + 1, 1);
}

static bool pieces(struct scan *s, struct bytes *out)
{
    make_room(s);
    *out = (struct bytes){s->room->at + s->room->used, 0};
    while (s->at < s->end && *s->at != '"')
        if (!piece(s, out))
            return false;
    if (s->at == s->end)
        return torn(s);
    s->at++;
    return true;
}

bool scan_text(struct scan *s, struct bytes *out)
{
    const char *from = ++s->at, *end = scan_plain_end(from, s->end);
    if (end == s->end || *end != '"')
        return out ? pieces(s, out) : scan_text_skip(s, end);
    if (out)
        *out = (struct bytes){from, (size_t)(end - from)};
    s->at = end + 1;
    return true;
}
