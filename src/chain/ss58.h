/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SS58: an account's 32 bytes as text, with the number of a network (Bittensor and most others: 42) and a checksum. */
#ifndef DAVY_CHAIN_SS58_H
#define DAVY_CHAIN_SS58_H

#include "base/err.h"
#include "base/bytes.h"

enum { ACCOUNT_BYTES = 32, SS58_TEXT = 64, SS58_BITTENSOR = 42, SS58_PREFIX_MAX = 16383 };

/* prefix 0..16383; 46 and 47 are reserved and only written for who asks. Returns out. */
const char *ss58_encode(char out[SS58_TEXT], const uint8_t account[ACCOUNT_BYTES], unsigned prefix);
/* Any network's address of 32 bytes. prefix may be NULL. Outputs untouched on failure. */
bool ss58_decode(struct bytes text, uint8_t account[ACCOUNT_BYTES], unsigned *prefix, struct err *e);

#endif
