/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The difference between two frames, as bytes for a terminal that is like xterm. ncurses goes through a screen row by row and
 * changes the colour at every turn: two thirds of such a frame are colours. This one takes one colour after the other,
 * remembers the colour and the place of the cursor from frame to frame, and repeats a character by number: a first frame is a
 * third of ncurses', a ticking second a quarter. It knows no terminal: who calls it sends the bytes. */
#ifndef DAVY_SINK_PAINT_H
#define DAVY_SINK_PAINT_H

#include "view/grid.h"
#include "view/theme_ink.h"

struct paint_caps { /* besides what every terminal of that kind has */
    bool rep;       /* repeats the last character */
    bool rep_all;   /* also when it is none of ASCII's: old tmux does not */
    bool ech;       /* erases without moving */
    bool scroll;    /* moves rows within a region */
    bool bce;       /* what is erased has the colour of the pen */
};
enum { PENS = 2 * STYLE_COUNT + 1 };
struct span {
    int from, to;
    uint64_t pens; /* whose cells differ: a bit each */
};
struct painter {
    struct paint_caps caps;
    struct ink pen[PENS]; /* each look once; the first is the terminal's own */
    int pens;
    uint8_t pen_of[STYLE_COUNT], blank_of[STYLE_COUNT]; /* of a style; and of its blanks: what can be seen of them */
    struct cell *shown, *next;                          /* h rows of w; a cell's style is the number of a pen here */
    struct cell *given;                                 /* as the frame before had them */
    bool *same;                                         /* of each row: as given before, and shown so */
    struct span *span;                                  /* of each row: what differs lies in it */
    bool used[PENS];                                    /* by cells that differ */
    int w, h;
    bool known;           /* shown is what the terminal shows */
    int x, y;             /* the cursor; x < 0: not known */
    int now;              /* the pen that the terminal has; < 0: not known */
    bool ask;             /* with the next repetition the terminal is asked where its cursor is then */
    int asked_x, asked_y; /* there, if it can repeat; asked_y 0: not asked */
    char *out;            /* the bytes of a frame */
    size_t len, room;
};
void paint_looks(struct painter *p, const struct looks *l); /* all is to be painted anew */
void paint_size(struct painter *p, int w, int h);           /* likewise */
void paint_forget(struct painter *p);                       /* nobody knows what the terminal shows */
void paint_answer(struct painter *p, int x, int y);         /* where the cursor was */
void paint_put(struct painter *p, const char *bytes, size_t len);
/* Whether row y is what it was in the frame before: then nothing of it need be looked at, and p->next is not to be touched. */
bool paint_same(struct painter *p, int y, const struct cell *row);
/* Appends what turns the screen into p->next, which has styles in the rows that are not the same when this is called. */
void paint_next(struct painter *p);
void paint_release(struct painter *p);

/* paint_scroll.c: when rows stand elsewhere now, the terminal moves them. */
void paint_scroll(struct painter *p);
/* paint_pen.c */
void paint_text(struct painter *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pen_take(struct painter *p, int pen);
void pen_go(struct painter *p, int x, int y);

#endif
