/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line made of pieces: those that do not fit are left out, the least important first; none is ever cut in the middle
 * but the last one standing. */
#ifndef DAVY_VIEW_PIECES_H
#define DAVY_VIEW_PIECES_H

#include "view/grid.h"

enum { PIECES = 16, PIECE_TEXT = 120 };
struct piece {
    char text[PIECE_TEXT];
    enum style style;
    int rank;   /* higher stays longer */
    int gap;    /* blanks before it, unless it is the first of its side */
    bool right; /* belongs to the right end */
};
struct pieces {
    struct piece piece[PIECES];
    int count;
};

void pieces_add(struct pieces *p, int rank, int gap, enum style s, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void pieces_add_right(struct pieces *p, int rank, int gap, enum style s, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void pieces_draw(struct pieces *p, struct grid row);
/* All pieces as plain text with separator between them, at most width cells. */
const char *pieces_text(struct arena *a, struct pieces *p, const char *separator, int width);

#endif
