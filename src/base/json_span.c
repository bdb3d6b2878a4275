/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json_span.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct bytes blanks(struct bytes *rest)
{
    size_t n = 0;
    while (n < rest->len && is_blank(rest->at[n]))
        n++;
    struct bytes out = {rest->at, n};
    *rest = bytes_from(*rest, n);
    return out;
}

/* Length of the string that begins here, with both quotes; 0: it does not end. */
static size_t string_length(struct bytes text)
{
    for (size_t i = 1; i < text.len; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == '"')
            return i + 1;
    }
    return 0;
}

/* Of the object or array that begins here. */
static size_t nested_length(struct bytes text)
{
    size_t depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"') {
            size_t len = string_length(bytes_from(text, i));
            if (len == 0)
                return 0;
            i += len - 1;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

static size_t value_length(struct bytes text)
{
    size_t n = 0;
    if (text.len == 0 || text.at[0] == '"')
        return string_length(text);
    if (text.at[0] == '{' || text.at[0] == '[')
        return nested_length(text);
    while (n < text.len && !is_blank(text.at[n]) && !strchr(",}]", text.at[n]))
        n++;
    return n;
}

static bool mark(struct bytes *rest, char c)
{
    struct bytes at = *rest;
    blanks(&at);
    if (at.len == 0 || at.at[0] != c)
        return false;
    *rest = bytes_from(at, 1);
    return true;
}

struct json_members json_members_of(struct bytes object)
{
    bytes_cut(&object, "\xef\xbb\xbf");
    bool begins = mark(&object, '{');
    return (struct json_members){begins ? object : (struct bytes){object.at, 0}};
}

bool json_member_next(struct json_members *m, struct json_member *out)
{
    struct bytes rest = m->rest;
    mark(&rest, ',');
    out->blank = blanks(&rest);
    size_t len = rest.len > 0 && rest.at[0] == '"' ? string_length(rest) : 0;
    if (len == 0)
        return false;
    out->key = (struct bytes){rest.at + 1, len - 2};
    rest = bytes_from(rest, len);
    if (!mark(&rest, ':'))
        return false;
    blanks(&rest);
    out->value = (struct bytes){rest.at, value_length(rest)};
    m->rest = bytes_from(rest, out->value.len);
    return out->value.len > 0;
}
