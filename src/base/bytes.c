/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/bytes.h"

#include <string.h>

struct bytes bytes_of(const char *text)
{
    return (struct bytes){text, text ? strlen(text) : 0};
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool bytes_is(struct bytes a, const char *text)
{
    return bytes_equal(a, bytes_of(text));
}

bool bytes_starts(struct bytes a, const char *prefix)
{
    size_t len = strlen(prefix);
    return a.len >= len && (len == 0 || memcmp(a.at, prefix, len) == 0);
}

bool bytes_cut(struct bytes *rest, const char *prefix)
{
    if (!bytes_starts(*rest, prefix))
        return false;
    *rest = bytes_from(*rest, strlen(prefix));
    return true;
}

static bool is_margin(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

struct bytes bytes_trim(struct bytes a)
{
    while (a.len && is_margin(a.at[0]))
        a = bytes_from(a, 1);
    while (a.len && is_margin(a.at[a.len - 1]))
        a.len--;
    return a;
}

/* memmem() prepares a table for each search: for the short needles and lines here that is most of what it does. */
size_t bytes_find(struct bytes a, const char *needle)
{
    size_t len = strlen(needle);
    if (len == 0 || a.len < len)
        return len == 0 ? 0 : a.len;
    const char *last = a.at + (a.len - len);
    for (const char *at = a.at; at <= last; at++) {
        at = memchr(at, needle[0], (size_t)(last - at) + 1);
        if (at == NULL)
            break;
        if (memcmp(at, needle, len) == 0)
            return (size_t)(at - a.at);
    }
    return a.len;
}

struct bytes bytes_from(struct bytes a, size_t offset)
{
    if (offset >= a.len)
        return (struct bytes){a.len ? a.at + a.len : a.at, 0};
    return (struct bytes){a.at + offset, a.len - offset};
}

bool bytes_line(struct bytes *rest, struct bytes *line)
{
    const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
    if (!end)
        return false;
    *line = (struct bytes){rest->at, (size_t)(end - rest->at)};
    *rest = bytes_from(*rest, line->len + 1);
    return true;
}

/* Counts downwards, because INT64_MIN has no positive twin. */
static bool digits_down(struct bytes a, int64_t *value)
{
    int64_t v = 0;
    for (size_t i = 0; i < a.len; i++) {
        int digit = a.at[i] - '0';
        if (digit < 0 || digit > 9 || v < (INT64_MIN + digit) / 10)
            return false;
        v = v * 10 - digit;
    }
    *value = v;
    return a.len > 0;
}

bool bytes_i64(struct bytes a, int64_t *value)
{
    int64_t v;
    bool minus = bytes_cut(&a, "-");
    if (!digits_down(a, &v) || (!minus && v == INT64_MIN))
        return false;
    *value = minus ? v : -v;
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool starts_ci(const char *at, const char *needle, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (lower(at[i]) != lower(needle[i]))
            return false;
    return true;
}

bool bytes_has_ci(struct bytes a, const char *needle)
{
    size_t len = strlen(needle);
    if (len == 0 || a.len < len)
        return len == 0;
    char small = lower(needle[0]), capital = small >= 'a' && small <= 'z' ? (char)(small - ('a' - 'A')) : small;
    const char *last = a.at + (a.len - len);
    for (const char *at = a.at; at <= last; at++)
        if ((*at == small || *at == capital) && starts_ci(at, needle, len))
            return true;
    return false;
}
