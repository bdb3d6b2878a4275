/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/guess.h"

#include "history/scan_plain.h"

enum { PART_MOST = GUESS_VECTORS * GUESS_VECTOR };

static inline guess_vector vector_at(const char *at)
{
    guess_vector v;
    memcpy(&v, at, sizeof v);
    return v;
}

/* Reads whole vectors: up to PART_MOST bytes behind at. */
static inline bool is_part(const struct guess_part *p, const char *at)
{
    guess_vector differs = (vector_at(at) ^ p->want[0]) & p->mask[0];
    for (size_t i = 1; i < p->vectors; i++)
        differs |= (vector_at(at + i * GUESS_VECTOR) ^ p->want[i]) & p->mask[i];
    return (differs[0] | differs[1]) == 0;
}

static bool unwanted(struct scan *s)
{
    return *s->at != '{' && *s->at != '[' && scan_skip(s);
}

/* A text without escapes, the usual case, needs nobody else. */
static inline bool text(struct scan *s, unsigned key, struct line *out)
{
    const char *from = s->at + 1, *end = scan_plain_end(from, s->end);
    if (end == s->end || *end != '"')
        return key == SCAN_UNKNOWN ? scan_text_skip(s, end) : line_value_read(s, key, &out->value[key]);
    s->at = end + 1;
    if (key == SCAN_UNKNOWN)
        return true;
    out->value[key].kind = LINE_TEXT;
    out->value[key].text = (struct bytes){from, (size_t)(end - from)};
    return true;
}

/* Blanks before a value are part of the shape; more of them, a newline above all, are another shape. */
static inline bool value(struct scan *s, unsigned key, struct line *out)
{
    if (*s->at == '"')
        return text(s, key, out);
    if (*s->at <= ' ')
        return false;
    return key == SCAN_UNKNOWN ? unwanted(s) : line_value_read(s, key, &out->value[key]);
}

static bool fits(const struct guess_shape *shape, struct scan *s, struct line *out)
{
    for (size_t i = 0;; i++) {
        const struct guess_part *p = &shape->part[i];
        if (s->end - s->at <= PART_MOST || !is_part(p, s->at))
            return false;
        s->at += p->len;
        if (i == shape->count)
            return true;
        if (!value(s, p->key, out))
            return false;
    }
}

static size_t try_shape(const struct guess_shape *shape, struct bytes rest, struct line *out)
{
    struct scan s = {.at = rest.at, .end = rest.at + rest.len, .room = &out->room};
    line_begin(out);
    return fits(shape, &s, out) ? (size_t)(s.at - rest.at) : 0;
}

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
    size_t first = g->shape[g->last].next, len = try_shape(&g->shape[first], rest, out);
    if (len > 0)
        return took(g, first, len);
    for (size_t i = 0; i < g->count; i++)
        if (i != first && (len = try_shape(&g->shape[i], rest, out)) > 0)
            return took(g, i, len);
    return 0;
}

static bool make_part(struct guess_part *p, const char *from, const char *to, unsigned key)
{
    size_t len = (size_t)(to - from);
    if (len > PART_MOST)
        return false;
    *p = (struct guess_part){
        .vectors = (uint8_t)((len + GUESS_VECTOR - 1) / GUESS_VECTOR), .len = (uint8_t)len, .key = (uint8_t)key};
    memcpy(p->want, from, len);
    memset(p->mask, 0xff, len);
    return true;
}

/* The newline, which is not in the text. */
static bool end_part(struct guess_part *p)
{
    char bytes[PART_MOST + 1];
    memcpy(bytes, p->want, PART_MOST);
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
    if (is_simple(line) && all_parts(&s, text, &line->marks))
        took(g, shape_of(g, &s), 0);
}
