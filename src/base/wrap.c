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

void wrap_put(FILE *out, int at, int indent, const char *text)
{
    bool first = true; /* of its line */
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t len = strcspn(text, " ");
        int width = width_of((struct bytes){text, len});
        if (!first && at + 1 + width > WRAP_WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
            first = true;
        }
        fprintf(out, "%s%.*s", first ? "" : " ", (int)len, text);
        at += width + !first;
        first = false;
        text += len;
    }
    fputc('\n', out);
}
