/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A value of the chain together with its type: bytes that are walked by what the runtime's metadata says, and asked for by
 * name. What moved, grew or was wrapped in a runtime upgrade is still found; what is gone is a clean false. Metadata and
 * bytes may be hostile: depth and steps of a walk are limited. */
#ifndef DAVY_CHAIN_PORTABLE_H
#define DAVY_CHAIN_PORTABLE_H

#include "chain/metadata.h"

struct portable {
    const struct metadata *m;
    uint32_t type;
    struct bytes at; /* begins with the value; may be longer */
};
bool portable_skip(const struct metadata *m, uint32_t type,
                   struct scale_in *s); /* false: s does not hold such a value */
bool portable_fits(struct portable v);  /* the value is all of v.at */

/* Wrappers with one field and no choice (BoundedVec, newtypes) are looked through by all of these. */
bool portable_field(struct portable v, const char *name, struct portable *out); /* of a composite */
bool portable_place(struct portable v, size_t place, struct portable *out);     /* of a tuple or a composite, from 0 */
bool portable_variant(struct portable v, struct bytes *name,
                      struct portable *out);                /* out: its first field, if it has one */
bool portable_number(struct portable v, uint64_t *out);     /* u8..u64, compact ones too; bool */
bool portable_octets(struct portable v, struct bytes *out); /* [u8; N] or Vec<u8> */

struct portable_list {
    struct portable item; /* the next one */
    size_t left;
};
bool portable_items(struct portable v, struct portable_list *out); /* of a sequence or an array */
bool portable_next(struct portable_list *list, struct portable *item);

/* The number of the variant of that name; -1: the type has none. */
int portable_variant_index(const struct metadata *m, uint32_t type, const char *name);

#endif
