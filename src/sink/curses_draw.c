/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A frame's cells as the terminal can show them; and into ncurses' screen, all of them each time: it sends the difference. */
#include "sink/curses_private.h"

#include "base/utf8.h"

#include <curses.h>
#include <wchar.h>

/* Our table of widths and the terminal's (libc's, as ncurses sees it) need not agree: where they do not, a '?' of our
 * width keeps the columns where they are. */
static char32_t shown(const struct curses *c, char32_t ch, int width)
{
    if (ch < 0x20 || (ch >= 0x7f && ch < 0xa0) || (c->ascii && ch >= 0x7f))
        return '?';
    return ch < 0x7f || wcwidth((wchar_t)ch) == width ? ch : U'?';
}

static struct cell safe(const struct curses *c, const struct cell *row, int x, int w)
{
    int width = row[x].ch == 0 ? 1 : cell_width(row[x].ch);
    bool whole = width < 2 || (x + 1 < w && row[x + 1].ch == 0);
    char32_t ch = row[x].ch == 0 || !whole ? U'?' : shown(c, row[x].ch, width);
    return (struct cell){ch, row[x].style < STYLE_COUNT ? row[x].style : 0};
}

static void draw_row(const struct curses *c, const struct frame *f, int y, int w, struct cell *out)
{
    const struct cell *row = f->cell + (size_t)y * (size_t)f->w;
    for (int x = 0; x < w; x++) {
        out[x] = safe(c, row, x, w);
        if (row[x].ch == 0 || cell_width(row[x].ch) < 2 || x + 1 >= w || row[x + 1].ch != 0)
            continue;
        /* The padding cell belongs to the character. */
        out[x + 1] = (struct cell){out[x].ch == U'?' ? U' ' : 0, out[x].style};
        x++;
    }
}

void draw_cells(const struct curses *c, const struct frame *f, struct cell *out)
{
    int w = f->w < c->w ? f->w : c->w, h = f->h < c->h ? f->h : c->h;
    for (size_t i = 0; (w < c->w || h < c->h) && i < (size_t)c->w * (size_t)c->h; i++)
        out[i] = (struct cell){U' ', STYLE_NORMAL};
    for (int y = 0; y < h; y++)
        draw_row(c, f, y, w, out + (size_t)y * (size_t)c->w);
}

static void put(int y, int x, char32_t ch, const struct curses_look *look)
{
    const wchar_t text[2] = {(wchar_t)ch, 0};
    cchar_t cell;
    if (setcchar(&cell, text, look->attr, look->pair, NULL) == OK)
        mvadd_wch(y, x, &cell); /* fails in the last cell although it draws it */
}

void draw_screen(const struct curses *c, const struct cell *cells)
{
    for (int y = 0; y < c->h; y++)
        for (int x = 0; x < c->w; x++, cells++)
            if (cells->ch != 0)
                put(y, x, cells->ch, &c->look[cells->style]);
}
