/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/text.h"

#include "base/timetext.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_room(struct sim_text *t, size_t more)
{
    if (t->len + more + 1 <= t->room)
        return;
    size_t room = t->room ? t->room : 256;
    while (room < t->len + more + 1)
        room *= 2;
    t->at = arena_grow(t->arena, t->at, t->len, room);
    t->room = room;
}

void put_bytes(struct sim_text *t, struct bytes b)
{
    make_room(t, b.len);
    if (b.len)
        memcpy(t->at + t->len, b.at, b.len);
    t->len += b.len;
    t->at[t->len] = '\0';
}

void put(struct sim_text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    make_room(t, 64);
    int len = vsnprintf(t->at + t->len, t->room - t->len, format, args);
    va_end(args);
    if (len > 0 && (size_t)len >= t->room - t->len) {
        make_room(t, (size_t)len);
        vsnprintf(t->at + t->len, t->room - t->len, format, again);
    }
    t->len += len > 0 ? (size_t)len : 0;
    va_end(again);
}

/* Digits after the point that repr() shows: as few as read back equal. */
static int shortest(double v, int *exponent)
{
    char text[40];
    int digits = 0;
    do
        snprintf(text, sizeof text, "%.*e", digits, v);
    while (strtod(text, NULL) != v && ++digits < 17);
    *exponent = atoi(strchr(text, 'e') + 1);
    return digits;
}

void put_real(struct sim_text *t, double v)
{
    if (isnan(v) || isinf(v)) {
        put(t, "%s", isnan(v) ? "NaN" : v > 0 ? "Infinity" : "-Infinity");
        return;
    }
    int exponent, digits = shortest(v, &exponent);
    if (exponent < -4 || exponent >= 16)
        put(t, "%.*e", digits, v);
    else
        put(t, "%.*f", digits > exponent ? digits - exponent : 1, v);
}

static void put_character(struct sim_text *t, char32_t c)
{
    static const char escaped[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt"; /* the rest has no short form */
    const char *hit = c && c < 0x80 ? strchr(escaped, (int)c) : NULL;
    if (hit)
        put(t, "\\%c", letter[hit - escaped]);
    else if (c >= 0x20 && c < 0x7f)
        put(t, "%c", (int)c);
    else if (c >= 0x10000)
        put(t, "\\u%04x\\u%04x", (unsigned)(0xD800 + ((c - 0x10000) >> 10)), (unsigned)(0xDC00 + (c & 0x3FF)));
    else
        put(t, "\\u%04x", (unsigned)c);
}

void put_string(struct sim_text *t, const char *utf8)
{
    struct bytes rest = bytes_of(utf8);
    put(t, "\"");
    while (rest.len)
        put_character(t, utf8_next(&rest));
    put(t, "\"");
}

static void put_civil(struct sim_text *t, int64_t at_ms, char between)
{
    struct civil c = civil_of(at_ms);
    put(t, "%04d-%02d-%02d%c%02d:%02d:%02d", c.year, c.month, c.day, between, c.hour, c.minute, c.second);
}

void put_utc(struct sim_text *t, int64_t at_us)
{
    put_civil(t, at_us / 1000, 'T');
    if (at_us % 1000000)
        put(t, ".%06" PRId64, at_us % 1000000);
}

/* The same digits as put_real() would find, without the search: a status file has hundreds of these. */
void put_epoch(struct sim_text *t, int64_t at_ms)
{
    put(t, "%" PRId64 ".%03" PRId64, at_ms / 1000, at_ms % 1000);
    while (t->at[t->len - 1] == '0' && t->at[t->len - 2] != '.')
        t->at[--t->len] = '\0';
}

void put_log_time(struct sim_text *t, int64_t at_ms, int32_t utc_offset_s)
{
    put_civil(t, at_ms + (int64_t)utc_offset_s * 1000, ' ');
    put(t, ",%03" PRId64, at_ms % 1000);
}

struct bytes put_done(const struct sim_text *t)
{
    return (struct bytes){t->at ? t->at : "", t->len};
}
