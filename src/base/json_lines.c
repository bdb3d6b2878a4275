/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json_lines.h"

#include "base/utf8.h"

#include <string.h>

enum { INDENT = 2, DEEPEST = 16 };

struct layout {
    struct arena *a;
    const char **line;
    size_t count, most;
    int depth;
};

static int indent_of(const struct layout *l)
{
    int depth = l->depth < 0 ? 0 : l->depth > DEEPEST ? DEEPEST : l->depth;
    return depth * INDENT;
}

static void put(struct layout *l, int indent, struct bytes text)
{
    if (text.len > 0 && l->count < l->most)
        l->line[l->count++] = arena_text(l->a, "%*s%s", indent, "", text_safe(l->a, text, 0));
}

static size_t string_end(struct bytes json, size_t at)
{
    for (at++; at < json.len && json.at[at] != '"'; at++)
        at += json.at[at] == '\\';
    return at < json.len ? at + 1 : json.len;
}

/* Where a piece without a break ends. */
static size_t piece_end(struct bytes json, size_t at)
{
    while (at < json.len && !strchr("{}[],", json.at[at] ? json.at[at] : ' '))
        at = json.at[at] == '"' ? string_end(json, at) : at + 1;
    return at;
}

static bool is_in(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

size_t json_lines(struct arena *a, struct bytes json, const char **line, size_t most)
{
    struct layout l = {.a = a, .line = line, .most = most};
    for (size_t at = 0; at < json.len;) {
        size_t end = piece_end(json, at);
        struct bytes text = bytes_trim((struct bytes){json.at + at, end - at});
        bool closes = end < json.len && is_in(json.at[end], "]}"), opens = end < json.len && is_in(json.at[end], "[{");
        int indent = indent_of(&l);
        if (closes) {
            put(&l, indent, text);
            l.depth--;
            at = end + 1;
            bool comma = at < json.len && json.at[at] == ',';
            put(&l, indent_of(&l), (struct bytes){json.at + end, comma ? 2 : 1});
            at += comma;
        } else {
            size_t with = end < json.len ? end + 1 : end; /* its comma, or what opens behind it */
            put(&l, indent, bytes_trim((struct bytes){json.at + at, with - at}));
            l.depth += opens;
            at = with;
        }
    }
    return l.count;
}
