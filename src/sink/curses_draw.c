/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A frame's cells into ncurses' screen, all of them each time; ncurses sends the difference. */
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

static void put(int y, int x, char32_t ch, const struct curses_look *look)
{
    const wchar_t text[2] = {(wchar_t)ch, 0};
    cchar_t cell;
    if (setcchar(&cell, text, look->attr, look->pair, NULL) == OK)
        mvadd_wch(y, x, &cell); /* fails in the last cell although it draws it */
}

static void draw_row(const struct curses *c, const struct frame *f, int y, int w)
{
    const struct cell *row = f->cell + (size_t)y * (size_t)f->w;
    for (int x = 0; x < w; x++) {
        const struct curses_look *look = &c->look[row[x].style < STYLE_COUNT ? row[x].style : 0];
        int width = row[x].ch == 0 ? 1 : cell_width(row[x].ch);
        bool whole = width < 2 || (x + 1 < w && row[x + 1].ch == 0);
        char32_t ch = row[x].ch == 0 || !whole ? U'?' : shown(c, row[x].ch, width);
        put(y, x, ch, look);
        if (width == 2 && whole && ch == '?')
            put(y, x + 1, ' ', look);
        x += width == 2 && whole; /* the padding cell belongs to the character */
    }
}

void draw_frame(const struct curses *c, const struct frame *f)
{
    int w = f->w < c->w ? f->w : c->w, h = f->h < c->h ? f->h : c->h;
    if (f->w < c->w || f->h < c->h)
        erase();
    for (int y = 0; y < h; y++)
        draw_row(c, f, y, w);
}
