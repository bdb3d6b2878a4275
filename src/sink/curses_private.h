/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the curses sink, shared by the curses*.c files only. */
#ifndef DAVY_SINK_CURSES_PRIVATE_H
#define DAVY_SINK_CURSES_PRIVATE_H

#include "sink/curses.h"
#include "sink/curses_keys.h"
#include "sink/curses_restore.h"
#include "sink/curses_tty.h"
#include "sink/paint.h"

#include <stdio.h>

struct curses_look {
    uint32_t attr; /* attr_t */
    short pair;
};
struct curses {
    struct tty tty;
    struct keys keys;
    struct restore restore;
    void *screen;         /* SCREEN */
    FILE *catcher;        /* a memory file: where ncurses writes */
    struct painter paint; /* of a modern terminal: ncurses draws on the others only */
    char *along;          /* leaves with the next frame; NULL */
    size_t along_len;
    char enter[256];      /* what puts a modern terminal into our hands */
    size_t enter_len;
    bool ascii;     /* only 7-bit characters may be sent */
    bool plain;     /* the font has 256 or 512 characters: neither braille nor round corners, as the console's */
    bool modern;    /* knows xterm's private modes */
    bool entering;  /* the next frame starts with the modes that ncurses knows nothing of */
    bool suspended; /* by us: the shell had the terminal */
    int64_t asked_ms; /* since when the terminal may have been asked something; monotonic */
    int w, h;
    struct looks looks; /* what is shown: at most what the terminal has */
    struct curses_look look[STYLE_COUNT];
};

/* curses_term.c: terminfo. */
bool term_open(struct curses *c, struct err *e);
void term_restore_bytes(struct curses *c);
void term_keys(struct keys *k);
void term_resize(const struct curses *c);
void term_close(struct curses *c);
/* curses_looks.c: sets looks and look. */
void term_looks(struct curses *c, const struct looks *asked);
void term_enter_bytes(struct curses *c);
/* curses_draw.c: cells, each with a character that the terminal can show; c->h rows of c->w. */
void draw_cells(const struct curses *c, const struct frame *f, struct cell *out);
void draw_changes(const struct curses *c, const struct frame *f, struct painter *p); /* into p->next */
void draw_screen(const struct curses *c, const struct cell *cells); /* into ncurses' */
/* curses_ground.c: before the first frame; and before the modes are put back. */
void ground_enter(struct curses *c);
void ground_leave(struct curses *c);
/* curses_along.c */
void along_paint(struct curses *c); /* behind the frame that the painter has */
char *along_append(struct curses *c, char *bytes, size_t *len);
void along_release(struct curses *c);

#endif
