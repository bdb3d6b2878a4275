/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/palette.h"

#include <stdbool.h>

struct channels {
    int r, g, b;
};

static struct channels channels_of(int32_t rgb)
{
    return (struct channels){(rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255};
}

static int cube_level(int step)
{
    return step == 0 ? 0 : 55 + 40 * step;
}

int32_t palette_rgb(int index)
{
    static const int32_t named[16] = {0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
                                      0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF};
    if (index < 0 || index > 255)
        return -1;
    if (index < 16)
        return named[index];
    if (index >= 232)
        return (8 + 10 * (index - 232)) * 0x010101;
    int n = index - 16;
    return cube_level(n / 36) << 16 | cube_level(n / 6 % 6) << 8 | cube_level(n % 6);
}

static int distance(struct channels a, struct channels b)
{
    int r = a.r - b.r, g = a.g - b.g, blue = a.b - b.b;
    return 3 * r * r + 6 * g * g + blue * blue;
}

int16_t palette_256(int32_t rgb)
{
    if (rgb < 0)
        return -1;
    int best = 16;
    for (int i = 17; i < 256; i++) {
        if (distance(channels_of(rgb), channels_of(palette_rgb(i))) <
            distance(channels_of(rgb), channels_of(palette_rgb(best))))
            best = i;
    }
    return (int16_t)best;
}

/* Bits of the primaries that shine: red 1, green 2, blue 4. A little below halfway counts too: amber is a yellow. */
static int hue_bits(struct channels c, int low, int high)
{
    int shine = low + (high - low) * 7 / 16;
    return (c.r > shine ? 1 : 0) | (c.g > shine ? 2 : 0) | (c.b > shine ? 4 : 0);
}

int16_t palette_16(int32_t rgb)
{
    if (rgb < 0)
        return -1;
    struct channels c = channels_of(rgb);
    int high = c.r > c.g ? c.r : c.g, low = c.r < c.g ? c.r : c.g;
    high = c.b > high ? c.b : high;
    low = c.b < low ? c.b : low;
    if (high - low < 36) { /* a grey */
        bool dark = high < 0x30, middle = high < 0xA0, light = high < 0xD8;
        return dark ? 0 : middle ? 8 : light ? 7 : 15;
    }
    return (int16_t)(hue_bits(c, low, high) + (high >= 0xE0 ? 8 : 0));
}

int16_t palette_8(int32_t rgb)
{
    int16_t c = palette_16(rgb);
    return c == 8 || c == 15 ? 7 : c > 8 ? (int16_t)(c - 8) : c;
}
