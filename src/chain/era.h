/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long an extrinsic may be included: from its birth block on, for a period that is a power of two. In the extrinsic two
 * bytes stand for it (auction.md 8.6); the hash of the birth block is signed with it. */
#ifndef DAVY_CHAIN_ERA_H
#define DAVY_CHAIN_ERA_H

#include "chain/scale.h"

enum { ERA_SHORTEST = 4, ERA_LONGEST = 65536 };
struct era {
    uint32_t period; /* blocks; 0: immortal */
    uint32_t phase;  /* birth modulo period */
};
struct era era_at(uint64_t block, uint32_t period); /* period is rounded up to a power of two within the limits */
uint64_t era_birth(struct era era, uint64_t block); /* of the era that block lies in; 0 when immortal */
uint64_t era_death(struct era era, uint64_t block); /* the first block that is too late; UINT64_MAX when immortal */
void era_write(struct scale_out *o, struct era era);
struct era era_read(struct scale_in *s); /* what no runtime accepts sets s->bad */

#endif
