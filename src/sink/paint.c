/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/paint.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* A gap of cells that stay is written again when that is shorter than a move over it; one of blanks that have to be written
 * anyway may be longer. */
enum { GAP_BYTES = 4, GAP_BLANKS = 8, ERASE_FROM = 5 };

static const struct ink own = {-1, -1, 0};

static bool see_through(struct ink ink)
{
    return !(ink.attr & (LOOK_REVERSE | LOOK_UNDERLINE));
}

static uint8_t pen_number(struct painter *p, struct ink ink)
{
    int i = 0;
    while (i < p->pens && !ink_same(p->pen[i], ink))
        i++;
    if (i == p->pens)
        p->pen[p->pens++] = ink;
    return (uint8_t)i;
}

void paint_looks(struct painter *p, const struct looks *l)
{
    p->pens = 0;
    pen_number(p, own);
    for (int s = 0; s < STYLE_COUNT; s++) {
        struct ink ink = ink_of(l, (enum style)s);
        p->pen_of[s] = pen_number(p, ink);
        p->blank_of[s] = see_through(ink) ? pen_number(p, (struct ink){-1, ink.bg, 0}) : p->pen_of[s];
    }
    paint_forget(p);
}

void paint_size(struct painter *p, int w, int h)
{
    size_t count = (size_t)w * (size_t)h;
    free(p->shown);
    free(p->next);
    free(p->given);
    free(p->same);
    free(p->span);
    p->shown = calloc(count, sizeof *p->shown);
    p->next = calloc(count, sizeof *p->next);
    p->given = calloc(count, sizeof *p->given);
    p->same = calloc((size_t)h, sizeof *p->same);
    p->span = calloc((size_t)h, sizeof *p->span);
    if (p->shown == NULL || p->next == NULL || p->given == NULL || p->same == NULL || p->span == NULL)
        abort();
    p->w = w;
    p->h = h;
    paint_forget(p);
}

void paint_forget(struct painter *p)
{
    p->known = false;
    p->x = p->now = -1;
}

void paint_release(struct painter *p)
{
    free(p->shown);
    free(p->next);
    free(p->given);
    free(p->same);
    free(p->span);
    free(p->out);
    *p = (struct painter){.x = -1, .now = -1};
}

static struct cell *next_at(const struct painter *p, int x, int y)
{
    return p->next + (size_t)y * (size_t)p->w + x;
}

static struct cell *shown_at(const struct painter *p, int x, int y)
{
    return p->shown + (size_t)y * (size_t)p->w + x;
}

static bool differs(const struct painter *p, int x, int y)
{
    const struct cell *a = next_at(p, x, y), *b = shown_at(p, x, y);
    return a->ch != b->ch || a->style != b->style;
}

static int width_at(const struct painter *p, int x, int y)
{
    return x + 1 < p->w && next_at(p, x + 1, y)->ch == 0 ? 2 : 1;
}

static void done(struct painter *p, int x, int y, int width)
{
    for (int i = 0; i < width; i++)
        *shown_at(p, x + i, y) = *next_at(p, x + i, y);
}

/* A blank looks the same under every pen with its ground. */
static bool fits(const struct painter *p, int pen, const struct cell *c)
{
    const struct ink *a = &p->pen[pen], *b = &p->pen[c->style];
    return c->style == pen || (c->ch == ' ' && see_through(*a) && see_through(*b) && a->bg == b->bg);
}

static bool is_blank(const struct painter *p, const struct cell *c)
{
    return c->ch == ' ' && see_through(p->pen[c->style]);
}

static size_t repeats(const struct painter *p, int x, int y, int end)
{
    const struct cell *c = next_at(p, x, y);
    size_t n = 1;
    while (x + (int)n < end && c[n].ch == c->ch)
        n++;
    return n;
}

/* A terminal inside another one may be less than its name says. It is asked once, within the frame, and nothing waits for the
 * answer. */
static void ask(struct painter *p, int x, int y)
{
    if (!p->ask || x >= p->w || y < 1) /* an answer from the first row would look like a key */
        return;
    paint_text(p, "\033[6n");
    p->ask = false;
    p->asked_x = x;
    p->asked_y = y;
}

void paint_answer(struct painter *p, int x, int y)
{
    if (p->asked_y > 0 && y == p->asked_y && x != p->asked_x) {
        p->caps.rep = p->caps.rep_all = false;
        paint_forget(p);
    }
    p->asked_x = p->asked_y = 0;
}

/* The same character n times; returns how many cells that were. */
static int put_same(struct painter *p, int x, int y, int end)
{
    char bytes[4];
    size_t n = repeats(p, x, y, end), len = utf8_put(bytes, next_at(p, x, y)->ch);
    size_t again = n > 100 ? 6 : n > 10 ? 5 : 4; /* bytes of "\033[8b" */
    bool short_cut = (len == 1 ? p->caps.rep : p->caps.rep_all) && again < (n - 1) * len;
    paint_put(p, bytes, len);
    if (short_cut) {
        paint_text(p, "\033[%zub", n - 1);
        if (len > 1)
            ask(p, x + (int)n, y);
    }
    for (size_t i = 1; i < n && !short_cut; i++)
        paint_put(p, bytes, len);
    return (int)n;
}

static void put_wide(struct painter *p, int x, int y)
{
    char bytes[4];
    paint_put(p, bytes, utf8_put(bytes, next_at(p, x, y)->ch));
}

/* Terminals do not agree on what is wide: behind such a character the place of the cursor is not known. */
static void write_run(struct painter *p, int pen, int x, int y, int end)
{
    bool sure = true;
    pen_go(p, x, y);
    pen_take(p, pen);
    while (x < end) {
        bool wide = width_at(p, x, y) == 2;
        int cells = 2;
        if (wide)
            put_wide(p, x, y);
        else
            cells = put_same(p, x, y, end);
        done(p, x, y, cells);
        sure = sure && !wide;
        x += cells;
    }
    p->x = sure && x < p->w ? x : -1;
}

/* Where a run that begins in x ends: behind its last cell that is this pen's to write. */
static int run_end(const struct painter *p, int pen, int x, int y)
{
    int end = x, stays = 0, blanks = 0;
    while (x < p->w && fits(p, pen, next_at(p, x, y))) {
        const struct cell *c = next_at(p, x, y);
        bool changed = differs(p, x, y), mine = changed && !is_blank(p, c);
        int width = width_at(p, x, y);
        char bytes[4];
        stays += changed ? 0 : (int)utf8_put(bytes, c->ch);
        blanks += changed;
        x += width;
        if (mine) {
            end = x;
            stays = blanks = 0;
        }
        if (stays > GAP_BYTES || blanks > GAP_BLANKS)
            break;
    }
    return end;
}

/* A row has few of the pens; two may share a bit. */
static uint64_t pen_bit(int pen)
{
    return UINT64_C(1) << (pen % 64);
}

static void paint_pen(struct painter *p, int pen)
{
    for (int y = 0; y < p->h; y++)
        for (int x = p->span[y].from; x < p->span[y].to && p->span[y].pens & pen_bit(pen); x++) {
            const struct cell *c = next_at(p, x, y);
            if (c->style != pen || c->ch == 0 || is_blank(p, c) || !differs(p, x, y))
                continue;
            int end = run_end(p, pen, x, y);
            write_run(p, pen, x, y, end);
            x = end - 1;
        }
}

static int blanks_end(const struct painter *p, int x, int y)
{
    uint8_t pen = next_at(p, x, y)->style;
    int end = x, stays = 0;
    for (; x < p->w && stays <= GAP_BYTES; x++) {
        const struct cell *c = next_at(p, x, y);
        if (c->ch != ' ' || c->style != pen)
            break;
        stays = differs(p, x, y) ? 0 : stays + 1;
        if (stays == 0)
            end = x + 1;
    }
    return end;
}

static bool is_blank_from(const struct painter *p, int x, int y)
{
    uint8_t pen = next_at(p, x, y)->style;
    while (x < p->w && next_at(p, x, y)->ch == ' ' && next_at(p, x, y)->style == pen)
        x++;
    return x == p->w;
}

static void erase(struct painter *p, int x, int y, int end)
{
    const struct cell *c = next_at(p, x, y);
    int pen = p->now >= 0 && fits(p, p->now, c) ? p->now : c->style;
    bool ground = p->caps.bce || p->pen[pen].bg < 0; /* erased cells would look right */
    bool rest = ground && end - x >= ERASE_FROM && is_blank_from(p, x, y);
    if (!rest && !(ground && p->caps.ech && end - x >= ERASE_FROM)) {
        write_run(p, pen, x, y, end);
        return;
    }
    pen_go(p, x, y);
    pen_take(p, pen);
    if (rest)
        paint_text(p, "\033[K");
    else
        paint_text(p, "\033[%dX", end - x);
    done(p, x, y, rest ? p->w - x : end - x);
}

static void paint_blanks(struct painter *p)
{
    for (int y = 0; y < p->h; y++)
        for (int x = p->span[y].from; x < p->span[y].to; x++)
            if (differs(p, x, y) && is_blank(p, next_at(p, x, y))) {
                int end = blanks_end(p, x, y);
                erase(p, x, y, end);
                x = end - 1;
            }
}

/* Everything is blank then, in the ground of the normal style where erasing gives it. */
static void clear(struct painter *p)
{
    uint8_t pen = p->caps.bce ? p->blank_of[STYLE_NORMAL] : 0;
    p->now = p->x = -1;
    pen_take(p, pen);
    paint_text(p, "\033[H\033[2J");
    p->x = p->y = 0;
    p->known = true;
    for (size_t i = 0; i < (size_t)p->w * (size_t)p->h; i++)
        p->shown[i] = (struct cell){' ', pen};
}

/* Bytes between the members may differ where the cells do not: that costs a look at the row, no more. */
bool paint_same(struct painter *p, int y, const struct cell *row)
{
    struct cell *before = p->given + (size_t)y * (size_t)p->w;
    size_t bytes = (size_t)p->w * sizeof *row;
    p->same[y] = p->known && memcmp(before, row, bytes) == 0;
    if (!p->same[y])
        memcpy(before, row, bytes);
    return p->same[y];
}

static void styles_to_pens(struct painter *p, int y)
{
    for (int x = 0; x < p->w; x++) {
        struct cell *c = next_at(p, x, y);
        uint8_t style = c->style < STYLE_COUNT ? c->style : STYLE_NORMAL;
        c->style = c->ch == ' ' ? p->blank_of[style] : p->pen_of[style];
    }
}

/* Most of the time little differs: the rest of the work looks there only. */
static void compare(struct painter *p)
{
    memset(p->used, 0, sizeof p->used);
    for (int y = 0; y < p->h; y++) {
        p->span[y] = (struct span){0};
        for (int x = 0; x < p->w && !p->same[y]; x++) {
            if (!differs(p, x, y))
                continue;
            p->used[next_at(p, x, y)->style] = true;
            p->span[y].pens |= pen_bit(next_at(p, x, y)->style);
            p->span[y].from = p->span[y].to == 0 ? x : p->span[y].from;
            p->span[y].to = x + 1;
        }
    }
}

void paint_next(struct painter *p)
{
    for (int y = 0; y < p->h; y++)
        if (!p->same[y])
            styles_to_pens(p, y);
    if (!p->known)
        clear(p);
    else if (p->caps.scroll)
        paint_scroll(p);
    compare(p);
    int first = p->now; /* what needs no change of colour comes first */
    if (first >= 0)
        paint_pen(p, first);
    for (int pen = 0; pen < p->pens; pen++)
        if (pen != first && p->used[pen])
            paint_pen(p, pen);
    paint_blanks(p);
}
