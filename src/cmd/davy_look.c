/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which looks are asked for, by options, environment and settings. */
#include "cmd/davy.h"

#include "cmd/davy_theme.h"

#include <stdlib.h>
#include <string.h>

bool davy_graph(const char *name, enum graph_form *form, struct err *e)
{
    static const char *const names[] = {[GRAPH_BRAILLE] = "braille", [GRAPH_BLOCK] = "block", [GRAPH_ASCII] = "ascii"};
    for (size_t i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            *form = (enum graph_form)i;
            return true;
        }
    }
    return name == NULL || err_set(e, "--graph %.40s: expected braille, block or ascii", name);
}

bool davy_color(const struct davy_options *o, enum color_depth *out, struct err *e)
{
    static const struct {
        const char *name;
        enum color_depth depth;
    } table[] = {{"16", COLOR_16}, {"24bit", COLOR_24BIT}, {"256", COLOR_256}, {"8", COLOR_8}, {"none", COLOR_NONE}};
    *out = o->no_color ? COLOR_NONE : COLOR_AUTO;
    for (size_t i = 0; o->color != NULL && i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, o->color) == 0) {
            *out = table[i].depth;
            return true;
        }
    }
    return o->color == NULL || err_set(e, "--color %.40s: expected 24bit, 256, 16, 8 or none", o->color);
}

enum color_depth davy_color_of_env(void)
{
    const char *more = getenv("COLORTERM"), *term = getenv("TERM");
    if (more != NULL && (strcmp(more, "truecolor") == 0 || strcmp(more, "24bit") == 0))
        return COLOR_24BIT;
    return term != NULL && strstr(term, "256color") != NULL ? COLOR_256 : COLOR_16;
}

bool davy_looks(const struct davy_options *o, const struct settings *s, struct arena *a, struct looks *out,
                struct err *e)
{
    struct theme_file file = {&theme_lamp, NULL};
    struct err why = {""};
    if (!davy_color(o, &out->depth, e) || (o->theme != NULL && !davy_theme(a, o->dir, o->theme, &file, e)))
        return false;
    if (o->theme == NULL && !davy_theme(a, o->dir, s->theme, &file, &why))
        fprintf(stderr, "davy: view.theme: %s\n", why.text);
    out->theme = file.theme;
    return true;
}
