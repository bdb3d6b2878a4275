/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/plane.h"

#include "base/utf8.h"

#include <errno.h>
#include <string.h>

struct frame *plane_draw(const struct model *m, const struct ui *ui, struct arena *a)
{
    struct frame *f = frame_new(a, ui->w > 0 ? ui->w : 1, ui->h > 0 ? ui->h : 1);
    view_draw(f, m, ui);
    return f;
}

static char style_letter(const struct cell *c)
{
    return c->style < STYLE_COUNT ? style_rows[c->style].letter : '?';
}

static bool glyph_blank(const struct cell *c)
{
    return c->ch == U' ' || c->ch == 0;
}

static bool style_blank(const struct cell *c)
{
    return style_letter(c) == ' ';
}

static void glyph_put(FILE *out, const struct cell *c)
{
    char text[4];
    if (c->ch) /* 0: the glyph to the left is two cells wide */
        fwrite(text, 1, utf8_put(text, c->ch), out);
}

static void style_put(FILE *out, const struct cell *c)
{
    fputc(style_letter(c), out);
}

static void plane_write(FILE *out, const struct frame *f, bool (*blank)(const struct cell *),
                        void (*put)(FILE *, const struct cell *))
{
    for (int y = 0; y < f->h; y++) {
        const struct cell *row = f->cell + (size_t)y * (size_t)f->w;
        int end = f->w;
        while (end > 0 && blank(&row[end - 1]))
            end--;
        for (int x = 0; x < end; x++)
            put(out, &row[x]);
        fputc('\n', out);
    }
}

void plane_glyphs(FILE *out, const struct frame *f)
{
    plane_write(out, f, glyph_blank, glyph_put);
}

void plane_styles(FILE *out, const struct frame *f)
{
    plane_write(out, f, style_blank, style_put);
}

bool plane_end(FILE *out, struct err *e)
{
    return (fflush(out) == 0 && !ferror(out)) || err_set(e, "cannot write the frame: %s", strerror(errno));
}
