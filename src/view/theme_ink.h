/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A style as a terminal of some depth shows it: two colours and the attributes. */
#ifndef DAVY_VIEW_THEME_INK_H
#define DAVY_VIEW_THEME_INK_H

#include "view/theme.h"

#include <stdbool.h>

/* A colour is -1 (the terminal's own), 0..255 (an index), or INK_RGB | 0xRRGGBB. What xterm has an index for is sent as
 * the index: that is half as many bytes. */
enum { INK_RGB = 1 << 24 };
struct ink {
    int32_t fg, bg;
    uint8_t attr;
};
struct ink ink_of(const struct looks *l, enum style s);
bool ink_same(struct ink a, struct ink b);
int32_t ink_rgb(int32_t color, int32_t own); /* 0xRRGGBB; own: what -1 means */
int32_t ground_ink(enum theme_ground g);     /* text and ground of a terminal that nobody can ask: for pictures */
int32_t ground_paper(enum theme_ground g);

#endif
