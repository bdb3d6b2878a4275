/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/toml_hint.h"

#include "base/utf8.h"

#include <string.h>

enum { KEY_CELLS = 40 };

/* Pieces of toml++'s descriptions -> what to do about it. The first that fits. */
static const struct {
    const char *said, *fix;
} hints[] = {
    {"cannot redefine existing table", "the table stands twice: put its keys together"},
    {"cannot redefine existing", "the key stands twice: keep one of the two"},
    {"could not determine value type", "a text needs quotes, as in \"text\""},
    {"unknown escape sequence", "a backslash is written twice, or 'in single quotes'"},
    {"parsing string: encountered end-of-file", "the quote at its end is missing"},
    {"parsing literal string: encountered end-of-file", "the quote at its end is missing"},
    {"unescaped control characters", "the quote at its end is missing"},
    {"expected '='", "write key = value"},
    {"key-value pair: encountered end-of-file", "write key = value"},
    {"expected a comment or whitespace", "one key = value a line"},
    {"expected 'true'", "write true, in small letters"},
    {"expected 'false'", "write false, in small letters"},
    {"expected ']'", "a table is [name] on a line of its own"},
    {"invalid utf-8", "save the file as UTF-8"},
    {"expected keys, tables", "write key = value, or [table]"},
    {"leading zeroes", "write the number without the 0 in front"},
};

static const char *fix_of(const char *said)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (strstr(said, hints[i].said))
            return hints[i].fix;
    return NULL;
}

/* The key in front of the line's =, or nothing. */
static const char *key_of(struct arena *a, struct bytes in, unsigned line)
{
    for (unsigned i = 1; i < line && in.len > 0; i++)
        in = bytes_from(in, bytes_find(in, "\n") + 1);
    struct bytes text = {in.at, bytes_find(in, "\n")};
    size_t end = bytes_find(text, "=");
    if (end == text.len || bytes_trim(text).at[0] == '#')
        return "";
    return text_safe(a, bytes_trim((struct bytes){text.at, end}), KEY_CELLS);
}

const char *toml_sentence(struct arena *a, struct bytes in, unsigned line, const char *said)
{
    static const char LEAD[] = "Error while parsing ";
    const char *key = key_of(a, in, line), *fix = fix_of(said), *what = said;
    if (strncmp(said, LEAD, sizeof LEAD - 1) == 0 && strstr(said, ": "))
        what = strstr(said, ": ") + 2;
    return arena_text(a, "%s%s%s%s%s", key, *key ? ": " : "", what, fix ? "; " : "", fix ? fix : "");
}
