/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes, colours and the cursor: the shortest way from what the terminal has to what it should have. */
#include "sink/paint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEQUENCE = 96, BLOCK = 4096, LINE_FEEDS = 3, BACKSPACES = 3 };

void paint_put(struct painter *p, const char *bytes, size_t len)
{
    if (p->len + len > p->room) {
        size_t room = (p->len + len + BLOCK) & ~(size_t)(BLOCK - 1);
        char *more = realloc(p->out, room);
        if (more == NULL)
            abort();
        p->out = more;
        p->room = room;
    }
    memcpy(p->out + p->len, bytes, len);
    p->len += len;
}

void paint_text(struct painter *p, const char *format, ...)
{
    char text[SEQUENCE];
    va_list list;
    va_start(list, format);
    int n = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    paint_put(p, text, n > 0 && n < SEQUENCE ? (size_t)n : 0);
}

struct sequence { /* parameters that grow: ";1;38;5;3" */
    char text[SEQUENCE];
    size_t len;
};

static void add(struct sequence *s, const char *text)
{
    while (*text != '\0' && s->len < sizeof s->text)
        s->text[s->len++] = *text++;
}

/* printf() is slow, and a frame has a thousand of these. */
static void add_number(struct sequence *s, int n)
{
    char digits[12];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do
        digits[--at] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    add(s, digits + at);
}

static void add_parameter(struct sequence *s, int n)
{
    add(s, ";");
    add_number(s, n);
}

static void add_color(struct sequence *s, int32_t color, int base)
{
    if (color < 0 || (color < 16 && !(color & INK_RGB))) {
        add_parameter(s, color < 0 ? base + 9 : color >= 8 ? base + 52 + color : base + color);
        return;
    }
    add_parameter(s, base + 8);
    add_parameter(s, color & INK_RGB ? 2 : 5);
    if (!(color & INK_RGB)) {
        add_parameter(s, color);
        return;
    }
    for (int shift = 16; shift >= 0; shift -= 8)
        add_parameter(s, color >> shift & 255);
}

static void add_attrs(struct sequence *s, unsigned attrs)
{
    static const int on[] = {1, 2, 7, 4}; /* in the order of enum look_attr */
    for (size_t i = 0; i < sizeof on / sizeof *on; i++)
        if (attrs & 1u << i)
            add_parameter(s, on[i]);
}

static void anew(struct sequence *s, struct ink to)
{
    if (to.attr != 0 || to.fg >= 0 || to.bg >= 0)
        add_parameter(s, 0);
    add_attrs(s, to.attr);
    if (to.fg >= 0)
        add_color(s, to.fg, 30);
    if (to.bg >= 0)
        add_color(s, to.bg, 40);
}

/* Bold and dim end together. */
static void difference(struct sequence *s, struct ink from, struct ink to)
{
    unsigned weight = LOOK_BOLD | LOOK_DIM, kept = from.attr, off = from.attr & ~(unsigned)to.attr;
    if (off & weight) {
        add_parameter(s, 22);
        kept &= ~weight;
    }
    if (off & LOOK_UNDERLINE)
        add_parameter(s, 24);
    if (off & LOOK_REVERSE)
        add_parameter(s, 27);
    add_attrs(s, to.attr & ~kept);
    if (from.fg != to.fg)
        add_color(s, to.fg, 30);
    if (from.bg != to.bg)
        add_color(s, to.bg, 40);
}

void pen_take(struct painter *p, int pen)
{
    struct sequence whole = {.len = 0}, part = {.len = 0};
    if (pen == p->now)
        return;
    anew(&whole, p->pen[pen]);
    if (p->now >= 0)
        difference(&part, p->pen[p->now], p->pen[pen]);
    const struct sequence *s = p->now >= 0 && part.len < whole.len ? &part : &whole;
    paint_put(p, "\033[", 2);
    if (s->len > 0)
        paint_put(p, s->text + 1, s->len - 1);
    paint_put(p, "m", 1);
    p->now = pen;
}

/* "\033[5;7H" with the numbers in the middle; 0: none. */
static void control(struct sequence *s, int first, int second, const char *letter)
{
    add(s, "\033[");
    if (first > 0)
        add_number(s, first);
    if (second > 0)
        add_parameter(s, second);
    add(s, letter);
}

static void absolute(struct sequence *s, int x, int y)
{
    control(s, y > 0 || x > 0 ? y + 1 : 0, x > 0 ? x + 1 : 0, "H");
}

static void steps(struct sequence *s, int n, const char *letter)
{
    control(s, n > 1 ? n : 0, 0, letter);
}

static void vertical(struct sequence *s, int dy)
{
    if (dy < 0)
        steps(s, -dy, "A");
    else if (dy > LINE_FEEDS)
        steps(s, dy, "B");
    for (int i = 0; i < dy && dy <= LINE_FEEDS; i++) /* output is not translated: the column stays */
        add(s, "\n");
}

static void horizontal(struct sequence *s, int from, int x)
{
    struct sequence column = {.len = 0}, step = {.len = 0};
    if (from == x)
        return;
    if (x == 0) {
        add(s, "\r");
        return;
    }
    control(&column, x + 1, 0, "G");
    if (x > from)
        steps(&step, x - from, "C");
    else if (from - x > BACKSPACES)
        steps(&step, from - x, "D");
    for (int i = 0; i < from - x && from - x <= BACKSPACES; i++)
        add(&step, "\b");
    const struct sequence *best = step.len < column.len ? &step : &column;
    for (size_t i = 0; i < best->len && s->len < sizeof s->text; i++)
        s->text[s->len++] = best->text[i];
}

void pen_go(struct painter *p, int x, int y)
{
    struct sequence there = {.len = 0}, along = {.len = 0};
    if (p->x == x && p->y == y)
        return;
    absolute(&there, x, y);
    if (p->x >= 0) {
        vertical(&along, y - p->y);
        horizontal(&along, p->x, x);
    }
    const struct sequence *s = p->x >= 0 && along.len < there.len ? &along : &there;
    paint_put(p, s->text, s->len);
    p->x = x;
    p->y = y;
}
