/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a miner must know of a chain before it reads or signs anything: which chain, which runtime, and what that runtime says
 * about itself. Loaded once and again when the runtime's version changes; everything lives in the arena. */
#ifndef DAVY_CMD_MINE_CHAIN_H
#define DAVY_CMD_MINE_CHAIN_H

#include "chain/extrinsic.h"
#include "cmd/mine_rpc.h"

struct mine_chain {
    uint8_t genesis[HASH_BYTES];
    uint32_t spec_version, transaction_version;
    const struct metadata *metadata; /* V15, or V14 of a node that has no other */
    uint64_t head;
    uint64_t finalized;
};
bool mine_chain_load(struct mine_rpc *r, struct arena *a, struct mine_chain *out, struct err *e);
/* The same, but the metadata, which is half a megabyte, is asked only once for each version of the runtime: it is kept in the
 * file kept_fd (a memfd, shared by the processes of the jobs; -1: nowhere). What is damaged there is asked again. */
bool mine_chain_load_kept(struct mine_rpc *r, struct arena *a, int kept_fd, struct mine_chain *out, struct err *e);
/* Whether davy can publish on it: the call is there, and all that the runtime wants of signers is known. */
bool mine_chain_can_sign(const struct mine_chain *c, struct err *e);
/* One value of storage at a block (its hash; NULL: the head). present false: there is none. */
bool mine_chain_value(struct mine_rpc *r, struct arena *a, struct bytes key, const uint8_t *block, struct bytes *value,
                      bool *present, struct err *e);

/* The same, as a number; 0 is no answer: present says whether there is one. keys: SCALE, as many as the storage has. */
bool mine_chain_number(struct mine_rpc *r, struct arena *a, const struct mine_chain *c, const char *pallet,
                       const char *item, const struct bytes *keys, size_t count, const uint8_t *block, uint64_t *out,
                       bool *present, struct err *e);
/* SubtensorModule.Tempo of the subnet; 360 where the chain says none. */
bool mine_chain_tempo(struct mine_rpc *r, struct arena *a, const struct mine_chain *c, uint16_t netuid, uint64_t *tempo,
                      struct err *e);

#endif
