/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is in a subnet, and with how much stake: the answer of the runtime's NeuronInfoRuntimeApi_get_neurons_lite. Its shape is
 * told by metadata V15 (V14 does not name what runtime methods answer). */
#ifndef DAVY_CHAIN_NEURONS_H
#define DAVY_CHAIN_NEURONS_H

#include "chain/metadata.h"

#define NEURONS_METHOD "NeuronInfoRuntimeApi_get_neurons_lite"
struct neuron {
    const uint8_t *hotkey; /* 32 bytes, a slice of in */
    uint16_t uid;
    uint64_t stake_rao; /* first entry of its stakes, as the reference counts; 0: none */
};
/* false with the sentence. */
bool neurons_read(struct arena *a, const struct metadata *m, struct bytes in, struct neuron **out, size_t *count,
                  struct err *e);

#endif
