/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Merlin transcripts (merlin.cool) over STROBE-128 and Keccak-f[1600]: what a signature says is eaten piece by piece, each
 * with a label, and the challenge is squeezed out of all of it. No branch and no index depends on what is eaten, only on
 * lengths. A transcript that ate a secret is wiped by its owner (sodium_memzero). */
#ifndef DAVY_CHAIN_MERLIN_H
#define DAVY_CHAIN_MERLIN_H

#include "base/bytes.h"

enum { KECCAK_BYTES = 200 };
struct merlin {
    uint8_t state[KECCAK_BYTES];
    uint8_t pos, pos_begin;
};
void merlin_init(struct merlin *m, const char *label);
void merlin_append(struct merlin *m, const char *label, struct bytes message);
void merlin_challenge(struct merlin *m, const char *label, uint8_t *out, size_t len);
/* Secret numbers of the prover: what was eaten so far, a secret of his and fresh random bytes together. m stays as it is. */
void merlin_witness(const struct merlin *m, const char *label, const uint8_t secret[32], const uint8_t random[32],
                    uint8_t *out, size_t len);

void keccak_f1600(uint64_t lane[25]);

#endif
