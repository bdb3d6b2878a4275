/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The gate for text from outside, in three steps: escape sequences and controls go, what is left is composed (NFC),
 * and only then is judged character by character. In this order, because a mark may only go when nothing composed with
 * it, and a character that stays must not compose with its neighbour when the result is gated again. */
#include "base/utf8.h"

#include <string.h>

#include <utf8proc.h>

/* MARK_RUN: utf8proc sorts a run of marks by swapping neighbours, so a megabyte of marks would take hours.
 * CHARS_A_CELL: how much of a text that will be cut anyway is looked at. */
enum { ESC = 0x1b, BEL = 0x07, DEL = 0x7f, DOT = 0xb7, REPLACEMENT = 0xfffd, MARK_RUN = 8, CHARS_A_CELL = 32 };
enum { CSI = 0x9b, ST = 0x9c, FIRST_MARK = 0x300 };

static bool is_control(char32_t c)
{
    return c < 0x20 || (c >= DEL && c <= 0x9f);
}

/* What stands for "a new line" or a tab: U+2028 and U+2029 move text in some terminals. */
static bool is_break(char32_t c)
{
    return (c >= '\t' && c <= '\r') || c == 0x2028 || c == 0x2029;
}

/* OSC, DCS, SOS, PM, APC: as ESC and a letter, or as one C1 control. */
static bool opens_string(char32_t c)
{
    return c == 0x90 || c == 0x98 || (c >= 0x9d && c <= 0x9f);
}

static bool between(char32_t c, char32_t low, char32_t high)
{
    return c >= low && c <= high;
}

static char32_t peek(struct bytes rest)
{
    return utf8_next(&rest);
}

/* Behind "CSI": parameters, intermediates, one final byte. A broken sequence keeps its text: only the opener is lost. */
static void skip_csi(struct bytes *rest)
{
    struct bytes r = *rest;
    while (between(peek(r), 0x30, 0x3f))
        utf8_next(&r);
    while (between(peek(r), 0x20, 0x2f))
        utf8_next(&r);
    if (between(utf8_next(&r), 0x40, 0x7e))
        *rest = r;
}

/* Up to BEL or ST. Any other control means that it was never closed: then the text stays visible. */
static void skip_string(struct bytes *rest)
{
    struct bytes r = *rest;
    while (r.len) {
        char32_t c = utf8_next(&r);
        if (c == BEL || c == ST || (c == ESC && bytes_cut(&r, "\\"))) {
            *rest = r;
            return;
        }
        if (is_control(c))
            return;
    }
}

/* Behind "ESC". Returns what stands for it: nothing (0) for a sequence, a dot for a lone ESC. */
static char32_t skip_escape(struct bytes *rest)
{
    struct bytes r = *rest;
    char32_t c = utf8_next(&r);
    if (c == '[')
        return *rest = r, skip_csi(rest), 0;
    if (between(c, 0x40, 0x5f) && opens_string(c + 0x40))
        return *rest = r, skip_string(rest), 0;
    while (between(c, 0x20, 0x2f))
        c = utf8_next(&r);
    if (!between(c, 0x30, 0x7e))
        return DOT;
    *rest = r;
    return 0;
}

/* The next character of the raw text without sequences and controls; 0: nothing of it is left. */
static char32_t next_plain(struct bytes *rest)
{
    char32_t c = utf8_next(rest);
    if (is_break(c)) {
        while (rest->len && is_break(peek(*rest)))
            utf8_next(rest);
        return ' ';
    }
    if (c == ESC)
        return skip_escape(rest);
    if (c == CSI)
        return skip_csi(rest), 0;
    if (opens_string(c))
        return skip_string(rest), 0;
    return is_control(c) ? DOT : c;
}

static bool is_mark(char32_t c)
{
    if (c < FIRST_MARK)
        return false;
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC || k == UTF8PROC_CATEGORY_ME;
}

/* Characters that are there only to change how others look, or that are blank but not a space: fillers, skin tones. */
static bool is_invisible(char32_t c)
{
    return c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 || between(c, 0x1f3fb, 0x1f3ff);
}

/* It neither decomposes nor composes with any neighbour. Composing is what costs, and log lines are full of signs that
 * need none. */
static bool is_settled(char32_t c)
{
    if (c < FIRST_MARK)
        return true;
    const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)c);
    bool decomposes = p->decomp_seqindex != UINT16_MAX && p->decomp_type == 0;
    return !decomposes && p->comb_index == UINT16_MAX && p->combining_class == 0 && !between(c, 0x1100, 0x11ff);
}

struct plain {
    char *at;
    size_t len;
    bool cut;     /* there was more, but nobody will see it */
    bool settled; /* composing would change nothing */
};

static struct plain plain_text(struct arena *a, struct bytes raw, size_t max_chars)
{
    size_t most = max_chars && raw.len > max_chars ? max_chars * 4 : raw.len * 3;
    struct plain p = {.at = arena_alloc(a, most + 4), .settled = true};
    size_t chars = 0, marks = 0;
    while (raw.len && !p.cut) {
        char32_t c = next_plain(&raw);
        if (!c)
            continue;
        marks = is_mark(c) ? marks + 1 : 0;
        if (marks > MARK_RUN)
            continue;
        p.settled = p.settled && is_settled(c);
        p.len += utf8_put(p.at + p.len, c);
        p.cut = max_chars && ++chars >= max_chars && raw.len;
    }
    return p;
}

/* In the arena; utf8proc never fails on valid UTF-8, but should it, nothing is shown rather than something unsafe. */
static struct bytes composed(struct arena *a, struct bytes in)
{
    const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    const utf8proc_uint8_t *text = (const utf8proc_uint8_t *)in.at;
    utf8proc_ssize_t len = (utf8proc_ssize_t)in.len;
    utf8proc_ssize_t count = utf8proc_decompose(text, len, NULL, 0, how);
    if (count < 0)
        return (struct bytes){0};
    utf8proc_int32_t *wide = arena_array(a, (size_t)count + 1, sizeof *wide);
    utf8proc_ssize_t written = utf8proc_decompose(text, len, wide, count, how);
    utf8proc_ssize_t done = written < 0 ? -1 : utf8proc_reencode(wide, written, how);
    return done < 0 ? (struct bytes){0} : (struct bytes){(const char *)wide, (size_t)done};
}

/* 0: dropped. */
static char32_t judged(char32_t c)
{
    if (c >= 0x20 && c < DEL)
        return c;
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    if (k == UTF8PROC_CATEGORY_CN || k == UTF8PROC_CATEGORY_CO)
        return REPLACEMENT;
    return is_invisible(c) || cell_width(c) == 0 ? 0 : c;
}

struct gate {
    char *at;
    size_t len, cells;
    size_t fits; /* length of what leaves one cell for the ellipsis */
    size_t max;  /* cells; SIZE_MAX: no limit */
};

/* false: full. */
static bool gate_put(struct gate *g, char32_t c)
{
    size_t width = (size_t)cell_width(c);
    if (g->cells + width > g->max)
        return false;
    g->len += utf8_put(g->at + g->len, c);
    g->cells += width;
    if (g->cells < g->max)
        g->fits = g->len;
    return true;
}

static const char *gated(struct arena *a, struct bytes in, size_t max_cells, bool cut)
{
    struct gate g = {.at = arena_alloc(a, in.len * 3 + 4), .max = max_cells ? max_cells : SIZE_MAX};
    while (in.len) {
        char32_t c = judged(utf8_next(&in));
        if (c && !gate_put(&g, c)) {
            cut = true;
            break;
        }
    }
    if (cut)
        g.len = g.fits + utf8_put(g.at + g.fits, 0x2026);
    return g.at[g.len] = '\0', g.at;
}

/* ---- what needs no composing, in one pass: nearly all text ---- */

/* Its width, when it has its place and stays as it is; 0: the long way decides. */
static int simple_width(char32_t c)
{
    static const uint32_t never = 1u << UTF8PROC_CATEGORY_CC | 1u << UTF8PROC_CATEGORY_CF | 1u << UTF8PROC_CATEGORY_CN |
                                  1u << UTF8PROC_CATEGORY_CO | 1u << UTF8PROC_CATEGORY_CS | 1u << UTF8PROC_CATEGORY_MC |
                                  1u << UTF8PROC_CATEGORY_ME | 1u << UTF8PROC_CATEGORY_MN;
    if (c <= 0xa0 || c == REPLACEMENT || is_break(c) || is_invisible(c) || !is_settled(c))
        return 0;
    return never >> utf8proc_category((utf8proc_int32_t)c) & 1 ? 0 : cell_width(c);
}

static int simple_next(struct bytes *rest)
{
    char32_t c = utf8_next(rest);
    return c < 0x80 ? c >= 0x20 && c < DEL : simple_width(c);
}

static size_t ascii_run(struct bytes text, size_t most)
{
    size_t n = 0;
    while (n < text.len && n < most && text.at[n] >= 0x20 && text.at[n] < DEL)
        n++;
    return n;
}

/* NULL: not so simple. */
static const char *simple(struct arena *a, struct bytes raw, size_t max_cells)
{
    size_t max = max_cells ? max_cells : SIZE_MAX, cells = 0, len = 0, fits = 0;
    while (len < raw.len) {
        struct bytes rest = bytes_from(raw, len);
        size_t plain = ascii_run(rest, max - cells), width = plain;
        if (plain == 0 && (width = (size_t)simple_next(&rest)) == 0)
            return NULL;
        if (cells + width > max)
            break;
        cells += width;
        len = plain > 0 ? len + plain : raw.len - rest.len;
        if (cells < max || plain > 0)
            fits = cells < max ? len : len - 1;
    }
    bool cut = len < raw.len;
    size_t kept = cut ? fits : len;
    char *out = arena_alloc(a, kept + 5);
    memcpy(out, raw.at, kept);
    if (cut)
        utf8_put(out + kept, 0x2026);
    return out;
}

const char *text_safe(struct arena *a, struct bytes raw, size_t max_cells)
{
    if (raw.len == 0)
        return arena_copy(a, raw);
    const char *same = simple(a, raw, max_cells);
    if (same != NULL)
        return same;
    struct arena scratch = {0};
    size_t max_chars = max_cells && max_cells < SIZE_MAX / 256 ? max_cells * CHARS_A_CELL : 0;
    struct plain p = plain_text(&scratch, raw, max_chars);
    struct bytes text = {p.at, p.len};
    const char *safe = gated(&scratch, p.settled ? text : composed(&scratch, text), max_cells, p.cut);
    safe = arena_copy(a, bytes_of(safe));
    arena_release(&scratch);
    return safe;
}
