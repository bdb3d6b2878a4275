/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/theme_ink.h"

#include "view/palette.h"

/* Of a look's colour in its four forms. */
static int32_t color_at(enum color_depth d, int32_t rgb, int16_t c256, int16_t c16, int16_t c8)
{
    if (d == COLOR_AUTO)
        d = COLOR_24BIT;
    if (d == COLOR_24BIT && rgb >= 0 && palette_rgb(c256) != rgb)
        return INK_RGB | rgb;
    return d >= COLOR_256 ? c256 : d == COLOR_16 ? c16 : d == COLOR_8 ? c8 : -1;
}

struct ink ink_of(const struct looks *l, enum style s)
{
    const struct look *k = &l->theme->look[s < STYLE_COUNT ? s : STYLE_NORMAL];
    return (struct ink){
        .fg = color_at(l->depth, k->rgb, k->c256, k->c16, k->c8),
        .bg = color_at(l->depth, k->rgb_bg, k->bg256, k->bg16, k->bg8),
        .attr = l->depth == COLOR_NONE ? k->mono : k->attr,
    };
}

bool ink_same(struct ink a, struct ink b)
{
    return a.fg == b.fg && a.bg == b.bg && a.attr == b.attr;
}

int32_t ink_rgb(int32_t color, int32_t own)
{
    if (color < 0)
        return own;
    return color & INK_RGB ? color & 0xFFFFFF : palette_rgb(color);
}

int32_t ground_ink(enum theme_ground g)
{
    return g == GROUND_LIGHT ? 0x262626 : 0xD0D0D0;
}

int32_t ground_paper(enum theme_ground g)
{
    return g == GROUND_LIGHT ? 0xFFFFFF : 0x17171A;
}
