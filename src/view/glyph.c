/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/glyph.h"

#include <stddef.h>

/* In the order of the code points. */
static const struct {
    char32_t first, last;
    char ascii;
} plain[] = {
    {GLYPH_ELLIPSIS, GLYPH_ELLIPSIS, '~'},
    {GLYPH_DOT, GLYPH_DOT, '.'},
    {0x2190, 0x2190, '<'}, /* arrows: names of keys in hints */
    {0x2191, 0x2191, '^'},
    {0x2192, 0x2192, '>'},
    {0x2193, 0x2193, 'v'},
    {GLYPH_LINE, GLYPH_LINE, '-'},
    {GLYPH_HEAVY, GLYPH_HEAVY, '#'},
    {GLYPH_BAR, GLYPH_BAR, '|'},
    {GLYPH_AXIS, GLYPH_AXIS, '|'},
    {GLYPH_DASH, GLYPH_DASH, '-'},
    {GLYPH_CORNER_TL, GLYPH_CORNER_BL, '+'},
    {0x2581, 0x2583, '.'},
    {0x2584, 0x2586, ':'},
    {0x2587, 0x2588, '#'},
    {GLYPH_SHADE, GLYPH_SHADE, ':'},
    {GLYPH_SHADE_DARK, GLYPH_SHADE_DARK, '%'},
    {GLYPH_UP, GLYPH_UP, '^'},
    {GLYPH_POINT, GLYPH_POINT, '>'},
    {GLYPH_DOWN, GLYPH_DOWN, 'v'},
    {GLYPH_YES, GLYPH_YES, '+'},
    {GLYPH_NO, GLYPH_NO, 'x'},
    {GLYPH_BRAILLE, GLYPH_BRAILLE, ' '},
    {0x2801, 0x28FF, ':'},
};

char32_t glyph_ascii(char32_t c)
{
    if (c < 0x7F)
        return c;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (c >= plain[i].first && c <= plain[i].last)
            return (char32_t)plain[i].ascii;
    }
    return '?';
}
