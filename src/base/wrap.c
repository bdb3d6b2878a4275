/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/wrap.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

static int width_of(struct bytes word)
{
    int width = 0;
    while (word.len > 0)
        width += cell_width(utf8_next(&word));
    return width;
}

/* mark: what a new line begins with, before the indent. */
static void put(FILE *out, int at, const char *mark, int indent, const char *text)
{
    bool first = true; /* of its line */
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t len = strcspn(text, " ");
        int width = width_of((struct bytes){text, len});
        if (!first && at + 1 + width > WRAP_WIDTH) {
            fprintf(out, "\n%s%*s", mark, indent, "");
            at = (int)strlen(mark) + indent;
            first = true;
        }
        fprintf(out, "%s%.*s", first ? "" : " ", (int)len, text);
        at += width + !first;
        first = false;
        text += len;
    }
    fputc('\n', out);
}

void wrap_put(FILE *out, int at, int indent, const char *text)
{
    put(out, at, "", indent, text);
}

void wrap_comment(FILE *out, const char *text)
{
    fputs("# ", out);
    put(out, 2, "# ", 0, text);
}
