/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the simulated chain's runtime says about itself: metadata as a Bittensor node gives it, reduced to what a miner asks
 * for. Pallet numbers, hashers and shapes are those of the real chain (auction.md 8). */
#ifndef DAVY_SIM_RUNTIME_H
#define DAVY_SIM_RUNTIME_H

#include "base/arena.h"

enum { RUNTIME_SPEC_VERSION = 425, RUNTIME_TRANSACTION_VERSION = 1 };
/* version: 14 or 15. Bytes as state_getMetadata gives them, without the optional vector of state_call. */
struct bytes runtime_metadata(struct arena *a, unsigned version);

#endif
