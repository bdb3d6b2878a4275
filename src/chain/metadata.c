/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/metadata.h"

#include "chain/metadata_private.h"

#define MAGIC "meta"
/* Real ones have 0.7 MB. Reading takes up to twenty times as much memory as a hostile node sends. */
enum { SMALLEST = 14, LARGEST = 15, MOST_BYTES = 4 << 20 };

void *meta_items(struct metadata_in *in, size_t least, size_t size, size_t *count)
{
    *count = scale_count(&in->s, least);
    return arena_array(in->arena, *count ? *count : 1, size);
}

uint32_t meta_type(struct metadata_in *in)
{
    uint64_t number = scale_compact(&in->s);
    if (number >= in->m->type_count)
        in->s.bad = true;
    return in->s.bad ? 0 : (uint32_t)number;
}

void meta_skip_texts(struct metadata_in *in)
{
    for (size_t n = scale_count(&in->s, 1); n > 0 && !in->s.bad; n--)
        scale_vector(&in->s);
}

/* An optional vector around it is how state_call answers. */
static struct bytes unwrap(struct bytes in)
{
    struct scale_in s = scale_from(in);
    if (bytes_starts(in, MAGIC) || !scale_option(&s))
        return in;
    struct bytes inner = scale_vector(&s);
    return scale_done(&s) ? inner : in;
}

static bool read_head(struct bytes *in, unsigned *version, struct err *e)
{
    *in = unwrap(*in);
    if (!bytes_cut(in, MAGIC) || in->len == 0)
        return err_set(e, "the node's metadata does not begin as metadata does: is this a Substrate node?");
    if (in->len > MOST_BYTES)
        return err_set(e, "the node's metadata has %zu bytes, more than any chain's: ask another node", in->len);
    *version = (uint8_t)in->at[0];
    *in = bytes_from(*in, 1);
    return (*version >= SMALLEST && *version <= LARGEST) ||
           err_set(e, "the node's metadata is version %u, 14 or 15 is needed: ask for one of them", *version);
}

const struct metadata *metadata_read(struct arena *a, struct bytes bytes, struct err *e)
{
    struct metadata *m = arena_alloc(a, sizeof *m);
    if (!read_head(&bytes, &m->version, e))
        return NULL;
    struct metadata_in in = {.arena = a, .s = scale_from(bytes), .m = m};
    meta_registry(&in);
    meta_pallets(&in);
    meta_extrinsic(&in);
    if (!in.s.bad)
        return m;
    err_set(e, "the node's metadata is damaged or cut off at byte %zu of %zu", bytes.len - in.s.rest.len, bytes.len);
    return NULL;
}

static const struct pallet *metadata_pallet(const struct metadata *m, const char *name)
{
    for (size_t i = 0; i < m->pallet_count; i++)
        if (bytes_is(m->pallet[i].name, name))
            return &m->pallet[i];
    return NULL;
}

const struct storage_item *metadata_storage(const struct metadata *m, const char *pallet, const char *item)
{
    const struct pallet *p = metadata_pallet(m, pallet);
    for (size_t i = 0; p && i < p->storage_count; i++)
        if (bytes_is(p->storage[i].name, item))
            return &p->storage[i];
    return NULL;
}

const struct type_variant *metadata_call(const struct metadata *m, const char *pallet, const char *call, uint8_t *index)
{
    const struct pallet *p = metadata_pallet(m, pallet);
    const struct type_def *calls = p && p->calls != NO_TYPE ? &m->type[p->calls] : NULL;
    for (size_t i = 0; calls && i < calls->variant_count; i++) {
        if (!bytes_is(calls->variant[i].name, call))
            continue;
        *index = p->index;
        return &calls->variant[i];
    }
    return NULL;
}

const struct pallet_constant *metadata_constant(const struct metadata *m, const char *pallet, const char *name)
{
    const struct pallet *p = metadata_pallet(m, pallet);
    for (size_t i = 0; p && i < p->constant_count; i++)
        if (bytes_is(p->constant[i].name, name))
            return &p->constant[i];
    return NULL;
}

const struct runtime_method *metadata_method(const struct metadata *m, const char *api, const char *name)
{
    for (size_t i = 0; i < m->method_count; i++)
        if (bytes_is(m->method[i].api, api) && bytes_is(m->method[i].name, name))
            return &m->method[i];
    return NULL;
}

bool metadata_key(const struct metadata *m, struct scale_out *o, const char *pallet, const char *item,
                  const struct bytes *keys, size_t count, struct err *e)
{
    const struct pallet *p = metadata_pallet(m, pallet);
    const struct storage_item *s = metadata_storage(m, pallet, item);
    if (!s)
        return err_set(e, "this chain has no storage %s.%s: is it a Bittensor node?", pallet, item);
    if (count > s->hashers)
        return err_set(e, "storage %s.%s of this chain has %zu keys, not %zu: davy is too old for it", pallet, item,
                       s->hashers, count);
    storage_part(o, HASHER_TWOX_128, p->prefix);
    storage_part(o, HASHER_TWOX_128, s->name);
    for (size_t i = 0; i < count; i++)
        storage_part(o, s->hasher[i], keys[i]);
    return true;
}
