/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json_mend.h"

#include "base/utf8.h"

#include <jansson.h>
#include <string.h>

enum { ESCAPE = 6 /* \uXXXX */, SHORTEST_OVERFLOW = 5 /* 9e999 */ };

/* out is large enough for the worst case: one bad byte becomes the three of U+FFFD. */
struct mend {
    struct bytes rest;
    char *out;
    size_t len;
};

static void put(struct mend *m, const char *at, size_t len)
{
    memcpy(m->out + m->len, at, len);
    m->len += len;
}

static void keep(struct mend *m, size_t len)
{
    put(m, m->rest.at, len);
    m->rest = bytes_from(m->rest, len);
}

static void swap(struct mend *m, size_t len, const char *with)
{
    put(m, with, strlen(with));
    m->rest = bytes_from(m->rest, len);
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *hit = c ? strchr(digits, c) : NULL;
    return hit ? (int)(hit - digits) % 16 : -1;
}

/* The unit of "\uXXXX" at the start of in, or -1. */
static int escape_unit(struct bytes in)
{
    int unit = 0;
    if (in.len < ESCAPE || in.at[0] != '\\' || in.at[1] != 'u')
        return -1;
    for (size_t i = 2; i < ESCAPE; i++) {
        int digit = hex_digit(in.at[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static bool is_high(int unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low(int unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

static void mend_escape(struct mend *m, bool key)
{
    int unit = escape_unit(m->rest);
    bool ascii_next = m->rest.len > 1 && (unsigned char)m->rest.at[1] < 0x80;
    if (unit < 0)
        keep(m, ascii_next ? 2 : 1);
    else if (is_high(unit) && is_low(escape_unit(bytes_from(m->rest, ESCAPE))))
        keep(m, (size_t)ESCAPE * 2);
    else if (is_high(unit) || is_low(unit) || (key && unit == 0))
        swap(m, ESCAPE, "\\ufffd");
    else
        keep(m, ESCAPE);
}

static void mend_character(struct mend *m)
{
    struct bytes after = m->rest;
    utf8_next(&after);
    size_t len = m->rest.len - after.len;
    if (len == 1 && (unsigned char)m->rest.at[0] >= 0x80)
        swap(m, 1, "\xef\xbf\xbd");
    else
        keep(m, len);
}

/* Length of the string at the start of in, with both quotes; in.len when it does not end. */
static size_t string_length(struct bytes in)
{
    for (size_t i = 1; i < in.len; i++) {
        if (in.at[i] == '\\')
            i++;
        else if (in.at[i] == '"')
            return i + 1;
    }
    return in.len;
}

static bool is_key(struct bytes behind)
{
    behind = bytes_trim(behind);
    return behind.len && behind.at[0] == ':';
}

static void mend_string(struct mend *m)
{
    struct bytes behind = bytes_from(m->rest, string_length(m->rest));
    bool key = is_key(behind);
    keep(m, 1);
    while (m->rest.len > behind.len) {
        if (m->rest.at[0] == '\\')
            mend_escape(m, key);
        else
            mend_character(m);
    }
}

static bool in_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '-' ||
           c == '.' || c == '_';
}

/* Asked of jansson itself, so that both always agree. */
static bool overflows(struct bytes word)
{
    json_error_t error;
    if (word.len < SHORTEST_OVERFLOW)
        return false;
    json_t *value = json_loadb(word.at, word.len, JSON_DECODE_ANY, &error);
    bool too_large = !value && json_error_code(&error) == json_error_numeric_overflow;
    json_decref(value);
    return too_large;
}

static bool is_null_word(struct bytes word)
{
    if (bytes_is(word, "NaN") || bytes_is(word, "Infinity") || bytes_is(word, "-Infinity"))
        return true;
    return (word.at[0] == '-' || (word.at[0] >= '0' && word.at[0] <= '9')) && overflows(word);
}

static void mend_word(struct mend *m)
{
    struct bytes word = {m->rest.at, 0};
    while (word.len < m->rest.len && in_word(word.at[word.len]))
        word.len++;
    if (is_null_word(word))
        swap(m, word.len, "null");
    else
        keep(m, word.len);
}

struct bytes json_mend(struct arena *a, struct bytes in)
{
    struct mend m = {.rest = in, .out = arena_alloc(a, in.len * 3 + 16)};
    while (m.rest.len) {
        if (m.rest.at[0] == '"')
            mend_string(&m);
        else if (in_word(m.rest.at[0]))
            mend_word(&m);
        else
            keep(&m, 1);
    }
    return (struct bytes){m.out, m.len};
}
