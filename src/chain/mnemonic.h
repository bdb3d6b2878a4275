/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Secret phrases (BIP39, English words) as Substrate takes them: not the phrase but its entropy is stretched with PBKDF2. */
#ifndef DAVY_CHAIN_MNEMONIC_H
#define DAVY_CHAIN_MNEMONIC_H

#include "base/err.h"
#include "chain/sr25519.h"

enum { ENTROPY_MOST = 32, MNEMONIC_WORDS = 2048, MNEMONIC_WORD = 8 };
extern const char mnemonic_words[MNEMONIC_WORDS][MNEMONIC_WORD + 1]; /* alphabetical */

/* 12, 15, 18, 21 or 24 words with one blank or more between them. No sentence says which word is wrong. Secrets on the stack
 * are wiped. */
bool mnemonic_seed(struct bytes phrase, uint8_t seed[SR25519_SEED], struct err *e);
/* The entropy: how many bytes; 0: no phrase, or a wrong checksum. */
size_t mnemonic_entropy(struct bytes phrase, uint8_t entropy[ENTROPY_MOST]);

#endif
