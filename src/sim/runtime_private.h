/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of the simulated runtime. A type is a name and words:
 *   prim N | array LENGTH TYPE | seq TYPE | compact TYPE | tuple TYPE... | struct FIELD:TYPE...
 *   enum VARIANT=NUMBER FIELD:TYPE... VARIANT=NUMBER ...      (FIELD may be empty)
 * In front @a::path::Name where the type has one, then <PARAM:TYPE where it is generic. */
#ifndef DAVY_SIM_RUNTIME_PRIVATE_H
#define DAVY_SIM_RUNTIME_PRIVATE_H

#include "chain/scale.h"
#include "chain/storage_key.h"

struct runtime_type {
    const char *name, *words;
};
struct runtime_pallet {
    const char *name;
    uint8_t index;
    const char *calls; /* a type; NULL: none */
};
struct runtime_storage {
    const char *pallet, *item;
    bool optional;
    enum hasher hasher[2];
    size_t hashers;
    const char *key, *value; /* types; key NULL: plain */
    const char *fallback;    /* hex */
};
struct runtime_constant {
    const char *pallet, *name, *type, *value; /* hex */
};
struct runtime_extension {
    const char *name, *extra, *additional;
};
struct runtime_method_row {
    const char *api, *name, *input, *input_type, *output;
};
extern const struct runtime_type runtime_types[]; /* .name NULL at the end, as in all of these */
extern const struct runtime_pallet runtime_pallets[];
extern const struct runtime_storage runtime_storages[];
extern const struct runtime_constant runtime_constants[];
extern const struct runtime_extension runtime_extensions[];
extern const struct runtime_method_row runtime_methods[];

/* All types, those of the table and those that are made by counting (Raw0 to Raw128, 255 eras). */
struct runtime_types {
    struct runtime_type *at;
    size_t count;
};
struct runtime_types runtime_all_types(struct arena *a);
void runtime_put_types(struct scale_out *o, const struct runtime_types *t);
void runtime_put_type_number(struct scale_out *o, const struct runtime_types *t, struct bytes name);

#endif
