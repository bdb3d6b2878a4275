/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The characters of our own drawing, and what stands for each where only 7-bit characters may be drawn. Besides lines
 * and blocks all have the East Asian width "neutral": no terminal draws them two cells wide. No emoji. */
#ifndef DAVY_VIEW_GLYPH_H
#define DAVY_VIEW_GLYPH_H

#include <uchar.h>

enum glyph {
    GLYPH_ELLIPSIS = 0x2026,
    GLYPH_DOT = 0x2219, /* between two facts on one line; a stage that waits */
    GLYPH_UP = 0x25B4,
    GLYPH_DOWN = 0x25BE,
    GLYPH_POINT = 0x25B8, /* runs now; the selected row; unchanged; where a gauge is heading */
    GLYPH_YES = 0x2713,
    GLYPH_NO = 0x2717,
    GLYPH_LINE = 0x2500,
    GLYPH_HEAVY = 0x2501,
    GLYPH_BAR = 0x2502,
    GLYPH_DASH = 0x254C,
    GLYPH_CORNER_TL = 0x256D,
    GLYPH_CORNER_TR = 0x256E,
    GLYPH_CORNER_BR = 0x256F,
    GLYPH_CORNER_BL = 0x2570,
    GLYPH_AXIS = 0x2524,
    GLYPH_EIGHTH = 0x2581,     /* .. 0x2588: one to eight eighths */
    GLYPH_SHADE = 0x2591,      /* inside of a band, where nothing else is */
    GLYPH_SHADE_DARK = 0x2593, /* inside of a band, over a bar */
    GLYPH_BRAILLE = 0x2800,
};

char32_t glyph_ascii(char32_t c); /* the 7-bit character that stands for c; '?' for what is not ours */

#endif
