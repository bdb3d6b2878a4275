/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/pieces.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

/* Where it stands and how it looks; the text comes here. */
__attribute__((format(printf, 3, 0))) static void add(struct pieces *p, struct piece piece, const char *format,
                                                      va_list list)
{
    if (p->count < PIECES && text_format(piece.text, sizeof piece.text, format, list))
        p->piece[p->count++] = piece;
}

void pieces_add(struct pieces *p, int rank, int gap, enum style s, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    add(p, (struct piece){.style = s, .rank = rank, .gap = gap}, format, list);
    va_end(list);
}

void pieces_add_right(struct pieces *p, int rank, int gap, enum style s, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    add(p, (struct piece){.style = s, .rank = rank, .gap = gap, .right = true}, format, list);
    va_end(list);
}

static int width_of(const struct pieces *p, const char *separator)
{
    int width = 0;
    for (int i = 0; i < p->count; i++)
        width += text_width(p->piece[i].text) + (i == 0 ? 0 : separator ? text_width(separator) : p->piece[i].gap);
    return width;
}

static void drop_least(struct pieces *p)
{
    int least = 0;
    for (int i = 1; i < p->count; i++) {
        if (p->piece[i].rank < p->piece[least].rank)
            least = i;
    }
    for (int i = least + 1; i < p->count; i++)
        p->piece[i - 1] = p->piece[i];
    p->count--;
}

static void fit(struct pieces *p, const char *separator, int width)
{
    while (p->count > 1 && width_of(p, separator) > width)
        drop_least(p);
}

void pieces_draw(struct pieces *p, struct grid row)
{
    fit(p, NULL, row.w);
    int x = 0, right = row.w;
    for (int i = 0; i < p->count; i++) {
        const struct piece *q = &p->piece[i];
        if (!q->right)
            x = grid_text_cut(row, x > 0 ? x + q->gap : 0, 0, row.w, q->style, q->text);
    }
    for (int i = p->count - 1; i >= 0; i--) {
        const struct piece *q = &p->piece[i];
        if (q->right) {
            grid_text_right(row, right, 0, q->style, q->text);
            right -= text_width(q->text) + q->gap;
        }
    }
}

const char *pieces_text(struct arena *a, struct pieces *p, const char *separator, int width)
{
    fit(p, separator, width);
    const char *text = "";
    for (int i = 0; i < p->count; i++)
        text = arena_text(a, "%s%s%s", text, i > 0 ? separator : "", p->piece[i].text);
    return text_safe(a, bytes_of(text), (size_t)width);
}
