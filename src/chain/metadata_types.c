/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registry of types (scale-info's PortableRegistry). */
#include "chain/metadata_private.h"

static struct bytes optional_text(struct scale_in *s)
{
    return scale_option(s) ? scale_vector(s) : (struct bytes){"", 0};
}

static struct bytes last_text(struct metadata_in *in)
{
    struct bytes last = {"", 0};
    for (size_t n = scale_count(&in->s, 1); n > 0 && !in->s.bad; n--)
        last = scale_vector(&in->s);
    return last;
}

static void read_params(struct metadata_in *in, struct type_def *t)
{
    struct type_field *param = meta_items(in, 2, sizeof *param, &t->params.count);
    for (size_t i = 0; i < t->params.count && !in->s.bad; i++) {
        param[i].name = scale_vector(&in->s);
        param[i].type = scale_option(&in->s) ? meta_type(in) : NO_TYPE;
    }
    t->params.at = param;
}

static struct type_fields read_fields(struct metadata_in *in)
{
    struct type_fields fields;
    struct type_field *field = meta_items(in, 4, sizeof *field, &fields.count);
    for (size_t i = 0; i < fields.count && !in->s.bad; i++) {
        field[i].name = optional_text(&in->s);
        field[i].type = meta_type(in);
        optional_text(&in->s);
        meta_skip_texts(in);
    }
    fields.at = field;
    return fields;
}

static void read_composite(struct metadata_in *in, struct type_def *t)
{
    t->fields = read_fields(in);
}

static void read_variants(struct metadata_in *in, struct type_def *t)
{
    struct type_variant *variant = meta_items(in, 4, sizeof *variant, &t->variant_count);
    for (size_t i = 0; i < t->variant_count && !in->s.bad; i++) {
        variant[i].name = scale_vector(&in->s);
        variant[i].fields = read_fields(in);
        variant[i].index = (uint8_t)scale_uint(&in->s, 1);
        meta_skip_texts(in);
    }
    t->variant = variant;
}

static void read_item(struct metadata_in *in, struct type_def *t)
{
    t->item = meta_type(in);
}

static void read_array(struct metadata_in *in, struct type_def *t)
{
    t->length = (uint32_t)scale_uint(&in->s, 4);
    t->item = meta_type(in);
}

static void read_tuple(struct metadata_in *in, struct type_def *t)
{
    struct type_field *field = meta_items(in, 1, sizeof *field, &t->fields.count);
    for (size_t i = 0; i < t->fields.count && !in->s.bad; i++)
        field[i].type = meta_type(in);
    t->fields.at = field;
}

static void read_primitive(struct metadata_in *in, struct type_def *t)
{
    t->primitive = (uint8_t)scale_uint(&in->s, 1);
    if (t->primitive >= PRIM_COUNT)
        in->s.bad = true;
}

static void read_bits(struct metadata_in *in, struct type_def *t)
{
    t->item = meta_type(in);
    meta_type(in);
}

static void read_type(struct metadata_in *in, struct type_def *t)
{
    static void (*const read[])(struct metadata_in *, struct type_def *) = {
        [TYPE_COMPOSITE] = read_composite, [TYPE_VARIANT] = read_variants, [TYPE_SEQUENCE] = read_item,
        [TYPE_ARRAY] = read_array,         [TYPE_TUPLE] = read_tuple,      [TYPE_PRIMITIVE] = read_primitive,
        [TYPE_COMPACT] = read_item,        [TYPE_BITS] = read_bits};
    t->name = last_text(in);
    read_params(in, t);
    uint64_t kind = scale_uint(&in->s, 1);
    if (kind > TYPE_BITS) {
        in->s.bad = true;
        return;
    }
    t->kind = (enum type_kind)kind;
    read[kind](in, t);
    meta_skip_texts(in);
}

/* Numbers are checked while they are read, so the count must be known first; each is its place, as all runtimes write. */
void meta_registry(struct metadata_in *in)
{
    struct type_def *type = meta_items(in, 6, sizeof *type, &in->m->type_count);
    for (size_t i = 0; i < in->m->type_count && !in->s.bad; i++) {
        if (scale_compact(&in->s) != i)
            in->s.bad = true;
        read_type(in, &type[i]);
    }
    in->m->type = type;
}
