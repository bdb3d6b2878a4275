/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pallets, the extrinsic's parts and the runtime's methods. */
#include "chain/metadata_private.h"

static void read_hashers(struct metadata_in *in, struct storage_item *item)
{
    size_t count = scale_count(&in->s, 1);
    for (size_t i = 0; i < count && !in->s.bad; i++) {
        uint64_t h = scale_uint(&in->s, 1);
        if (h >= HASHER_COUNT || i >= STORAGE_HASHERS)
            in->s.bad = true;
        else
            item->hasher[item->hashers++] = (enum hasher)h;
    }
}

static void read_storage_item(struct metadata_in *in, struct storage_item *item)
{
    item->name = scale_vector(&in->s);
    item->optional = scale_uint(&in->s, 1) == 0;
    item->key = NO_TYPE;
    if (scale_bool(&in->s)) {
        read_hashers(in, item);
        item->key = meta_type(in);
    }
    item->value = meta_type(in);
    item->fallback = scale_vector(&in->s);
    meta_skip_texts(in);
}

static void read_storage(struct metadata_in *in, struct pallet *p)
{
    if (!scale_option(&in->s))
        return;
    p->prefix = scale_vector(&in->s);
    struct storage_item *item = meta_items(in, 5, sizeof *item, &p->storage_count);
    for (size_t i = 0; i < p->storage_count && !in->s.bad; i++)
        read_storage_item(in, &item[i]);
    p->storage = item;
}

static void read_constants(struct metadata_in *in, struct pallet *p)
{
    struct pallet_constant *constant = meta_items(in, 4, sizeof *constant, &p->constant_count);
    for (size_t i = 0; i < p->constant_count && !in->s.bad; i++) {
        constant[i].name = scale_vector(&in->s);
        constant[i].type = meta_type(in);
        constant[i].value = scale_vector(&in->s);
        meta_skip_texts(in);
    }
    p->constant = constant;
}

static uint32_t optional_type(struct metadata_in *in)
{
    return scale_option(&in->s) ? meta_type(in) : NO_TYPE;
}

static void read_pallet(struct metadata_in *in, struct pallet *p)
{
    p->name = scale_vector(&in->s);
    read_storage(in, p);
    p->calls = optional_type(in);
    optional_type(in); /* events */
    read_constants(in, p);
    optional_type(in); /* errors */
    p->index = (uint8_t)scale_uint(&in->s, 1);
    if (in->m->version >= 15)
        meta_skip_texts(in);
}

void meta_pallets(struct metadata_in *in)
{
    struct pallet *pallet = meta_items(in, 6, sizeof *pallet, &in->m->pallet_count);
    for (size_t i = 0; i < in->m->pallet_count && !in->s.bad; i++)
        read_pallet(in, &pallet[i]);
    in->m->pallet = pallet;
}

static void read_extensions(struct metadata_in *in)
{
    struct signed_extension *extension = meta_items(in, 3, sizeof *extension, &in->m->extension_count);
    for (size_t i = 0; i < in->m->extension_count && !in->s.bad; i++) {
        extension[i].name = scale_vector(&in->s);
        extension[i].extra = meta_type(in);
        extension[i].additional = meta_type(in);
    }
    in->m->extension = extension;
}

static uint32_t param(const struct type_def *t, const char *name)
{
    for (size_t i = 0; i < t->params.count; i++)
        if (bytes_is(t->params.at[i].name, name))
            return t->params.at[i].type;
    return NO_TYPE;
}

/* V14 names the extrinsic's type only; its parts are what that type is generic over. */
static void read_extrinsic_14(struct metadata_in *in)
{
    uint32_t whole = meta_type(in);
    in->m->extrinsic_version = (uint8_t)scale_uint(&in->s, 1);
    if (in->s.bad)
        return;
    in->m->address = param(&in->m->type[whole], "Address");
    in->m->call = param(&in->m->type[whole], "Call");
    in->m->signature = param(&in->m->type[whole], "Signature");
    read_extensions(in);
    meta_type(in); /* of the runtime itself */
}

static void skip_inputs(struct metadata_in *in)
{
    for (size_t n = scale_count(&in->s, 1); n > 0 && !in->s.bad; n--) {
        scale_vector(&in->s);
        meta_type(in);
    }
}

static size_t read_methods(struct metadata_in *in, struct runtime_method **grown, size_t count)
{
    struct bytes api = scale_vector(&in->s);
    size_t more = scale_count(&in->s, 4);
    struct runtime_method *m = arena_grow(in->arena, *grown, count * sizeof *m, (count + more + 1) * sizeof *m);
    for (size_t i = 0; i < more && !in->s.bad; i++) {
        m[count].api = api;
        m[count].name = scale_vector(&in->s);
        skip_inputs(in);
        m[count++].output = meta_type(in);
        meta_skip_texts(in);
    }
    meta_skip_texts(in);
    *grown = m;
    return count;
}

static void read_apis(struct metadata_in *in)
{
    struct runtime_method *grown = NULL;
    for (size_t n = scale_count(&in->s, 1); n > 0 && !in->s.bad; n--)
        in->m->method_count = read_methods(in, &grown, in->m->method_count);
    in->m->method = grown;
}

static void read_extrinsic_15(struct metadata_in *in)
{
    in->m->extrinsic_version = (uint8_t)scale_uint(&in->s, 1);
    in->m->address = meta_type(in);
    in->m->call = meta_type(in);
    in->m->signature = meta_type(in);
    meta_type(in); /* all extensions as one */
    read_extensions(in);
    meta_type(in); /* of the runtime itself */
    read_apis(in);
}

void meta_extrinsic(struct metadata_in *in)
{
    if (!in->s.bad)
        (in->m->version >= 15 ? read_extrinsic_15 : read_extrinsic_14)(in);
}
