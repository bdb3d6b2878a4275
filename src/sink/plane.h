/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A frame as text: the glyph plane and the style plane, one line a row, without trailing blanks and without escapes. */
#ifndef DAVY_SINK_PLANE_H
#define DAVY_SINK_PLANE_H

#include "model/model.h"
#include "view/view.h"

#include <stdio.h>

/* The screen at ui's size (1x1 at least). */
struct frame *plane_draw(const struct model *m, const struct ui *ui, struct arena *a);
void plane_glyphs(FILE *out, const struct frame *f); /* UTF-8 */
void plane_styles(FILE *out, const struct frame *f); /* a letter a cell, as in style_rows */
bool plane_end(FILE *out, struct err *e);            /* flushes; false when anything could not be written */

#endif
