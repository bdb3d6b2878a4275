/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/grid.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "view/glyph.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct frame *frame_new(struct arena *a, int w, int h)
{
    struct frame *f = arena_alloc(a, sizeof *f);
    f->w = w < 1 ? 1 : w;
    f->h = h < 1 ? 1 : h;
    f->next_ms = INT64_MAX;
    f->arena = a;
    for (int i = 0; i < FRAME_PARTS; i++)
        f->part_ms[i] = INT64_MAX;
    size_t count = (size_t)f->w * (size_t)f->h;
    f->cell = arena_array(a, count, sizeof *f->cell);
    for (size_t i = 0; i < count; i++)
        f->cell[i].ch = ' ';
    return f;
}

struct grid frame_grid(struct frame *f)
{
    return (struct grid){f, 0, 0, f->w, f->h};
}

struct grid grid_part(struct grid g, int x, int y, int w, int h)
{
    int left = x < 0 ? 0 : x, top = y < 0 ? 0 : y;
    int right = x + w > g.w ? g.w : x + w, bottom = y + h > g.h ? g.h : y + h;
    if (right <= left || bottom <= top)
        return (struct grid){g.frame, g.x, g.y, 0, 0};
    return (struct grid){g.frame, g.x + left, g.y + top, right - left, bottom - top};
}

/* Overwriting one half of a wide character blanks its other half, even outside of the grid: half a character is worse. */
static void set_cell(struct frame *f, int x, int y, enum style s, char32_t c)
{
    struct cell *row = f->cell + (size_t)y * (size_t)f->w;
    if (row[x].ch == 0 && x > 0)
        row[x - 1].ch = ' ';
    if (x + 1 < f->w && row[x + 1].ch == 0)
        row[x + 1].ch = ' ';
    row[x] = (struct cell){c, (uint8_t)s};
}

int grid_put(struct grid g, int x, int y, enum style s, char32_t c)
{
    if (c < ' ' || (c >= 0x7F && c < 0xA0)) /* text_safe() lets none through; the terminal would obey it */
        c = 0xB7;
    int width = cell_width(c);
    if (width == 0)
        return x;
    if (y < 0 || y >= g.h || x < 0 || x >= g.w)
        return x + width;
    if (x + width > g.w) {
        set_cell(g.frame, g.x + x, g.y + y, s, ' ');
        return g.w;
    }
    set_cell(g.frame, g.x + x, g.y + y, s, c);
    if (width == 2) {
        set_cell(g.frame, g.x + x + 1, g.y + y, s, ' ');
        g.frame->cell[(size_t)(g.y + y) * (size_t)g.frame->w + (size_t)(g.x + x + 1)].ch = 0;
    }
    return x + width;
}

char32_t grid_at(struct grid g, int x, int y)
{
    bool inside = x >= 0 && y >= 0 && x < g.w && y < g.h;
    return inside ? g.frame->cell[(size_t)(g.y + y) * (size_t)g.frame->w + (size_t)(g.x + x)].ch : 0;
}

static int put_bytes(struct grid g, int x, int y, enum style s, struct bytes text)
{
    while (text.len > 0 && x < g.w)
        x = grid_put(g, x, y, s, utf8_next(&text));
    return x > g.w ? g.w : x;
}

int grid_text(struct grid g, int x, int y, enum style s, const char *text)
{
    return put_bytes(g, x, y, s, bytes_of(text));
}

bool text_format(char *out, size_t size, const char *format, va_list list)
{
    int length = vsnprintf(out, size, format, list);
    if (length <= 0)
        return false;
    if ((size_t)length >= size) { /* cut: take the last character away, torn or not */
        size_t end = size - 1;
        while (end > 0 && ((unsigned char)out[end - 1] & 0xC0) == 0x80)
            end--;
        out[end > 0 ? end - 1 : 0] = '\0';
    }
    return true;
}

int grid_textf(struct grid g, int x, int y, enum style s, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    bool any = text_format(text, sizeof text, format, list);
    va_end(list);
    return any ? grid_text(g, x, y, s, text) : x;
}

int grid_text_right(struct grid g, int right, int y, enum style s, const char *text)
{
    struct bytes rest = bytes_of(text);
    int x = right - text_width(text);
    while (rest.len > 0 && x < 0) {
        x += cell_width(utf8_next(&rest));
    }
    return put_bytes(grid_part(g, 0, 0, right, g.h), x, y, s, rest);
}

int grid_text_cut(struct grid g, int x, int y, int width, enum style s, const char *text)
{
    if (width > g.w - x)
        width = g.w - x;
    if (width <= 0 || !text)
        return x;
    if (text_width(text) <= width)
        return grid_text(g, x, y, s, text);
    struct bytes rest = bytes_of(text);
    int end = x + width - 1;
    while (rest.len > 0) {
        char32_t c = utf8_next(&rest);
        if (x + cell_width(c) > end)
            break;
        x = grid_put(g, x, y, s, c);
    }
    return grid_put(g, x, y, s, GLYPH_ELLIPSIS);
}

int grid_text_mid(struct grid g, int x, int y, int width, enum style s, const char *text)
{
    int tail = width / 2 - 1;
    struct bytes rest = bytes_of(text);
    if (tail < 2 || text_width(text) <= width)
        return grid_text_cut(g, x, y, width, s, text);
    for (int left = text_width(text); left > tail;)
        left -= cell_width(utf8_next(&rest));
    grid_text_cut(g, x, y, width - tail, s, text);
    return put_bytes(grid_part(g, 0, 0, x + width, g.h), x + width - tail, y, s, rest);
}

/* Takes the next line of at most width cells off rest: breaks at the last blank, or in the word when there is none. */
static struct bytes take_line(struct bytes *rest, int width)
{
    while (rest->len > 0 && *rest->at == ' ')
        *rest = bytes_from(*rest, 1);
    struct bytes scan = *rest;
    size_t blank = 0, end = 0;
    for (int used = 0; scan.len > 0; end = rest->len - scan.len) {
        if (*scan.at == ' ')
            blank = end;
        used += cell_width(utf8_next(&scan));
        if (used > width)
            break;
    }
    bool whole = end == rest->len;
    if (end == 0) /* not even one character fits: step over it, or the caller would never end */
        end = rest->len - scan.len;
    struct bytes line = {rest->at, !whole && blank > 0 ? blank : end};
    *rest = bytes_from(*rest, line.len);
    return line;
}

static bool only_blanks(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != ' ')
            return false;
    }
    return true;
}

int grid_wrap(struct grid g, int x, int y, int width, int max_rows, enum style s, const char *text)
{
    struct bytes rest = bytes_of(text);
    int rows = 0;
    if (width > g.w - x)
        width = g.w - x;
    while (rows < max_rows && width > 0 && !only_blanks(rest)) {
        struct bytes line = take_line(&rest, width);
        int end = put_bytes(grid_part(g, 0, 0, x + width, g.h), x, y + rows, s, line);
        rows++;
        if (rows == max_rows && !only_blanks(rest))
            grid_put(g, end < x + width ? end : x + width - 1, y + rows - 1, s, GLYPH_ELLIPSIS);
    }
    return rows;
}

int text_rows(const char *text, int width)
{
    struct bytes rest = bytes_of(text);
    int rows = 0;
    while (width > 0 && !only_blanks(rest)) {
        take_line(&rest, width);
        rows++;
    }
    return rows;
}

void grid_fill(struct grid g, int x, int y, int w, int h, enum style s, char32_t c)
{
    struct grid part = grid_part(g, x, y, w, h);
    bool single = c >= ' ' && c != 0x7F && (c < 0x7F || (c >= 0xA0 && cell_width(c) == 1));
    for (int row = 0; row < part.h; row++) {
        for (int column = 0; column < part.w; column++) {
            if (single)
                set_cell(part.frame, part.x + column, part.y + row, s, c);
            else
                grid_put(part, column, row, s, c);
        }
    }
}

void grid_wake(struct grid g, int64_t at_ms)
{
    if (g.frame && at_ms < g.frame->next_ms)
        g.frame->next_ms = at_ms;
}

const char *grid_age(struct grid g, char out[32], int64_t now_ms, int64_t at_ms)
{
    if (at_ms == NOT_KNOWN)
        return memcpy(out, "n/a", sizeof "n/a");
    int64_t age = now_ms > at_ms ? now_ms - at_ms : 0;
    grid_wake(g, now_ms + age_step_ms(age));
    return age_text(out, age);
}

const char *grid_ago(struct grid g, char out[32], int64_t now_ms, int64_t at_ms)
{
    grid_age(g, out, now_ms, at_ms);
    if (out[0] < '0' || out[0] > '9')
        return at_ms == NOT_KNOWN ? out : memcpy(out, "just now", sizeof "just now");
    memcpy(out + strlen(out), " ago", sizeof " ago");
    return out;
}

const char *grid_countdown(struct grid g, char out[32], int64_t now_ms, int64_t to_ms)
{
    if (to_ms == NOT_KNOWN)
        return memcpy(out, "n/a", sizeof "n/a");
    int64_t left = to_ms > now_ms ? to_ms - now_ms : 0;
    if (left > 0)
        grid_wake(g, now_ms + countdown_step_ms(left));
    return countdown(out, left);
}
