/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/extension.h"

#include "chain/portable.h"

typedef void write_fn(const struct extrinsic_terms *t, struct scale_out *o);
typedef void note_fn(struct scale_in *s, struct extrinsic_seen *seen);

static void write_era(const struct extrinsic_terms *t, struct scale_out *o)
{
    era_write(o, t->era);
}

static void write_nonce(const struct extrinsic_terms *t, struct scale_out *o)
{
    scale_put_compact(o, t->nonce);
}

static void write_zero(const struct extrinsic_terms *t, struct scale_out *o)
{
    (void)t;
    scale_put_uint(o, 0, 1);
}

static void write_two_zeros(const struct extrinsic_terms *t, struct scale_out *o)
{
    (void)t;
    scale_put_uint(o, 0, 2);
}

static void write_spec(const struct extrinsic_terms *t, struct scale_out *o)
{
    scale_put_uint(o, t->spec_version, 4);
}

static void write_transaction(const struct extrinsic_terms *t, struct scale_out *o)
{
    scale_put_uint(o, t->transaction_version, 4);
}

static void write_genesis(const struct extrinsic_terms *t, struct scale_out *o)
{
    scale_put(o, (struct bytes){(const char *)t->genesis, HASH_BYTES});
}

static void write_birth(const struct extrinsic_terms *t, struct scale_out *o)
{
    scale_put(o, (struct bytes){(const char *)(t->era.period ? t->birth : t->genesis), HASH_BYTES});
}

static void note_era(struct scale_in *s, struct extrinsic_seen *seen)
{
    seen->era = era_read(s);
}

static void note_nonce(struct scale_in *s, struct extrinsic_seen *seen)
{
    seen->nonce = scale_compact(s);
}

static void note_tip(struct scale_in *s, struct extrinsic_seen *seen)
{
    seen->tip = scale_compact(s);
}

static const struct known {
    const char *name;
    write_fn *extra, *additional; /* NULL: nothing is written */
    note_fn *note;
} known[] = {
    {"ChargeAssetTxPayment", write_two_zeros, NULL, note_tip}, /* no tip, paid in the chain's own coin */
    {"ChargeTransactionPayment", write_zero, NULL, note_tip},
    {"ChargeTransactionPaymentWrapper", write_zero, NULL, note_tip},
    {"CheckEra", write_era, write_birth, note_era}, /* CheckMortality before 2021 */
    {"CheckGenesis", NULL, write_genesis, NULL},
    {"CheckMetadataHash", write_zero, write_zero, NULL}, /* disabled; no hash */
    {"CheckMortality", write_era, write_birth, note_era},
    {"CheckNonce", write_nonce, NULL, note_nonce},
    {"CheckSpecVersion", NULL, write_spec, NULL},
    {"CheckTxVersion", NULL, write_transaction, NULL},
};

static const struct known *known_of(const struct signed_extension *x)
{
    static const struct known nothing = {0};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (bytes_is(x->name, known[i].name))
            return &known[i];
    return &nothing;
}

/* The runtime's own types judge what was written. */
static bool add(const struct metadata *m, const struct signed_extension *x, uint32_t type, write_fn *put,
                const struct extrinsic_terms *t, struct scale_out *o, struct err *e)
{
    size_t before = o->len;
    if (put)
        put(t, o);
    if (portable_fits((struct portable){m, type, bytes_from(scale_bytes(o), before)}))
        return true;
    o->len = before;
    return err_set(e,
                   "this chain wants a signed extension %.*s that davy does not know in this form: nothing was signed; "
                   "update davy",
                   (int)(x->name.len < 60 ? x->name.len : 60), x->name.at);
}

bool extension_extra(const struct metadata *m, const struct signed_extension *x, const struct extrinsic_terms *t,
                     struct scale_out *o, struct err *e)
{
    return add(m, x, x->extra, known_of(x)->extra, t, o, e);
}

bool extension_additional(const struct metadata *m, const struct signed_extension *x, const struct extrinsic_terms *t,
                          struct scale_out *o, struct err *e)
{
    return add(m, x, x->additional, known_of(x)->additional, t, o, e);
}

void extension_note(const struct signed_extension *x, struct bytes raw, struct extrinsic_seen *seen)
{
    struct scale_in s = scale_from(raw);
    if (known_of(x)->note)
        known_of(x)->note(&s, seen);
}
