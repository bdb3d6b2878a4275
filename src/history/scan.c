/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/scan.h"

#include <string.h>

bool scan_fail(struct scan *s, const char *why)
{
    s->why = why;
    return false;
}

char scan_peek(struct scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\n'))
        s->at++;
    return s->at < s->end ? *s->at : '\0';
}

bool scan_take(struct scan *s, char c)
{
    if (scan_peek(s) != c || s->at == s->end)
        return false;
    s->at++;
    return true;
}

bool scan_word(struct scan *s, const char *word)
{
    struct bytes rest = {s->at, (size_t)(s->end - s->at)};
    if (!bytes_starts(rest, word))
        return scan_fail(s, "a value is not JSON");
    s->at += strlen(word);
    return true;
}

static bool skip_member(struct scan *s)
{
    if (scan_peek(s) != '"')
        return scan_fail(s, "a name in quotes is missing");
    if (!scan_text(s, NULL))
        return false;
    if (!scan_take(s, ':'))
        return scan_fail(s, "a colon is missing");
    return scan_skip(s);
}

static bool skip_items(struct scan *s, char close, bool (*item)(struct scan *s))
{
    if (s->depth >= SCAN_DEPTH)
        return scan_fail(s, "nested deeper than 64");
    s->at++;
    s->depth++;
    if (!scan_take(s, close)) {
        do {
            if (!item(s))
                return false;
        } while (scan_take(s, ','));
        if (!scan_take(s, close))
            return scan_fail(s, "a comma or the end of a list or object is missing");
    }
    s->depth--;
    return true;
}

void scan_mark(struct scan *s, const char *from, unsigned key)
{
    struct scan_marks *m = s->marks;
    if (m == NULL || ++m->count > SCAN_MARKS)
        return;
    m->mark[m->count - 1] = (struct scan_mark){from, s->at, (uint8_t)key};
}

static bool skip_scalar(struct scan *s, char first)
{
    switch (first) {
    case '"':
        return scan_text(s, NULL);
    case 't':
        return scan_word(s, "true");
    case 'f':
        return scan_word(s, "false");
    case 'n':
        return scan_word(s, "null");
    default:
        return scan_number(s, NULL);
    }
}

bool scan_skip(struct scan *s)
{
    char first = scan_peek(s);
    const char *from = s->at;
    if (first == '{')
        return skip_items(s, '}', skip_member);
    if (first == '[')
        return skip_items(s, ']', scan_skip);
    if (!skip_scalar(s, first))
        return false;
    scan_mark(s, from, SCAN_UNKNOWN);
    return true;
}
