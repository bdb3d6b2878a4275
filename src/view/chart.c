/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/chart.h"

#include "view/glyph.h"

#include <math.h>

static const enum style band_style = STYLE_GAUGE_EMPTY;

/* The mean of what falls into slot i of slots; NAN when nothing does. */
static double slot_value(const struct series *s, int i, int slots)
{
    int from = (int)((int64_t)i * s->count / slots), to = (int)((int64_t)(i + 1) * s->count / slots), known = 0;
    double sum = 0;
    for (int at = from; at < to || at == from; at++) {
        if (at < s->count && !isnan(s->value[at])) {
            sum += s->value[at];
            known++;
        }
    }
    return known ? sum / known : NAN;
}

static enum style value_style(const struct series *s, double v)
{
    return !isnan(s->limit) && v < s->limit ? s->bad : s->good;
}

/* 1..levels; 0 for a gap. The lowest value still shows. */
static int level_of(const struct series *s, double v, int levels)
{
    if (isnan(v) || s->high <= s->low)
        return 0;
    int level = 1 + (int)((v - s->low) / (s->high - s->low) * levels);
    return level < 1 ? 1 : level > levels ? levels : level;
}

/* Braille bits of a column (0 left, 1 right), from the bottom dot up. */
static const unsigned char dot_bit[2][4] = {{0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}};

static char32_t spark_braille(const struct series *s, double left, double right)
{
    unsigned bits = 0;
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < level_of(s, side ? right : left, 4); i++)
            bits |= dot_bit[side][i];
    }
    return bits ? GLYPH_BRAILLE + bits : ' ';
}

static char32_t spark_bar(const struct series *s, double v)
{
    static const char ascii[] = " _.:-=+*#";
    int level = level_of(s, v, 8);
    if (s->form == GRAPH_ASCII)
        return (char32_t)ascii[level];
    return level == 0 ? ' ' : (char32_t)(GLYPH_EIGHTH + level - 1);
}

static double newest(const struct series *s, int back)
{
    return back < s->count ? s->value[s->count - 1 - back] : NAN;
}

int chart_spark(struct grid g, int x, int y, int w, const struct series *s)
{
    int per = s->form == GRAPH_BRAILLE ? 2 : 1;
    for (int i = 0; i < w; i++) {
        int back = (w - 1 - i) * per;
        double right = newest(s, back), left = per == 2 ? newest(s, back + 1) : NAN;
        double worst = isnan(left) || right < left ? right : left;
        char32_t c = per == 2 ? spark_braille(s, left, right) : spark_bar(s, right);
        grid_put(g, x + i, y, value_style(s, worst), c);
    }
    return x + w;
}

static void set_dot(struct grid g, int x, int y, enum style style)
{
    int column = x / 2, row = g.h - 1 - y / 4;
    if (x < 0 || y < 0 || column >= g.w || row < 0)
        return;
    struct cell *c = g.frame->cell + (size_t)(g.y + row) * (size_t)g.frame->w + (size_t)(g.x + column);
    bool ours =
        c->ch >= GLYPH_BRAILLE && c->ch < GLYPH_BRAILLE + 256 && (c->style == band_style) == (style == band_style);
    unsigned bits = ours ? (unsigned)c->ch - GLYPH_BRAILLE : 0; /* the line puts the band out where it is */
    grid_put(g, column, row, style, GLYPH_BRAILLE + (bits | dot_bit[x % 2][y % 4]));
}

struct point {
    double x, y; /* in dots */
    double value;
};

/* A step of more than one row is a vertical stroke up to the dot before, so the line never has holes. */
static void draw_segment(struct grid g, const struct series *s, struct point a, struct point b)
{
    int from = (int)a.x, to = (int)b.x, before = (int)a.y;
    for (int x = from; x <= to; x++) {
        double part = to == from ? 1 : (double)(x - from) / (to - from);
        int y = (int)(a.y + (b.y - a.y) * part);
        int low = y > before ? before + 1 : y, high = y < before ? before - 1 : y;
        for (int dot = low; dot <= high; dot++)
            set_dot(g, x, dot, value_style(s, a.value + (b.value - a.value) * part));
        before = y;
    }
}

static double scaled(const struct series *s, double v, int dots)
{
    double at = (v - s->low) / (s->high - s->low) * (dots - 1);
    return at < 0 ? 0 : at > dots - 1 ? dots - 1 : at;
}

static void plot_braille(struct grid g, const struct series *s)
{
    int dots = g.w * 2, slots = s->count < dots ? s->count : dots, last = -1;
    struct point before = {0};
    for (int i = 0; i < slots; i++) {
        double v = slot_value(s, i, slots);
        if (isnan(v))
            continue;
        struct point p = {(i + 0.5) * dots / slots, scaled(s, v, g.h * 4) + 0.5, v};
        bool joined = last >= 0 && i - last <= 1 + slots / 24; /* a longer silence is a gap in the line */
        draw_segment(g, s, joined ? before : p, p);
        before = p;
        last = i;
    }
}

/* A bar of eighths. Where it passes the limit it lets the line through. */
static void plot_bar(struct grid g, int x, int limit_row, double v, const struct series *s)
{
    int level = level_of(s, v, g.h * 8);
    for (int row = 0; row * 8 < level; row++) {
        int here = level - row * 8 > 8 ? 8 : level - row * 8, y = g.h - 1 - row;
        if (y != limit_row || here < 8 || level == row * 8 + 8)
            grid_put(g, x, y, value_style(s, v), (char32_t)(GLYPH_EIGHTH + here - 1));
    }
}

/* Three heights in a row of 7-bit characters. */
static void plot_mark(struct grid g, int x, double v, const struct series *s)
{
    int level = level_of(s, v, g.h * 3);
    if (level > 0)
        grid_put(g, x, g.h - 1 - (level - 1) / 3, value_style(s, v), (char32_t)".*'"[(level - 1) % 3]);
}

static void plot_cells(struct grid g, int limit_row, const struct series *s)
{
    int slots = s->count < g.w ? s->count : g.w;
    for (int x = 0; x < g.w && slots > 0; x++) {
        double v = slot_value(s, (int)((int64_t)x * slots / g.w), slots);
        if (s->form == GRAPH_ASCII)
            plot_mark(g, x, v, s);
        else
            plot_bar(g, x, limit_row, v, s);
    }
}

void chart_plot(struct grid g, const struct series *s)
{
    if (g.w <= 0 || g.h <= 0 || s->high <= s->low)
        return;
    int limit_row = -1;
    if (!isnan(s->limit) && s->limit >= s->low && s->limit <= s->high) {
        limit_row = g.h - 1 - (int)(scaled(s, s->limit, g.h * 4) + 0.5) / 4;
        grid_fill(g, 0, limit_row, g.w, 1, STYLE_CHART_LIMIT, s->form == GRAPH_ASCII ? '-' : GLYPH_DASH);
    }
    if (s->form == GRAPH_BRAILLE)
        plot_braille(g, s);
    else
        plot_cells(g, limit_row, s);
}

struct slot {
    double low, high;
};

/* What falls into slot i: the widest. */
static struct slot band_slot(const struct series *s, const struct chart_span *b, int i, int slots)
{
    int from = (int)((int64_t)i * s->count / slots), to = (int)((int64_t)(i + 1) * s->count / slots);
    struct slot out = {NAN, NAN};
    for (int at = from; at < to || at == from; at++) {
        out.low = fmin(out.low, b->low[at]);
        out.high = fmax(out.high, b->high[at]);
    }
    return out;
}

/* Every second dot of every second column: the line stays the brightest. */
static void band_dots(struct grid g, const struct series *s, const struct chart_span *b)
{
    int dots = g.w * 2, slots = s->count < dots ? s->count : dots;
    for (int x = 0; x < dots; x += 2) {
        struct slot p = band_slot(s, b, (int)((int64_t)x * slots / dots), slots);
        if (isnan(p.low))
            continue;
        int low = (int)(scaled(s, p.low, g.h * 4) + 0.5), high = (int)(scaled(s, p.high, g.h * 4) + 0.5);
        for (int y = low + low % 2; y <= high; y += 2)
            set_dot(g, x, y, band_style);
    }
}

static void shade(struct grid g, int x, int y, enum graph_form form)
{
    struct cell *c = g.frame->cell + (size_t)(g.y + y) * (size_t)g.frame->w + (size_t)(g.x + x);
    if (form == GRAPH_BLOCK && c->ch == GLYPH_EIGHTH + 7)
        c->ch = GLYPH_SHADE_DARK;
    else if (c->ch == ' ' || c->ch == GLYPH_DASH || c->ch == '-')
        grid_put(g, x, y, band_style, form == GRAPH_ASCII ? ':' : GLYPH_SHADE);
}

static void band_cells(struct grid g, const struct series *s, const struct chart_span *b)
{
    int slots = s->count < g.w ? s->count : g.w;
    for (int x = 0; x < g.w && slots > 0; x++) {
        struct slot p = band_slot(s, b, (int)((int64_t)x * slots / g.w), slots);
        if (isnan(p.low))
            continue;
        int low = g.h - 1 - (int)(scaled(s, p.low, g.h * 4) + 0.5) / 4;
        int high = g.h - 1 - (int)(scaled(s, p.high, g.h * 4) + 0.5) / 4;
        for (int y = high; y <= low; y++)
            shade(g, x, y, s->form);
    }
}

void chart_band(struct grid g, const struct series *s, const struct chart_span *b)
{
    if (g.w <= 0 || g.h <= 0 || s->high <= s->low || s->count <= 0 || g.frame == NULL)
        return;
    if (s->form == GRAPH_BRAILLE)
        band_dots(g, s, b);
    else
        band_cells(g, s, b);
}

static int gauge_cell(double fraction, int w)
{
    int at = (int)(fraction * w);
    return at < 0 ? 0 : at >= w ? w - 1 : at;
}

void gauge_draw(struct grid g, int x, int y, int w, const struct gauge *v)
{
    int full = isnan(v->fill) ? 0 : (int)(v->fill * w + 0.5);
    if (w <= 0)
        return;
    if (full == 0 && v->fill > 0)
        full = 1;
    full = full > w ? w : full;
    grid_fill(g, x, y, full, 1, v->style, GLYPH_HEAVY);
    grid_fill(g, x + full, y, w - full, 1, STYLE_GAUGE_EMPTY, GLYPH_LINE);
    if (!isnan(v->heading))
        grid_put(g, x + gauge_cell(v->heading, w), y, v->heading > 1 ? STYLE_BAD : STYLE_NORMAL, GLYPH_POINT);
    if (!isnan(v->mark))
        grid_put(g, x + gauge_cell(v->mark, w), y, STYLE_STRONG, GLYPH_BAR);
}
