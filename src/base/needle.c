/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/needle.h"

#include "base/utf8.h"

#include <utf8proc.h>

char32_t needle_fold(char32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 0x20 : c;
    return (char32_t)utf8proc_tolower((utf8proc_int32_t)c);
}

struct needle needle_of(const char *text)
{
    struct needle n = {.len = 0};
    struct bytes rest = bytes_of(text);
    while (rest.len > 0 && n.len < NEEDLE_MOST) {
        n.ch[n.len] = utf8_next(&rest);
        n.exact = n.exact || needle_fold(n.ch[n.len]) != n.ch[n.len];
        n.len++;
    }
    return n;
}

static bool same(const struct needle *n, int i, char32_t c)
{
    return n->ch[i] == c || (!n->exact && n->ch[i] == needle_fold(c));
}

static bool begins(const struct needle *n, struct bytes text)
{
    struct bytes rest = text;
    for (int i = 0; i < n->len; i++)
        if (rest.len == 0 || !same(n, i, utf8_next(&rest)))
            return false;
    return true;
}

/* Most places are told by their first byte: a look at it costs less than decoding. */
static bool may_begin(const struct needle *n, unsigned char byte)
{
    bool inside = byte >= 0x80 && byte < 0xC0; /* of a character */
    return !inside && (byte >= 0x80 || n->ch[0] >= 0x80 || same(n, 0, byte));
}

bool needle_in(const struct needle *n, const char *text)
{
    if (n->len == 0)
        return true;
    for (struct bytes rest = bytes_of(text); rest.len > 0; rest = bytes_from(rest, 1))
        if (may_begin(n, (unsigned char)rest.at[0]) && begins(n, rest))
            return true;
    return false;
}
