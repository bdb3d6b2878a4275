/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/portable.h"

enum { WRAPPERS = 16 };

static const struct type_def *type_of(struct portable v)
{
    return &v.m->type[v.type];
}

/* Down through newtypes: a composite or tuple with one field has the bytes of that field. */
static struct portable unwrapped(struct portable v)
{
    for (int i = 0; i < WRAPPERS; i++) {
        const struct type_def *t = type_of(v);
        if ((t->kind != TYPE_COMPOSITE && t->kind != TYPE_TUPLE) || t->fields.count != 1)
            break;
        v.type = t->fields.at[0].type;
    }
    return v;
}

static bool find_field(struct portable v, const char *name, struct portable *out)
{
    struct scale_in s = scale_from(v.at);
    const struct type_fields fields = type_of(v)->fields;
    for (size_t i = 0; i < fields.count; i++) {
        if (bytes_is(fields.at[i].name, name)) {
            *out = (struct portable){v.m, fields.at[i].type, s.rest};
            return true;
        }
        if (!portable_skip(v.m, fields.at[i].type, &s))
            return false;
    }
    return false;
}

bool portable_field(struct portable v, const char *name, struct portable *out)
{
    for (int i = 0; i < WRAPPERS && type_of(v)->kind == TYPE_COMPOSITE; i++) {
        if (find_field(v, name, out))
            return true;
        if (type_of(v)->fields.count != 1)
            return false;
        v.type = type_of(v)->fields.at[0].type;
    }
    return false;
}

bool portable_place(struct portable v, size_t place, struct portable *out)
{
    struct scale_in s = scale_from(v.at);
    const struct type_def *t = type_of(v);
    if ((t->kind != TYPE_TUPLE && t->kind != TYPE_COMPOSITE) || place >= t->fields.count)
        return false;
    for (size_t i = 0; i < place; i++)
        if (!portable_skip(v.m, t->fields.at[i].type, &s))
            return false;
    *out = (struct portable){v.m, t->fields.at[place].type, s.rest};
    return true;
}

bool portable_variant(struct portable v, struct bytes *name, struct portable *out)
{
    v = unwrapped(v);
    const struct type_def *t = type_of(v);
    struct scale_in s = scale_from(v.at);
    uint64_t index = scale_uint(&s, 1);
    for (size_t i = 0; t->kind == TYPE_VARIANT && !s.bad && i < t->variant_count; i++) {
        if (t->variant[i].index != index)
            continue;
        *name = t->variant[i].name;
        if (t->variant[i].fields.count)
            *out = (struct portable){v.m, t->variant[i].fields.at[0].type, s.rest};
        return true;
    }
    return false;
}

static bool fixed_number(const struct type_def *t, struct scale_in *s, uint64_t *out)
{
    static const uint8_t bytes[PRIM_COUNT] = {
        [PRIM_BOOL] = 1, [PRIM_U8] = 1, [PRIM_U16] = 2, [PRIM_U32] = 4, [PRIM_U64] = 8};
    if (t->kind != TYPE_PRIMITIVE || !bytes[t->primitive])
        return false;
    uint64_t value = scale_uint(s, bytes[t->primitive]);
    if (!s->bad)
        *out = value;
    return !s->bad;
}

bool portable_number(struct portable v, uint64_t *out)
{
    v = unwrapped(v);
    struct scale_in s = scale_from(v.at);
    if (type_of(v)->kind != TYPE_COMPACT)
        return fixed_number(type_of(v), &s, out);
    uint64_t value = scale_compact(&s);
    if (!s.bad)
        *out = value;
    return !s.bad;
}

static bool is_octet(struct portable v, uint32_t item)
{
    const struct type_def *t = &v.m->type[item];
    return t->kind == TYPE_PRIMITIVE && t->primitive == PRIM_U8;
}

bool portable_octets(struct portable v, struct bytes *out)
{
    v = unwrapped(v);
    const struct type_def *t = type_of(v);
    struct scale_in s = scale_from(v.at);
    if ((t->kind != TYPE_SEQUENCE && t->kind != TYPE_ARRAY) || !is_octet(v, t->item))
        return false;
    struct bytes found = t->kind == TYPE_ARRAY ? scale_take(&s, t->length) : scale_vector(&s);
    if (!s.bad)
        *out = found;
    return !s.bad;
}

bool portable_items(struct portable v, struct portable_list *out)
{
    v = unwrapped(v);
    const struct type_def *t = type_of(v);
    struct scale_in s = scale_from(v.at);
    if (t->kind != TYPE_SEQUENCE && t->kind != TYPE_ARRAY)
        return false;
    size_t count = t->kind == TYPE_ARRAY ? t->length : scale_count(&s, 1);
    if (!s.bad)
        *out = (struct portable_list){{v.m, t->item, s.rest}, count};
    return !s.bad;
}

bool portable_next(struct portable_list *list, struct portable *item)
{
    struct scale_in s = scale_from(list->item.at);
    if (list->left == 0 || !portable_skip(list->item.m, list->item.type, &s))
        return false;
    *item = list->item;
    item->at.len -= s.rest.len;
    list->item.at = s.rest;
    list->left--;
    return true;
}

int portable_variant_index(const struct metadata *m, uint32_t type, const char *name)
{
    const struct type_def *t = &m->type[unwrapped((struct portable){m, type, {"", 0}}).type];
    for (size_t i = 0; t->kind == TYPE_VARIANT && i < t->variant_count; i++)
        if (bytes_is(t->variant[i].name, name))
            return t->variant[i].index;
    return -1;
}
