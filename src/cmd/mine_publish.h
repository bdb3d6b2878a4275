/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Publishing a commitment: sign, submit, and wait until the finalized chain shows it. Nothing is believed but what is read
 * there: a node that takes an extrinsic may still lose it. */
#ifndef DAVY_CMD_MINE_PUBLISH_H
#define DAVY_CMD_MINE_PUBLISH_H

#include "chain/commitments.h"
#include "chain/wallet.h"
#include "cmd/mine_chain.h"

struct mine_publish {
    struct loop *loop;
    struct mine_rpc *rpc;
    const struct mine_chain *chain;
    const struct wallet *wallet; /* can sign */
    uint16_t netuid;
    struct bytes text;
    int64_t limit_ms; /* for the confirmation */
    int64_t poll_ms;
};
struct mine_published {
    uint8_t hash[HASH_BYTES]; /* of the extrinsic */
    uint64_t nonce;
    uint64_t block;     /* the one that has it */
    uint64_t finalized; /* the head that showed it */
};
/* false with the sentence, which says whether it may still come: then hash is known. */
bool mine_publish(const struct mine_publish *p, struct arena *a, struct mine_published *out, struct err *e);
/* The record of an account at a block (NULL: the head). present false: none. Slices of the arena. */
bool mine_publish_record(const struct mine_publish *p, struct arena *a, const uint8_t *block,
                         struct commitment_record *out, bool *present, struct err *e);

#endif
