/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sink "svg": one frame as a picture that stands alone. Words are placed by column and stretched to their cells, so any
 * monospaced font keeps the grid; lines, blocks and braille are shapes. */
#include "sink/plane.h"
#include "sink/sink.h"

#include "base/utf8.h"
#include "sink/svg_shapes.h"
#include "view/theme_ink.h"

enum { MARGIN = 12, BASELINE = 13 };

struct dress { /* what a style comes to, all colours named */
    int32_t fg, bg;
    uint8_t attr;
};
struct picture {
    FILE *out;
    const struct frame *f;
    int32_t paper;
    struct dress dress[STYLE_COUNT];
};

/* Two fifths of the way to the ground. */
static int32_t faded(int32_t color, int32_t ground)
{
    int32_t out = 0;
    for (int shift = 16; shift >= 0; shift -= 8)
        out |= ((color >> shift & 255) * 3 + (ground >> shift & 255) * 2) / 5 << shift;
    return out;
}

static struct dress dress_of(const struct looks *l, enum style s)
{
    struct ink ink = ink_of(l, s);
    int32_t fg = ink_rgb(ink.fg, ground_ink(l->theme->ground)), bg = ink_rgb(ink.bg, ground_paper(l->theme->ground));
    bool turned = ink.attr & LOOK_REVERSE;
    struct dress d = {turned ? bg : fg, turned ? fg : bg, ink.attr};
    if (ink.attr & LOOK_DIM)
        d.fg = faded(d.fg, d.bg);
    return d;
}

static struct picture picture_of(FILE *out, const struct frame *f, const struct looks *l)
{
    struct picture p = {.out = out, .f = f};
    for (int i = 0; i < STYLE_COUNT; i++)
        p.dress[i] = dress_of(l, (enum style)i);
    p.paper = p.dress[STYLE_NORMAL].bg;
    return p;
}

static const struct cell *row_of(const struct picture *p, int y)
{
    return p->f->cell + (size_t)y * (size_t)p->f->w;
}

static bool used(const struct picture *p, int style)
{
    for (int i = 0; i < p->f->w * p->f->h; i++) {
        if (p->f->cell[i].style == style && p->f->cell[i].ch != U' ')
            return true;
    }
    return false;
}

static void put_head(const struct picture *p)
{
    int w = p->f->w * SVG_CELL_W + 2 * MARGIN, h = p->f->h * SVG_CELL_H + 2 * MARGIN;
    fprintf(p->out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
            "<title>davy</title>\n<style>\ntext{font:15px \"DejaVu Sans Mono\",\"Cascadia Mono\",Menlo,Consolas,"
            "\"Liberation Mono\",monospace}\n",
            w, h, w, h);
    for (int s = 0; s < STYLE_COUNT; s++) {
        if (used(p, s))
            fprintf(p->out, ".s%d{fill:#%06x%s%s}\n", s, (unsigned)p->dress[s].fg,
                    p->dress[s].attr & LOOK_BOLD ? ";font-weight:bold" : "",
                    p->dress[s].attr & LOOK_UNDERLINE ? ";text-decoration:underline" : "");
    }
    fprintf(p->out, "</style>\n<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#%06x\"/>\n", w, h, (unsigned)p->paper);
    fprintf(p->out, "<g transform=\"translate(%d %d)\">\n", MARGIN, MARGIN);
}

/* Badges, and what is shown reversed. */
static void put_grounds(const struct picture *p, int y)
{
    const struct cell *row = row_of(p, y);
    for (int x = 0, end; x < p->f->w; x = end) {
        int32_t bg = p->dress[row[x].style].bg;
        for (end = x + 1; end < p->f->w && p->dress[row[end].style].bg == bg;)
            end++;
        if (bg != p->paper)
            fprintf(p->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n", x * SVG_CELL_W,
                    y * SVG_CELL_H, (end - x) * SVG_CELL_W, SVG_CELL_H, (unsigned)bg);
    }
}

/* All shapes of one style in one path a layer. */
static void put_shapes(const struct picture *p, int style, enum svg_layer layer)
{
    static const char *const paint[SVG_LAYERS] = {"fill=\"none\" stroke-width=\"1.25\" stroke",
                                                  "stroke-width=\"3\" stroke", "fill"};
    bool begun = false;
    for (int i = 0; i < p->f->w * p->f->h; i++) {
        const struct cell *c = &p->f->cell[i];
        if (c->style != style || !svg_in_layer(c->ch, layer))
            continue;
        if (!begun)
            fprintf(p->out, "<path %s=\"#%06x\" d=\"", paint[layer], (unsigned)p->dress[style].fg);
        begun = true;
        svg_shape(p->out, c->ch, i % p->f->w * SVG_CELL_W, i / p->f->w * SVG_CELL_H);
    }
    if (begun)
        fputs("\"/>\n", p->out);
}

static void put_char(FILE *out, char32_t c)
{
    char text[4];
    const char *named = c == U'&' ? "&amp;" : c == U'<' ? "&lt;" : c == U'>' ? "&gt;" : NULL;
    bool allowed = c >= 0x20 && (c & 0xFFFE) != 0xFFFE;
    if (named)
        fputs(named, out);
    else
        fwrite(text, 1, utf8_put(text, allowed ? c : 0xFFFD), out);
}

static bool has_glyph(const struct cell *c)
{
    return c->ch && c->ch != U' ' && !svg_is_shape(c->ch);
}

/* A word, or words with single blanks between them, in one style. Beyond ASCII each character is alone: the font it comes
 * from may have other widths. */
static int run_end(const struct cell *row, int x, int w)
{
    int end = x + 1;
    if (row[x].ch >= 0x7F)
        return end;
    for (; end < w && row[end].style == row[x].style && row[end].ch < 0x7F && row[end].ch; end++) {
        bool gap = row[end].ch == U' ' && (end + 1 == w || !has_glyph(&row[end + 1]) || row[end + 1].ch >= 0x7F ||
                                           row[end + 1].style != row[x].style);
        if (gap)
            break;
    }
    return end;
}

static void put_words(const struct picture *p, int y)
{
    const struct cell *row = row_of(p, y);
    for (int x = 0, end; x < p->f->w; x = end) {
        end = x + 1;
        if (!has_glyph(&row[x]))
            continue;
        end = run_end(row, x, p->f->w);
        fprintf(p->out, "<text class=\"s%d\" x=\"%d\" y=\"%d\"", row[x].style, x * SVG_CELL_W,
                y * SVG_CELL_H + BASELINE);
        int cells = end - x > 1 ? end - x : cell_width(row[x].ch);
        fprintf(p->out, cells > 1 ? " textLength=\"%d\">" : ">", cells * SVG_CELL_W);
        for (int i = x; i < end; i++)
            put_char(p->out, row[i].ch);
        fputs("</text>\n", p->out);
    }
}

static bool svg_write(FILE *out, const struct model *m, const struct ui *ui, const struct looks *l, struct arena *a,
                      struct err *e)
{
    const struct picture p = picture_of(out, plane_draw(m, ui, a), l);
    put_head(&p);
    for (int y = 0; y < p.f->h; y++)
        put_grounds(&p, y);
    for (int i = 0; i < STYLE_COUNT * SVG_LAYERS; i++)
        put_shapes(&p, i / SVG_LAYERS, (enum svg_layer)(i % SVG_LAYERS));
    for (int y = 0; y < p.f->h; y++)
        put_words(&p, y);
    fputs("</g>\n</svg>\n", out);
    return plane_end(out, e);
}

const struct sink sink_svg = {
    .name = "svg",
    .help = "one frame of the screen as a picture",
    .write = svg_write,
};
