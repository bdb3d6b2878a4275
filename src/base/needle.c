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

/* The usual case, and quick: most places are told by their first byte. */
static bool ascii_in(const struct needle *n, const char *text)
{
    char small = (char)n->ch[0], capital = small;
    if (!n->exact && small >= 'a' && small <= 'z')
        capital = (char)(small - 0x20);
    for (const char *at = text; *at != '\0'; at++)
        if ((*at == small || *at == capital) && begins(n, bytes_of(at)))
            return true;
    return false;
}

bool needle_in(const struct needle *n, const char *text)
{
    if (n->len == 0)
        return true;
    if (n->ch[0] < 0x80)
        return ascii_in(n, text);
    struct bytes rest = bytes_of(text);
    for (; rest.len > 0; utf8_next(&rest))
        if (begins(n, rest))
            return true;
    return false;
}
