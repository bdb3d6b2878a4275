/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A frame's cells as the terminal can show them; and into ncurses' screen, all of them each time: it sends the difference. */
#include "sink/curses_private.h"

#include "base/utf8.h"

#include <curses.h>
#include <string.h>
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

/* Nearly all cells, and lines are the same character again and again. */
static bool is_plain(const struct cell *row, int x, const struct cell *out)
{
    char32_t ch = row[x].ch;
    return row[x].style < STYLE_COUNT && ((ch >= 0x20 && ch < 0x7f) || (x > 0 && ch >= 0x2500 && ch < 0x2600 &&
                                                                        ch == row[x - 1].ch && ch == out[x - 1].ch));
}

static void draw_row(const struct curses *c, const struct cell *row, int w, struct cell *out)
{
    for (int x = 0; x < w; x++) {
        if (is_plain(row, x, out)) {
            out[x] = row[x];
            continue;
        }
        out[x] = safe(c, row, x, w);
        if (row[x].ch == 0 || cell_width(row[x].ch) < 2 || x + 1 >= w || row[x + 1].ch != 0)
            continue;
        /* The padding cell belongs to the character. */
        out[x + 1] = (struct cell){out[x].ch == U'?' ? U' ' : 0, out[x].style};
        x++;
    }
}

static const struct cell *row_of(const struct frame *f, int y)
{
    return f->cell + (size_t)y * (size_t)f->w;
}

/* A frame of another size than the terminal's: it was made before that changed. */
static void draw_part(const struct curses *c, const struct frame *f, struct cell *out)
{
    int w = f->w < c->w ? f->w : c->w, h = f->h < c->h ? f->h : c->h;
    for (size_t i = 0; i < (size_t)c->w * (size_t)c->h; i++)
        out[i] = (struct cell){U' ', STYLE_NORMAL};
    for (int y = 0; y < h; y++)
        draw_row(c, row_of(f, y), w, out + (size_t)y * (size_t)c->w);
}

void draw_cells(const struct curses *c, const struct frame *f, struct cell *out)
{
    if (f->w != c->w || f->h != c->h)
        draw_part(c, f, out);
    else
        for (int y = 0; y < c->h; y++)
            draw_row(c, row_of(f, y), c->w, out + (size_t)y * (size_t)c->w);
}

void draw_changes(const struct curses *c, const struct frame *f, struct painter *p)
{
    if (f->w != c->w || f->h != c->h) {
        paint_forget(p);
        memset(p->same, 0, (size_t)p->h * sizeof *p->same);
        draw_part(c, f, p->next);
        return;
    }
    for (int y = 0; y < c->h; y++)
        if (!paint_same(p, y, row_of(f, y)))
            draw_row(c, row_of(f, y), c->w, p->next + (size_t)y * (size_t)c->w);
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
