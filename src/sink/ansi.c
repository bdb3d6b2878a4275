/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sink "ansi": one frame as text with the colours of the theme, for cat, less -R and pictures of golden screens. Colours
 * are written only where they change; a line ends as the terminal's own. */
#include "sink/plane.h"
#include "sink/sink.h"

#include "base/utf8.h"
#include "view/theme_ink.h"

static const struct ink own = {-1, -1, 0};

static void put_color(FILE *out, int32_t color, int base)
{
    if (color & INK_RGB && color >= 0)
        fprintf(out, ";%d;2;%d;%d;%d", base + 8, color >> 16 & 255, color >> 8 & 255, color & 255);
    else if (color >= 16)
        fprintf(out, ";%d;5;%d", base + 8, color);
    else if (color >= 8)
        fprintf(out, ";%d", base + 60 + color - 8);
    else if (color >= 0)
        fprintf(out, ";%d", base + color);
}

static void put_ink(FILE *out, struct ink ink)
{
    static const char *const attrs[] = {";1", ";2", ";7", ";4"}; /* in the order of enum look_attr */
    fputs("\033[0", out);
    for (size_t i = 0; i < sizeof attrs / sizeof *attrs; i++) {
        if (ink.attr & 1u << i)
            fputs(attrs[i], out);
    }
    put_color(out, ink.fg, 30);
    put_color(out, ink.bg, 40);
    fputc('m', out);
}

/* A blank of which nothing is to be seen, so a line may end before it. */
static bool empty(const struct cell *c, const struct looks *l)
{
    struct ink ink = ink_of(l, (enum style)c->style);
    return c->ch == U' ' && ink.bg < 0 && !(ink.attr & (LOOK_REVERSE | LOOK_UNDERLINE));
}

static void put_row(FILE *out, const struct cell *row, int w, const struct looks *l)
{
    struct ink now = own;
    while (w > 0 && empty(&row[w - 1], l))
        w--;
    for (int x = 0; x < w; x++) {
        struct ink ink = ink_of(l, (enum style)row[x].style);
        char text[4];
        if (!row[x].ch) /* the glyph to the left is two cells wide */
            continue;
        if (!ink_same(ink, now))
            put_ink(out, ink);
        now = ink;
        fwrite(text, 1, utf8_put(text, row[x].ch), out);
    }
    fputs(ink_same(now, own) ? "\n" : "\033[0m\n", out);
}

static bool ansi_write(FILE *out, const struct model *m, const struct ui *ui, const struct looks *l, struct arena *a,
                       struct err *e)
{
    const struct frame *f = plane_draw(m, ui, a);
    for (int y = 0; y < f->h; y++)
        put_row(out, f->cell + (size_t)y * (size_t)f->w, f->w, l);
    return plane_end(out, e);
}

const struct sink sink_ansi = {
    .name = "ansi",
    .help = "one frame of the screen as text with its colours",
    .write = ansi_write,
};
