/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/extrinsic.h"

#include "chain/extension.h"
#include "chain/portable.h"

enum { VERSION = 4, SIGNED = 0x80, HASHED_ABOVE = 256, ACCOUNT = 32, SIGNATURE = 64 };

static struct bytes raw_of(const uint8_t *at, size_t len)
{
    return (struct bytes){(const char *)at, len};
}

static bool put_extra(const struct metadata *m, const struct extrinsic_terms *t, struct scale_out *o, struct err *e)
{
    for (size_t i = 0; i < m->extension_count; i++)
        if (!extension_extra(m, &m->extension[i], t, o, e))
            return false;
    return true;
}

static bool put_additional(const struct metadata *m, const struct extrinsic_terms *t, struct scale_out *o,
                           struct err *e)
{
    for (size_t i = 0; i < m->extension_count; i++)
        if (!extension_additional(m, &m->extension[i], t, o, e))
            return false;
    return true;
}

static struct bytes hashed_when_long(struct arena *a, struct bytes payload)
{
    if (payload.len <= HASHED_ABOVE)
        return payload;
    uint8_t *hash = arena_alloc(a, HASH_BYTES);
    blake2b(hash, HASH_BYTES, payload);
    return raw_of(hash, HASH_BYTES);
}

static bool sign_this(struct arena *a, const struct metadata *m, const struct extrinsic_terms *t, struct bytes call,
                      struct bytes extra, struct bytes *payload, struct err *e)
{
    struct scale_out o = {.arena = a};
    scale_put(&o, call);
    scale_put(&o, extra);
    if (!put_additional(m, t, &o, e))
        return false;
    *payload = hashed_when_long(a, scale_bytes(&o));
    return true;
}

static bool is_version_4(const struct metadata *m, struct err *e)
{
    return m->extrinsic_version == VERSION ||
           err_set(e, "this chain takes extrinsics of version %u, davy writes version 4: update davy",
                   m->extrinsic_version);
}

static bool is_call(const struct metadata *m, struct bytes call, struct err *e)
{
    return m->call == NO_TYPE || portable_fits((struct portable){m, m->call, call}) ||
           err_set(e, "this chain knows no such call in this form: nothing was signed; update davy");
}

bool extrinsic_draft(struct arena *a, const struct metadata *m, const struct extrinsic_terms *t, struct bytes call,
                     struct extrinsic_draft *out, struct err *e)
{
    struct scale_out extra = {.arena = a};
    struct bytes payload;
    if (!is_version_4(m, e) || !is_call(m, call, e) || !put_extra(m, t, &extra, e) ||
        !sign_this(a, m, t, call, scale_bytes(&extra), &payload, e))
        return false;
    *out = (struct extrinsic_draft){call, scale_bytes(&extra), payload};
    return true;
}

/* MultiAddress has a choice in front; older chains and simple ones take the account as it is. */
static bool put_choice(const struct metadata *m, uint32_t type, const char *choice, size_t bytes, struct scale_out *o,
                       struct err *e)
{
    if (type == NO_TYPE)
        return err_set(e, "the node's metadata does not say how extrinsics are signed: update the node or davy");
    int index = portable_variant_index(m, type, choice);
    if (index >= 0)
        scale_put_uint(o, (uint64_t)index, 1);
    else if (!portable_fits((struct portable){m, type, raw_of((const uint8_t[64]){0}, bytes)}))
        return err_set(e, "this chain does not take %s here: nothing was sent; update davy", choice);
    return true;
}

static bool put_all(const struct metadata *m, const struct extrinsic_draft *d, const uint8_t *account,
                    const uint8_t *signature, struct scale_out *o, struct err *e)
{
    scale_put_uint(o, SIGNED | VERSION, 1);
    if (!put_choice(m, m->address, "Id", ACCOUNT, o, e))
        return false;
    scale_put(o, raw_of(account, ACCOUNT));
    if (!put_choice(m, m->signature, "Sr25519", SIGNATURE, o, e))
        return false;
    scale_put(o, raw_of(signature, SIGNATURE));
    scale_put(o, d->extra);
    scale_put(o, d->call);
    return true;
}

bool extrinsic_signed(struct arena *a, const struct metadata *m, const struct extrinsic_draft *d,
                      const uint8_t account[ACCOUNT], const uint8_t signature[SIGNATURE], struct bytes *out,
                      struct err *e)
{
    struct scale_out body = {.arena = a}, whole = {.arena = a};
    if (!put_all(m, d, account, signature, &body, e))
        return false;
    scale_put_vector(&whole, scale_bytes(&body));
    *out = scale_bytes(&whole);
    return true;
}

void extrinsic_hash(uint8_t out[HASH_BYTES], struct bytes extrinsic)
{
    blake2b(out, HASH_BYTES, extrinsic);
}

static bool take_choice(const struct metadata *m, uint32_t type, const char *choice, struct scale_in *s)
{
    int index = type == NO_TYPE ? -1 : portable_variant_index(m, type, choice);
    return index < 0 || scale_uint(s, 1) == (uint64_t)index;
}

static bool take_extra(const struct metadata *m, struct scale_in *s, struct extrinsic_seen *x)
{
    struct bytes all = s->rest;
    for (size_t i = 0; i < m->extension_count; i++) {
        struct bytes own = s->rest;
        if (!portable_skip(m, m->extension[i].extra, s))
            return false;
        own.len -= s->rest.len;
        extension_note(&m->extension[i], own, x);
    }
    x->extra = (struct bytes){all.at, all.len - s->rest.len};
    return true;
}

static bool take_signer(const struct metadata *m, struct scale_in *s, struct extrinsic_seen *x)
{
    if (scale_uint(s, 1) != (SIGNED | VERSION) || !take_choice(m, m->address, "Id", s))
        return false;
    x->account = (const uint8_t *)scale_take(s, ACCOUNT).at;
    if (!take_choice(m, m->signature, "Sr25519", s))
        return false;
    x->signature = (const uint8_t *)scale_take(s, SIGNATURE).at;
    return !s->bad;
}

bool extrinsic_read(const struct metadata *m, struct bytes in, struct extrinsic_seen *out, struct err *e)
{
    struct extrinsic_seen x = {0};
    struct scale_in whole = scale_from(in), s = scale_from(scale_vector(&whole));
    if (!scale_done(&whole) || !take_signer(m, &s, &x) || !take_extra(m, &s, &x))
        return err_set(e, "this is no signed extrinsic of version 4 with an sr25519 signature");
    x.call = s.rest;
    if (!is_call(m, x.call, e))
        return false;
    *out = x;
    return true;
}

bool extrinsic_payload(struct arena *a, const struct metadata *m, const struct extrinsic_terms *t,
                       const struct extrinsic_seen *x, struct bytes *payload, struct err *e)
{
    struct extrinsic_terms own = *t;
    own.era = x->era;
    own.nonce = x->nonce;
    return sign_this(a, m, &own, x->call, x->extra, payload, e);
}
