/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which looks are asked for, by options, environment and settings. */
#include "cmd/davy.h"

#include "base/troff.h"
#include "cmd/davy_theme.h"
#include "view/style.h"

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

void davy_looks_manual(void)
{
    puts(
        ".SH THEMES\n"
        "A theme is a TOML file NAME.toml in the folder themes of the rig, in ~/.config/davy/themes, or where davy is\n"
        "installed; the first one counts, and lamp is inside davy, too. It may say\n"
        ".B help\n"
        "(one line) and\n"
        ".B ground\n"
        "(\"dark\", \"light\" or \"any\": what it is made for where it leaves that to the terminal), and has a table\n"
        ".B [styles]\n"
        "with lines such as\n"
        ".PP\n"
        "\\fBbad = { fg = \"#ff5f5f\", bold = true }\\fR\n"
        ".PP\n"
        "fg and bg are \"#rrggbb\", a number of the 256 colours, or \"default\": the terminal's own in normal, and "
        "normal's in the\n"
        "others. fg256, fg16, fg8, bg256, bg16 and bg8 say what fewer colours show; left out, that is derived.\n"
        "bold, dim, reverse and underline are true or false; mono = \"bold reverse\" is for terminals without colours. "
        "A style that is\n"
        "left out looks as in lamp. These are the styles:");
    for (int i = 0; i < STYLE_COUNT; i++) {
        printf(".TP\n.B %s\n", style_rows[i].name);
        troff_text(stdout, style_rows[i].help);
        putchar('\n');
    }
}
