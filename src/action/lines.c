/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/lines.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char *next_line(struct lines *l)
{
    return l->kept.text[l->kept.count++ % OUTPUT_LINES];
}

/* As much of text as fits into a line; the length taken. Never half a character. */
static size_t put(char out[OUTPUT_LINE], const char *text)
{
    size_t len = strlen(text);
    if (len >= OUTPUT_LINE)
        for (len = OUTPUT_LINE - 1; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80;)
            len--;
    memcpy(out, text, len);
    out[len] = '\0';
    return len;
}

/* A line longer than ours becomes several. */
static void keep(struct lines *l, const char *safe)
{
    do
        safe += put(next_line(l), safe);
    while (*safe);
}

static void end_line(struct lines *l)
{
    struct arena a = {0};
    keep(l, text_safe(&a, (struct bytes){l->part, l->len}, 0));
    l->len = 0;
    l->back = false;
    arena_release(&a);
}

void lines_end(struct lines *l)
{
    if (l->len > 0)
        end_line(l);
    l->kept.part[0] = '\0';
}

static void add_byte(struct lines *l, char c)
{
    if (c == '\n') {
        end_line(l);
        return;
    }
    if (c == '\r') {
        l->back = true;
        return;
    }
    if (l->back)
        l->len = 0;
    l->back = false;
    if (l->len == LINES_PART)
        end_line(l);
    l->part[l->len++] = c;
}

void lines_add(struct lines *l, struct bytes raw)
{
    struct arena a = {0};
    for (size_t i = 0; i < raw.len; i++)
        add_byte(l, raw.at[i]);
    put(l->kept.part, text_safe(&a, (struct bytes){l->part, l->len}, OUTPUT_LINE / 4));
    arena_release(&a);
}

void lines_say(struct lines *l, const char *format, ...)
{
    va_list list;
    lines_end(l);
    va_start(list, format);
    char *line = next_line(l);
    if (vsnprintf(line, OUTPUT_LINE, format, list) < 0)
        line[0] = '\0';
    va_end(list);
}
