/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signed extrinsics, version 4: a call, who signs, and what the runtime's signed extensions want. Which extensions there are
 * and in which order stands in the metadata. Those that davy knows by name get their values, and what was written is held
 * against the type that the runtime gives for it; an extension that davy does not know may only be one that writes nothing,
 * else signing is refused with its name: a signature over less than the chain checks would be refused anyway, over something
 * misunderstood might be worse. */
#ifndef DAVY_CHAIN_EXTRINSIC_H
#define DAVY_CHAIN_EXTRINSIC_H

#include "chain/era.h"
#include "chain/hash.h"
#include "chain/metadata.h"

struct extrinsic_terms {
    uint32_t spec_version, transaction_version; /* of the runtime that the metadata is of */
    uint8_t genesis[HASH_BYTES];
    uint8_t birth[HASH_BYTES]; /* hash of the era's birth block; not used when immortal */
    struct era era;
    uint64_t nonce;
};
struct extrinsic_draft {
    struct bytes call;
    struct bytes extra;   /* of the extensions, as it stands in the extrinsic */
    struct bytes payload; /* what is signed: already hashed when it is longer than 256 bytes */
};
/* call: SCALE, with the numbers of pallet and call in front. false with the sentence. */
bool extrinsic_draft(struct arena *a, const struct metadata *m, const struct extrinsic_terms *t, struct bytes call,
                     struct extrinsic_draft *out, struct err *e);
/* The whole extrinsic, as author_submitExtrinsic takes it, with an sr25519 signature. */
bool extrinsic_signed(struct arena *a, const struct metadata *m, const struct extrinsic_draft *d,
                      const uint8_t account[32], const uint8_t signature[64], struct bytes *out, struct err *e);
void extrinsic_hash(uint8_t out[HASH_BYTES], struct bytes extrinsic);

/* The other way round: what a node sees. Slices of in. */
struct extrinsic_seen {
    const uint8_t *account, *signature; /* 32 and 64 bytes; sr25519 */
    struct bytes extra, call;
    struct era era;
    uint64_t nonce, tip;
};
bool extrinsic_read(const struct metadata *m, struct bytes in, struct extrinsic_seen *out, struct err *e);
/* What must have been signed for it, by the terms of the node (t->era and t->nonce are not looked at). */
bool extrinsic_payload(struct arena *a, const struct metadata *m, const struct extrinsic_terms *t,
                       const struct extrinsic_seen *x, struct bytes *payload, struct err *e);

#endif
