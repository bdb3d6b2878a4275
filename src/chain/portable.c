/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/portable.h"

/* Steps are what a value of a megabyte may take; a type that contains itself without a byte between uses them up. */
enum { DEPTH = 64, STEPS = 4000000 };
struct walk {
    const struct metadata *m;
    struct scale_in *s;
    unsigned depth;
    unsigned long steps;
};
static void walk_type(struct walk *w, uint32_t type);

static void walk_fields(struct walk *w, struct type_fields fields)
{
    for (size_t i = 0; i < fields.count && !w->s->bad; i++)
        walk_type(w, fields.at[i].type);
}

static void walk_composite(struct walk *w, const struct type_def *t)
{
    walk_fields(w, t->fields);
}

static const struct type_variant *variant_of(const struct type_def *t, uint8_t index)
{
    for (size_t i = 0; i < t->variant_count; i++)
        if (t->variant[i].index == index)
            return &t->variant[i];
    return NULL;
}

static void walk_variant(struct walk *w, const struct type_def *t)
{
    const struct type_variant *v = variant_of(t, (uint8_t)scale_uint(w->s, 1));
    if (v)
        walk_fields(w, v->fields);
    else
        w->s->bad = true;
}

static void walk_many(struct walk *w, uint32_t type, size_t count)
{
    for (size_t i = 0; i < count && !w->s->bad; i++)
        walk_type(w, type);
}

static bool is_octet(const struct metadata *m, uint32_t type)
{
    return m->type[type].kind == TYPE_PRIMITIVE &&
           (m->type[type].primitive == PRIM_U8 || m->type[type].primitive == PRIM_I8);
}

static void walk_sequence(struct walk *w, const struct type_def *t)
{
    if (is_octet(w->m, t->item))
        scale_vector(w->s);
    else
        walk_many(w, t->item, scale_count(w->s, 1));
}

static void walk_array(struct walk *w, const struct type_def *t)
{
    if (is_octet(w->m, t->item))
        scale_take(w->s, t->length);
    else
        walk_many(w, t->item, t->length);
}

/* Bytes of the numbers; 0: a text, which tells its own length. */
static const uint8_t widths[PRIM_COUNT] = {
    [PRIM_BOOL] = 1, [PRIM_CHAR] = 4,  [PRIM_U8] = 1,    [PRIM_U16] = 2,  [PRIM_U32] = 4,
    [PRIM_U64] = 8,  [PRIM_U128] = 16, [PRIM_U256] = 32, [PRIM_I8] = 1,   [PRIM_I16] = 2,
    [PRIM_I32] = 4,  [PRIM_I64] = 8,   [PRIM_I128] = 16, [PRIM_I256] = 32};

static void walk_primitive(struct walk *w, const struct type_def *t)
{
    if (t->primitive == PRIM_STR)
        scale_vector(w->s);
    else if (t->primitive == PRIM_BOOL)
        scale_bool(w->s);
    else
        scale_take(w->s, widths[t->primitive]);
}

static void walk_compact(struct walk *w, const struct type_def *t)
{
    const struct type_def *item = &w->m->type[t->item];
    if ((item->kind != TYPE_TUPLE && item->kind != TYPE_COMPOSITE) || item->fields.count) /* Compact<()> is nothing */
        scale_compact_raw(w->s);
}

static void walk_bits(struct walk *w, const struct type_def *t)
{
    uint64_t bits = scale_compact(w->s), store = 8;
    if (w->m->type[t->item].kind == TYPE_PRIMITIVE && widths[w->m->type[t->item].primitive])
        store = 8u * widths[w->m->type[t->item].primitive];
    uint64_t words = bits / store + (bits % store != 0);
    scale_take(w->s, words > SIZE_MAX / 32 ? SIZE_MAX : (size_t)(words * store / 8));
}

static void walk_type(struct walk *w, uint32_t type)
{
    static void (*const walk[])(struct walk *, const struct type_def *) = {
        [TYPE_COMPOSITE] = walk_composite, [TYPE_VARIANT] = walk_variant, [TYPE_SEQUENCE] = walk_sequence,
        [TYPE_ARRAY] = walk_array,         [TYPE_TUPLE] = walk_composite, [TYPE_PRIMITIVE] = walk_primitive,
        [TYPE_COMPACT] = walk_compact,     [TYPE_BITS] = walk_bits};
    if (w->depth >= DEPTH || w->steps++ >= STEPS) {
        w->s->bad = true;
        return;
    }
    w->depth++;
    walk[w->m->type[type].kind](w, &w->m->type[type]);
    w->depth--;
}

bool portable_skip(const struct metadata *m, uint32_t type, struct scale_in *s)
{
    struct walk w = {.m = m, .s = s};
    walk_type(&w, type);
    return !s->bad;
}

bool portable_fits(struct portable v)
{
    struct scale_in s = scale_from(v.at);
    return portable_skip(v.m, v.type, &s) && s.rest.len == 0;
}
