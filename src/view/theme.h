/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A theme: the looks of each style, for each depth of colour. Colours are -1 (the terminal's own), 0..255 (palette). */
#ifndef DAVY_VIEW_THEME_H
#define DAVY_VIEW_THEME_H

#include "base/err.h"
#include "base/arena.h"
#include "view/style.h"

enum look_attr { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_REVERSE = 4, LOOK_UNDERLINE = 8 };
struct look {
    int32_t rgb, rgb_bg;                     /* 0xRRGGBB; -1: the terminal's own */
    int16_t c256, bg256, c16, bg16, c8, bg8; /* -1: the terminal's own */
    uint8_t attr;                            /* with colours */
    uint8_t mono;                            /* without */
};
/* What is behind the cells where a theme leaves that to the terminal. A theme for any ground uses no colours of its own. */
enum theme_ground { GROUND_DARK, GROUND_LIGHT, GROUND_ANY };
struct theme {
    const char *name, *help;
    enum theme_ground ground;
    struct look look[STYLE_COUNT];
};
/* How many colours a terminal or a picture has. AUTO: what the terminal says, or all. */
enum color_depth {
    COLOR_AUTO = -1,
    COLOR_NONE = 0,
    COLOR_8 = 8,
    COLOR_16 = 16,
    COLOR_256 = 256,
    COLOR_24BIT = 1 << 24
};
struct looks { /* a theme as it is to be shown */
    const struct theme *theme;
    enum color_depth depth;
};
extern const struct theme theme_lamp; /* the built-in default; themes/lamp.toml says the same (a test compares) */
/* A theme file (TOML). 256, 16 and 8 colours are derived from rgb where not given. Missing styles come from lamp; what a
 * style leaves to the terminal comes from normal. */
const struct theme *theme_decode(struct arena *a, struct bytes toml, const char *name, struct err *e);

#endif
