/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a runtime says about itself: metadata V14 or V15, read at run time, so that nothing an upgrade moves is written down
 * here - numbers of pallets and calls, hashers of storage, signed extensions, the shape of every value. Everything lives in
 * the arena; names are slices of the bytes that were read, which must live as long. Types are numbers into `type`, checked
 * when read: each is below type_count. */
#ifndef DAVY_CHAIN_METADATA_H
#define DAVY_CHAIN_METADATA_H

#include "base/arena.h"
#include "base/err.h"
#include "chain/storage_key.h"

enum type_kind {
    TYPE_COMPOSITE,
    TYPE_VARIANT,
    TYPE_SEQUENCE,
    TYPE_ARRAY,
    TYPE_TUPLE,
    TYPE_PRIMITIVE,
    TYPE_COMPACT,
    TYPE_BITS
};
enum primitive {
    PRIM_BOOL,
    PRIM_CHAR,
    PRIM_STR,
    PRIM_U8,
    PRIM_U16,
    PRIM_U32,
    PRIM_U64,
    PRIM_U128,
    PRIM_U256,
    PRIM_I8,
    PRIM_I16,
    PRIM_I32,
    PRIM_I64,
    PRIM_I128,
    PRIM_I256,
    PRIM_COUNT
};

struct type_field {
    struct bytes name; /* empty: a tuple's */
    uint32_t type;
};
struct type_fields {
    const struct type_field *at;
    size_t count;
};
struct type_variant {
    struct bytes name;
    uint8_t index;
    struct type_fields fields;
};
struct type_def {
    enum type_kind kind;
    struct bytes name;         /* last part of its path: "AccountId32"; empty: none */
    struct type_fields params; /* of generic types, by name; NO_TYPE where one is left out */
    struct type_fields fields; /* composite, tuple */
    const struct type_variant *variant;
    size_t variant_count;
    uint32_t item;     /* sequence, array, compact; the store of a bit sequence */
    uint32_t length;   /* array */
    uint8_t primitive; /* enum primitive */
};
#define NO_TYPE UINT32_MAX

struct storage_item {
    struct bytes name;
    bool optional; /* absent means none; else fallback is what is meant */
    enum { STORAGE_HASHERS = 8 } max;
    enum hasher hasher[STORAGE_HASHERS];
    size_t hashers; /* 0: a plain value */
    uint32_t key;   /* the key's type, a tuple when there are several hashers; NO_TYPE: plain */
    uint32_t value;
    struct bytes fallback;
};
struct pallet_constant {
    struct bytes name;
    uint32_t type;
    struct bytes value; /* SCALE */
};
struct pallet {
    struct bytes name;
    struct bytes prefix; /* of its storage; empty: it has none */
    uint8_t index;
    uint32_t calls; /* a variant type; NO_TYPE: none */
    const struct storage_item *storage;
    size_t storage_count;
    const struct pallet_constant *constant;
    size_t constant_count;
};
struct signed_extension {
    struct bytes name;
    uint32_t extra;      /* what stands in the extrinsic */
    uint32_t additional; /* what is only signed */
};
struct runtime_method {
    struct bytes api, name;
    uint32_t output;
};
struct metadata {
    unsigned version; /* 14 or 15 */
    const struct type_def *type;
    size_t type_count;
    const struct pallet *pallet;
    size_t pallet_count;
    uint8_t extrinsic_version;
    uint32_t address, call, signature; /* types of the extrinsic's parts; NO_TYPE: not told */
    const struct signed_extension *extension;
    size_t extension_count;
    const struct runtime_method *method; /* V15 only */
    size_t method_count;
};
/* in: the answer of state_getMetadata, or of state_call Metadata_metadata_at_version (an optional byte vector around it).
 * NULL with the sentence. */
const struct metadata *metadata_read(struct arena *a, struct bytes in, struct err *e);

/* NULL: the runtime has none of that name. */
const struct storage_item *metadata_storage(const struct metadata *m, const char *pallet, const char *item);
const struct type_variant *metadata_call(const struct metadata *m, const char *pallet, const char *call,
                                         uint8_t *index);
const struct pallet_constant *metadata_constant(const struct metadata *m, const char *pallet, const char *name);
const struct runtime_method *metadata_method(const struct metadata *m, const char *api, const char *name);

/* The key of one value, or of all values below the map keys that are given (each SCALE-encoded, as many as wanted). The
 * hashers are those of the runtime. false with the sentence when the runtime has no such storage. */
bool metadata_key(const struct metadata *m, struct scale_out *o, const char *pallet, const char *item,
                  const struct bytes *keys, size_t count, struct err *e);

#endif
