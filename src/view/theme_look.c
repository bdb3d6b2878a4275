/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/theme_look.h"

#include "view/palette.h"

#include <string.h>

static const struct {
    const char *name;
    uint8_t bit;
} attrs[] = {
    {"bold", LOOK_BOLD},
    {"dim", LOOK_DIM},
    {"reverse", LOOK_REVERSE},
    {"underline", LOOK_UNDERLINE},
};
enum { ATTRS = sizeof attrs / sizeof *attrs };

/* One of the two colours of a look. */
struct paint {
    int32_t rgb;
    int16_t c256, c16, c8;
};

static bool hex_rgb(const char *text, int32_t *rgb)
{
    int32_t value = 0;
    if (text[0] != '#' || strlen(text) != 7)
        return false;
    for (const char *p = text + 1; *p; p++) {
        const char *digits = "0123456789abcdef", *at = strchr(digits, *p | 0x20);
        if (!at)
            return false;
        value = value * 16 + (int32_t)(at - digits);
    }
    *rgb = value;
    return true;
}

/* "#rrggbb", an index of the 256 colours, or "default". */
static bool read_paint(const json_t *v, struct paint *out)
{
    int32_t rgb = -1;
    if (json_is_integer(v)) {
        json_int_t index = json_integer_value(v);
        if (index < 0 || index > 255)
            return false;
        rgb = palette_rgb((int)index);
        *out = (struct paint){rgb, (int16_t)index, palette_16(rgb), palette_8(rgb)};
        return true;
    }
    const char *text = json_string_value(v);
    if (!text || (strcmp(text, "default") != 0 && !hex_rgb(text, &rgb)))
        return false;
    *out = (struct paint){rgb, palette_256(rgb), palette_16(rgb), palette_8(rgb)};
    return true;
}

/* fg16 = 3 overrides what was derived for that depth; -1 is the terminal's own. */
static bool read_index(const json_t *table, const char *key, int limit, int16_t *out, struct err *e)
{
    const json_t *v = json_object_get(table, key);
    if (!v)
        return true;
    if (!json_is_integer(v) || json_integer_value(v) < -1 || json_integer_value(v) >= limit)
        return err_set(e, "%s must be a number from -1 to %d", key, limit - 1);
    *out = (int16_t)json_integer_value(v);
    return true;
}

static bool read_flags(const json_t *table, uint8_t *bits, struct err *e)
{
    for (int i = 0; i < ATTRS; i++) {
        const json_t *v = json_object_get(table, attrs[i].name);
        if (v && !json_is_boolean(v))
            return err_set(e, "%s must be true or false", attrs[i].name);
        if (json_is_true(v))
            *bits |= attrs[i].bit;
    }
    return true;
}

/* mono = "bold reverse"; left out: as with colours. */
static bool read_mono(const json_t *table, uint8_t attr, uint8_t *bits, struct err *e)
{
    const json_t *v = json_object_get(table, "mono");
    const char *at = json_string_value(v);
    if (!v)
        *bits = attr;
    if (v && !at)
        return err_set(e, "mono must be words like \"bold reverse\"");
    while (at && *at) {
        size_t length = strcspn(at, " ");
        int i = 0;
        while (i < ATTRS && (strlen(attrs[i].name) != length || strncmp(attrs[i].name, at, length) != 0))
            i++;
        if (length > 0 && i == ATTRS)
            return err_set(e, "mono knows bold, dim, reverse and underline only");
        if (length > 0)
            *bits |= attrs[i].bit;
        at += length + (at[length] == ' ');
    }
    return true;
}

static bool known_key(const char *key)
{
    static const char *const keys[] = {"fg", "fg256", "fg16", "fg8", "bg", "bg256", "bg16", "bg8", "mono"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(key, keys[i]) == 0)
            return true;
    }
    for (int i = 0; i < ATTRS; i++) {
        if (strcmp(key, attrs[i].name) == 0)
            return true;
    }
    return false;
}

bool theme_look(const json_t *table, struct look *out, struct err *e)
{
    struct paint fg = {-1, -1, -1, -1}, bg = fg;
    const char *key;
    json_t *v;
    if (!json_is_object(table))
        return err_set(e, "expected a table like {fg = \"#ffaf5f\", bold = true}");
    json_object_foreach((json_t *)table, key, v)
    {
        if (!known_key(key))
            return err_set(e, "no such key: %.40s", key);
    }
    if ((v = json_object_get(table, "fg")) && !read_paint(v, &fg))
        return err_set(e, "fg must be \"#rrggbb\", 0 to 255, or \"default\"");
    if ((v = json_object_get(table, "bg")) && !read_paint(v, &bg))
        return err_set(e, "bg must be \"#rrggbb\", 0 to 255, or \"default\"");
    struct look l = {.rgb = fg.rgb,
                     .rgb_bg = bg.rgb,
                     .c256 = fg.c256,
                     .bg256 = bg.c256,
                     .c16 = fg.c16,
                     .bg16 = bg.c16,
                     .c8 = fg.c8,
                     .bg8 = bg.c8};
    bool good = read_index(table, "fg256", 256, &l.c256, e) && read_index(table, "bg256", 256, &l.bg256, e) &&
                read_index(table, "fg16", 16, &l.c16, e) && read_index(table, "bg16", 16, &l.bg16, e) &&
                read_index(table, "fg8", 8, &l.c8, e) && read_index(table, "bg8", 8, &l.bg8, e) &&
                read_flags(table, &l.attr, e) && read_mono(table, l.attr, &l.mono, e);
    if (good)
        *out = l;
    return good;
}
