/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the curses sink, shared by the curses*.c files only. */
#ifndef DAVY_SINK_CURSES_PRIVATE_H
#define DAVY_SINK_CURSES_PRIVATE_H

#include "sink/curses.h"
#include "sink/curses_keys.h"
#include "sink/curses_restore.h"
#include "sink/curses_tty.h"

#include <stdio.h>

struct curses_look {
    uint32_t attr;              /* attr_t */
    short pair;
};
struct curses {
    struct tty tty;
    struct keys keys;
    struct restore restore;
    void *screen;               /* SCREEN */
    FILE *catcher;              /* a memory file: where ncurses writes */
    bool ascii;                 /* only 7-bit characters may be sent */
    bool plain;                 /* the font has 256 or 512 characters: neither braille nor round corners, as the console's */
    bool modern;                /* knows xterm's private modes */
    bool entering;              /* the next frame starts with the modes that ncurses knows nothing of */
    bool suspended;             /* by us: the shell had the terminal */
    int w, h;
    struct curses_look look[STYLE_COUNT];
};

/* curses_term.c: terminfo. */
bool term_open(struct curses *c, struct err *e);
void term_restore_bytes(struct curses *c);
void term_keys(struct keys *k);
void term_looks(struct curses *c, const struct theme *theme, bool no_color);
void term_resize(const struct curses *c);
void term_close(struct curses *c);
/* curses_draw.c: cells. */
void draw_frame(const struct curses *c, const struct frame *f);

#endif
