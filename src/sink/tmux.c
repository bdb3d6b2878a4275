/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sink "tmux": one line for status-right. Only the word of the worst severity is coloured: the rest keeps the colours of
 * the user's own status line. In tmux text '#' begins markup, so it is doubled. */
#include "sink/plane.h"
#include "sink/sink.h"

#include "view/theme_ink.h"

#include <string.h>

/* Badges bring their own ground: nobody knows what a status line's is. */
static const enum style styles[] = {
    [SEVERITY_CRITICAL] = STYLE_BAD_BADGE,
    [SEVERITY_INFO] = STYLE_STRONG,
    [SEVERITY_OK] = STYLE_GOOD_BADGE,
    [SEVERITY_WARNING] = STYLE_WARN_BADGE,
};

/* Without a comma at the end: tmux refuses all of it then. */
static void put_color(FILE *out, const char *before, int32_t color)
{
    if (color >= 0 && color & INK_RGB)
        fprintf(out, "%s#%06x", before, (unsigned)color & 0xFFFFFF);
    else if (color >= 0)
        fprintf(out, "%scolour%d", before, (int)color);
}

/* "#[default,fg=colour231,bg=colour124,bold]" */
static void put_look(FILE *out, struct ink ink)
{
    static const char *const attrs[] = {"bold", "dim", "reverse", "underscore"}; /* in the order of enum look_attr */
    fputs("#[default", out);
    put_color(out, ",fg=", ink.fg);
    put_color(out, ",bg=", ink.bg);
    for (size_t i = 0; i < sizeof attrs / sizeof *attrs; i++) {
        if (ink.attr & 1u << i)
            fprintf(out, ",%s", attrs[i]);
    }
    fputc(']', out);
}

static void put_plain(FILE *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '#')
            fputc('#', out);
        fputc(text[i], out);
    }
}

static bool tmux_write(FILE *out, const struct model *m, const struct ui *ui, const struct looks *looks,
                       struct arena *a, struct err *e)
{
    (void)ui;
    enum severity worst = model_worst(m);
    const char *line = view_line(a, m), *mark = severity_mark(worst);
    const char *at = looks->depth == COLOR_NONE ? NULL : strstr(line, mark);
    if (at) {
        put_plain(out, line, (size_t)(at - line));
        put_look(out, ink_of(looks, styles[worst]));
        put_plain(out, mark, strlen(mark));
        fputs("#[default]", out);
        line = at + strlen(mark);
    }
    put_plain(out, line, strlen(line));
    fputc('\n', out);
    return plane_end(out, e);
}

const struct sink sink_tmux = {
    .name = "tmux",
    .help = "one line for tmux's status-right: worst severity, score, stage, countdown",
    .write = tmux_write,
};
