/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/theme.h"

#include "base/toml.h"
#include "base/utf8.h"
#include "view/theme_look.h"

#include <string.h>

enum { HELP_CELLS = 100 };

static int style_by_name(const char *name)
{
    for (int i = 0; i < STYLE_COUNT; i++) {
        if (strcmp(style_rows[i].name, name) == 0)
            return i;
    }
    return -1;
}

struct reader {
    struct arena *a;
    struct bytes text;
    struct theme *to;
    struct err *e;
};

/* "my.toml line 3", or without the line where it is not to be found. */
static const char *place(const struct reader *r, const char *key)
{
    unsigned line = toml_line(r->text, key);
    return line ? arena_text(r->a, "%s line %u", r->to->name, line) : r->to->name;
}

/* Looking for a line means reading the file again: only when something is wrong. */
static const char *place_of_style(const struct reader *r, const char *key)
{
    return place(r, arena_text(r->a, "styles.%s", key));
}

static bool read_style(const struct reader *r, const char *key, const json_t *table)
{
    struct err why = {""};
    int style = style_by_name(key);
    if (style < 0)
        return err_set(r->e, "%s: no style is called %.40s; themes/lamp.toml has them all", place_of_style(r, key),
                       key);
    return theme_look(table, &r->to->look[style], &why) ||
           err_set(r->e, "%s: style %s: %s", place_of_style(r, key), key, why.text);
}

static bool read_styles(const struct reader *r, const json_t *styles)
{
    const char *key;
    json_t *v;
    if (!json_is_object(styles))
        return err_set(r->e, "%s: expected a table [styles]", r->to->name);
    json_object_foreach((json_t *)styles, key, v)
    {
        if (!read_style(r, key, v))
            return false;
    }
    return true;
}

static bool read_help(const struct reader *r, const json_t *v)
{
    if (!json_is_string(v))
        return err_set(r->e, "%s: help must be a text in quotes", place(r, "help"));
    r->to->help = text_safe(r->a, (struct bytes){json_string_value(v), json_string_length(v)}, HELP_CELLS);
    return true;
}

static bool read_ground(const struct reader *r, const json_t *v)
{
    static const char *const names[] = {[GROUND_DARK] = "dark", [GROUND_LIGHT] = "light", [GROUND_ANY] = "any"};
    const char *name = json_string_value(v);
    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0)
            return r->to->ground = (enum theme_ground)i, true;
    }
    return err_set(r->e, "%s: ground must be \"dark\", \"light\" or \"any\"", place(r, "ground"));
}

static bool read_root(const struct reader *r, const json_t *root)
{
    static const struct {
        const char *key;
        bool (*take)(const struct reader *r, const json_t *v);
    } table[] = {{"ground", read_ground}, {"help", read_help}, {"styles", read_styles}};
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)root, key, v)
    {
        size_t i = 0;
        while (i < sizeof table / sizeof *table && strcmp(table[i].key, key) != 0)
            i++;
        if (i == sizeof table / sizeof *table)
            return err_set(r->e, "%s: no such key: %.40s; a theme has help, ground and [styles]", place(r, key), key);
        if (!table[i].take(r, v))
            return false;
    }
    return json_object_get(root, "styles") || err_set(r->e, "%s: expected a table [styles]", r->to->name);
}

static void inherit16(int16_t *to, int16_t from)
{
    *to = *to < 0 ? from : *to;
}

/* What a style leaves to the terminal is what normal has: its bg is the ground of the whole screen. */
static void inherit(struct look *to, const struct look *normal)
{
    to->rgb = to->rgb < 0 ? normal->rgb : to->rgb;
    to->rgb_bg = to->rgb_bg < 0 ? normal->rgb_bg : to->rgb_bg;
    inherit16(&to->c256, normal->c256);
    inherit16(&to->bg256, normal->bg256);
    inherit16(&to->c16, normal->c16);
    inherit16(&to->bg16, normal->bg16);
    inherit16(&to->c8, normal->c8);
    inherit16(&to->bg8, normal->bg8);
}

const struct theme *theme_decode(struct arena *a, struct bytes toml, const char *name, struct err *e)
{
    json_t *root = toml_read(toml, name, e);
    if (!root)
        return NULL;
    struct theme *t = arena_alloc(a, sizeof *t);
    *t = theme_lamp;
    t->name = arena_copy(a, bytes_of(name));
    t->help = "";
    const struct reader r = {a, toml, t, e};
    bool good = read_root(&r, root);
    json_decref(root);
    for (int i = 0; i < STYLE_COUNT; i++)
        inherit(&t->look[i], &t->look[STYLE_NORMAL]);
    if (!good && e) /* it may quote a name of the file */
        err_set(e, "%s", text_safe(a, bytes_of(arena_copy(a, bytes_of(e->text))), 0));
    return good ? t : NULL;
}
