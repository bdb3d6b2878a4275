/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pallet Commitments: what a hotkey published, and the call that publishes. All shapes are the runtime's own. */
#ifndef DAVY_CHAIN_COMMITMENTS_H
#define DAVY_CHAIN_COMMITMENTS_H

#include "chain/metadata.h"

struct commitment_record {
    uint64_t block;    /* when it was published */
    struct bytes text; /* first field, when that is raw bytes; slices of in */
    bool is_raw; /* false: another kind of data (a hash, a timelock): its owner has no commitment that we can read */
};
/* One value of CommitmentOf. false: no such record. */
bool commitment_record_read(const struct metadata *m, struct bytes in, struct commitment_record *out);
/* The call set_commitment(netuid, info) with one raw field. false with the sentence: the runtime has no such call, or text
 * is longer than it takes. */
bool commitment_call(struct arena *a, const struct metadata *m, uint16_t netuid, struct bytes text, struct bytes *call,
                     struct err *e);
/* Key of one record, or with account NULL the prefix of a subnet's records. */
bool commitment_key(struct scale_out *o, const struct metadata *m, uint16_t netuid, const uint8_t *account,
                    struct err *e);
/* The account at the end of such a key; NULL: it is none. Without metadata: it is the last 32 bytes of every concat hasher. */
const uint8_t *commitment_account(struct bytes key);
/* The key where no metadata is at hand: the hashers that all runtimes so far have had. */
void commitment_key_usual(struct scale_out *o, uint16_t netuid, const uint8_t *account);

#endif
