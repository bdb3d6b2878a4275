/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The characters of our own drawing as shapes: no font is asked, so lines meet and charts keep their form everywhere. */
#ifndef DAVY_SINK_SVG_SHAPES_H
#define DAVY_SINK_SVG_SHAPES_H

#include <stdbool.h>
#include <stdio.h>
#include <uchar.h>

enum { SVG_CELL_W = 9, SVG_CELL_H = 18 };
enum svg_layer { SVG_THIN, SVG_THICK, SVG_FILL, SVG_LAYERS }; /* strokes of two widths, and areas */
bool svg_is_shape(char32_t c);
bool svg_in_layer(char32_t c, enum svg_layer layer);
void svg_shape(FILE *out, char32_t c, int x, int y); /* its part of a path, relative to the cell's corner x, y */

#endif
