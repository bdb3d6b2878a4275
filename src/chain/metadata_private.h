/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files that read metadata. A reader that finds nonsense sets s->bad and goes on; metadata_read() looks once. */
#ifndef DAVY_CHAIN_METADATA_PRIVATE_H
#define DAVY_CHAIN_METADATA_PRIVATE_H

#include "chain/metadata.h"

struct metadata_in {
    struct arena *arena;
    struct scale_in s;
    struct metadata *m;
};
/* Room for the things of a vector whose length comes next; least: the bytes that each takes at least. So a lie about
 * the length takes memory for no more than the bytes that are left could be. */
void *meta_items(struct metadata_in *in, size_t least, size_t size, size_t *count);
uint32_t meta_type(struct metadata_in *in);   /* a type's number; a bad one sets s.bad */
void meta_skip_texts(struct metadata_in *in); /* a vector of texts: documentation */
void meta_registry(struct metadata_in *in);   /* fills m->type */
void meta_pallets(struct metadata_in *in);    /* fills m->pallet */
void meta_extrinsic(struct metadata_in *in);  /* and what follows it */

#endif
