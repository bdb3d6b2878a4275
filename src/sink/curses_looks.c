/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many colours the terminal has, and the looks of the styles as the painter and as ncurses want them. */
#include "sink/curses_private.h"

#include "view/theme_ink.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

static bool flag(const char *name)
{
    return tigetflag((char *)(uintptr_t)name) == 1; /* the prototype wants a char * that it does not write to */
}

/* GNU screen 4 hands on what the terminal around it said of itself, but does not know such colours. */
static bool promised(void)
{
    const char *more = getenv("COLORTERM"), *term = getenv("TERM");
    bool screen = term != NULL && strncmp(term, "screen", 6) == 0 && getenv("TMUX") == NULL;
    return more != NULL && !screen && (strcmp(more, "truecolor") == 0 || strcmp(more, "24bit") == 0);
}

static enum color_depth depth(const struct curses *c)
{
    bool some = c->screen == NULL || has_colors();
    int colors = some ? tigetnum((char *)(uintptr_t) "colors") : 0;
    if (colors > 256 || (colors == 256 && (flag("RGB") || flag("Tc") || promised())))
        return COLOR_24BIT;
    if (colors >= 256)
        return COLOR_256;
    if (colors >= 16)
        return COLOR_16;
    return colors >= 8 ? COLOR_8 : COLOR_NONE;
}

static attr_t attr_of(uint8_t bits)
{
    static const attr_t table[] = {A_BOLD, A_DIM, A_REVERSE, A_UNDERLINE};
    attr_t attr = A_NORMAL;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (bits & 1 << i)
            attr |= table[i];
    return attr;
}

struct pairs {
    int32_t color[STYLE_COUNT][2];
    short used;
};

/* Styles that look alike share a pair: ncurses need not change colours between them. */
static short pair_of(struct pairs *p, struct ink ink)
{
    if (ink.fg < 0 && ink.bg < 0)
        return 0;
    for (short i = 0; i < p->used; i++)
        if (p->color[i][0] == ink.fg && p->color[i][1] == ink.bg)
            return (short)(i + 1);
    p->color[p->used][0] = ink.fg;
    p->color[p->used][1] = ink.bg;
    p->used++;
    init_pair(p->used, (short)ink.fg, (short)ink.bg);
    return p->used;
}

static void plain_looks(struct curses *c)
{
    struct looks plain = c->looks; /* ncurses has no names for more */
    if (plain.depth > COLOR_256)
        plain.depth = COLOR_256;
    struct pairs pairs = {.used = 0};
    if (plain.depth != COLOR_NONE) {
        start_color();
        use_default_colors();
    }
    for (int i = 0; i < STYLE_COUNT; i++) {
        struct ink ink = ink_of(&plain, (enum style)i);
        c->look[i].attr = attr_of(ink.attr);
        c->look[i].pair = pair_of(&pairs, ink);
    }
}

void term_looks(struct curses *c, const struct looks *asked)
{
    enum color_depth most = depth(c);
    c->looks = (struct looks){asked->theme, asked->depth == COLOR_AUTO || asked->depth > most ? most : asked->depth};
    if (c->modern)
        paint_looks(&c->paint, &c->looks);
    else
        plain_looks(c);
}
