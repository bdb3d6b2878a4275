/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From 0xRRGGBB to the nearest colour of smaller palettes. -1 stays -1, the terminal's own. */
#ifndef DAVY_VIEW_PALETTE_H
#define DAVY_VIEW_PALETTE_H

#include <stdint.h>

int16_t palette_256(int32_t rgb); /* 16..255: the cube and the greys, which no terminal theme redefines */
int16_t palette_16(int32_t rgb);  /* by hue, not by distance: a soft red stays red and does not become grey */
int16_t palette_8(int32_t rgb);   /* the same without the bright half */
int32_t palette_rgb(int index);   /* what xterm shows for 0..255; -1 outside */

#endif
