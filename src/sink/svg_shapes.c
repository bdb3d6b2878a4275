/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/svg_shapes.h"

#include "view/glyph.h"

#include <stddef.h>

/* One to eight eighths, from the bottom. */
static void eighths(FILE *out, char32_t c)
{
    double high = (double)(c - GLYPH_EIGHTH + 1) * SVG_CELL_H / 8;
    fprintf(out, "m0 %gh%dv%gh-%dz", SVG_CELL_H - high, SVG_CELL_W, high, SVG_CELL_W);
}

/* Bits of a braille character, column by column: 1 2 3 7 and 4 5 6 8. */
static void dots(FILE *out, char32_t c)
{
    static const unsigned char bit[8] = {0, 1, 2, 6, 3, 4, 5, 7};
    double x = 0, y = 0;
    for (int i = 0; i < 8; i++) {
        if (!((unsigned)(c - GLYPH_BRAILLE) >> bit[i] & 1))
            continue;
        double to_x = 0.75 + i / 4 * 4.5, to_y = 0.75 + i % 4 * 4.5;
        fprintf(out, "m%g %gh3v3h-3z", to_x - x, to_y - y);
        x = to_x;
        y = to_y;
    }
}

/* c 0: drawn by draw; else the path stands here. In the order of the code points. */
static const struct shape {
    char32_t first, last;
    enum svg_layer layer;
    const char *path;
    void (*draw)(FILE *out, char32_t c);
} shapes[] = {
    {GLYPH_ELLIPSIS, GLYPH_ELLIPSIS, SVG_FILL, "m.75 12h1.5v1.5h-1.5zm3 0h1.5v1.5h-1.5zm3 0h1.5v1.5h-1.5z", NULL},
    {GLYPH_DOT, GLYPH_DOT, SVG_FILL, "m3.5 8h2v2h-2z", NULL},
    {GLYPH_LINE, GLYPH_LINE, SVG_THIN, "m0 9h9", NULL},
    {GLYPH_HEAVY, GLYPH_HEAVY, SVG_THICK, "m0 9h9", NULL},
    {GLYPH_BAR, GLYPH_BAR, SVG_THIN, "m4.5 0v18", NULL},
    {GLYPH_AXIS, GLYPH_AXIS, SVG_THIN, "m4.5 0v18m0-9h-4.5", NULL},
    {GLYPH_DASH, GLYPH_DASH, SVG_THIN, "m1 9h2.5m2 0h2.5", NULL},
    {GLYPH_CORNER_TL, GLYPH_CORNER_TL, SVG_THIN, "m9 9q-4.5 0-4.5 4.5v4.5", NULL},
    {GLYPH_CORNER_TR, GLYPH_CORNER_TR, SVG_THIN, "m0 9q4.5 0 4.5 4.5v4.5", NULL},
    {GLYPH_CORNER_BR, GLYPH_CORNER_BR, SVG_THIN, "m0 9q4.5 0 4.5-4.5v-4.5", NULL},
    {GLYPH_CORNER_BL, GLYPH_CORNER_BL, SVG_THIN, "m9 9q-4.5 0-4.5-4.5v-4.5", NULL},
    {GLYPH_EIGHTH, GLYPH_EIGHTH + 7, SVG_FILL, NULL, eighths},
    {GLYPH_UP, GLYPH_UP, SVG_FILL, "m1 12h7l-3.5-6z", NULL},
    {GLYPH_POINT, GLYPH_POINT, SVG_FILL, "m2 5v8l5.5-4z", NULL},
    {GLYPH_DOWN, GLYPH_DOWN, SVG_FILL, "m1 6h7l-3.5 6z", NULL},
    {GLYPH_YES, GLYPH_YES, SVG_THIN, "m1.5 9.5 2.5 3 4-7", NULL},
    {GLYPH_NO, GLYPH_NO, SVG_THIN, "m1.5 5.5 6 7m0-7-6 7", NULL},
    {GLYPH_BRAILLE, GLYPH_BRAILLE + 255, SVG_FILL, NULL, dots},
};

static const struct shape *shape_of(char32_t c)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (c >= shapes[i].first && c <= shapes[i].last)
            return &shapes[i];
    }
    return NULL;
}

bool svg_is_shape(char32_t c)
{
    return shape_of(c) != NULL;
}

bool svg_in_layer(char32_t c, enum svg_layer layer)
{
    const struct shape *s = shape_of(c);
    return s && s->layer == layer && c != GLYPH_BRAILLE;
}

void svg_shape(FILE *out, char32_t c, int x, int y)
{
    const struct shape *s = shape_of(c);
    fprintf(out, "M%d %d", x, y);
    if (s->path)
        fputs(s->path, out);
    else
        s->draw(out, c);
}
