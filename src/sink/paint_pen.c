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

static void add(struct sequence *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct sequence *s, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(s->text + s->len, sizeof s->text - s->len, format, list);
    va_end(list);
    s->len += n > 0 && s->len + (size_t)n < sizeof s->text ? (size_t)n : 0;
}

static void add_color(struct sequence *s, int32_t color, int base)
{
    if (color < 0)
        add(s, ";%d", base + 9);
    else if (color & INK_RGB)
        add(s, ";%d;2;%d;%d;%d", base + 8, color >> 16 & 255, color >> 8 & 255, color & 255);
    else if (color >= 16)
        add(s, ";%d;5;%d", base + 8, color);
    else
        add(s, ";%d", color >= 8 ? base + 52 + color : base + color);
}

static void add_attrs(struct sequence *s, unsigned attrs)
{
    static const int on[] = {1, 2, 7, 4}; /* in the order of enum look_attr */
    for (size_t i = 0; i < sizeof on / sizeof *on; i++)
        if (attrs & 1u << i)
            add(s, ";%d", on[i]);
}

static void anew(struct sequence *s, struct ink to)
{
    if (to.attr != 0 || to.fg >= 0 || to.bg >= 0)
        add(s, ";0");
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
        add(s, ";22");
        kept &= ~weight;
    }
    if (off & LOOK_UNDERLINE)
        add(s, ";24");
    if (off & LOOK_REVERSE)
        add(s, ";27");
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
    paint_text(p, "\033[%sm", s->len > 0 ? s->text + 1 : "");
    p->now = pen;
}

static void absolute(struct sequence *s, int x, int y)
{
    if (x == 0 && y == 0)
        add(s, "\033[H");
    else if (x == 0)
        add(s, "\033[%dH", y + 1);
    else
        add(s, "\033[%d;%dH", y + 1, x + 1);
}

static void steps(struct sequence *s, int n, char letter)
{
    if (n == 1)
        add(s, "\033[%c", letter);
    else
        add(s, "\033[%d%c", n, letter);
}

static void vertical(struct sequence *s, int dy)
{
    if (dy < 0)
        steps(s, -dy, 'A');
    else if (dy > LINE_FEEDS)
        steps(s, dy, 'B');
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
    add(&column, "\033[%dG", x + 1);
    if (x > from)
        steps(&step, x - from, 'C');
    else if (from - x > BACKSPACES)
        steps(&step, from - x, 'D');
    for (int i = 0; i < from - x && from - x <= BACKSPACES; i++)
        add(&step, "\b");
    add(s, "%s", step.len < column.len ? step.text : column.text);
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
