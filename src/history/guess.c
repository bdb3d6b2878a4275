/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/guess.h"

#include "history/fit.h"

#include <string.h>

const char guess_mask[2 * GUESS_MASK] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
                                        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";

static size_t took(struct guess *g, size_t shape, size_t len)
{
    g->shape[g->last].next = shape;
    g->last = shape;
    return len;
}

size_t guess_line(struct guess *g, struct bytes rest, struct line *out)
{
    if (g->count == 0)
        return 0;
    size_t first = g->shape[g->last].next, len = g->fit(&g->shape[first], rest, out);
    if (len > 0)
        return took(g, first, len);
    for (size_t i = 0; i < g->count; i++)
        if (i != first && (len = g->fit(&g->shape[i], rest, out)) > 0)
            return took(g, i, len);
    return 0;
}

static bool make_part(struct guess_part *p, const char *from, const char *to, unsigned key)
{
    size_t len = (size_t)(to - from);
    if (len > GUESS_PART)
        return false;
    *p = (struct guess_part){.len = (uint8_t)len, .key = (uint8_t)key};
    memcpy(p->want, from, len);
    return true;
}

/* The newline, which is not in the text. */
static bool end_part(struct guess_part *p)
{
    char bytes[GUESS_PART + 1];
    memcpy(bytes, p->want, GUESS_PART);
    bytes[p->len] = '\n';
    return make_part(p, bytes, bytes + p->len + 1, SCAN_UNKNOWN);
}

static bool all_parts(struct guess_shape *s, struct bytes text, const struct scan_marks *m)
{
    const char *from = text.at;
    for (size_t i = 0; i < m->count; i++) {
        if (!make_part(&s->part[i], from, m->mark[i].from, m->mark[i].key))
            return false;
        from = m->mark[i].to;
    }
    return make_part(&s->part[m->count], from, text.at + text.len, SCAN_UNKNOWN) && end_part(&s->part[m->count]);
}

/* Each known key that stands in the line stands there once and has one mark, so it holds no list or object. */
static bool is_simple(const struct line *line)
{
    unsigned seen[LINE_KEYS] = {0};
    if (line->marks.count == 0 || line->marks.count > SCAN_MARKS)
        return false;
    for (size_t i = 0; i < line->marks.count; i++)
        if (line->marks.mark[i].key < LINE_KEYS)
            seen[line->marks.mark[i].key]++;
    for (int k = 0; k < LINE_KEYS; k++)
        if (line->times[k] > 1 || line->times[k] != seen[k])
            return false;
    return true;
}

static bool is_same(const struct guess_shape *a, const struct guess_shape *b)
{
    return a->count == b->count && memcmp(a->part, b->part, (a->count + 1) * sizeof *a->part) == 0;
}

static size_t shape_of(struct guess *g, const struct guess_shape *s)
{
    for (size_t i = 0; i < g->count; i++)
        if (is_same(&g->shape[i], s))
            return i;
    size_t at = g->count < GUESS_SHAPES ? g->count++ : g->oldest++ % GUESS_SHAPES;
    g->shape[at] = *s;
    return at;
}

void guess_learn(struct guess *g, struct bytes text, const struct line *line)
{
    struct guess_shape s = {.count = line->marks.count};
    if (g->fit == NULL)
        g->fit = fit_best();
    if (is_simple(line) && all_parts(&s, text, &line->marks))
        took(g, shape_of(g, &s), 0);
}
