/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes as hexadecimal text, as JSON-RPC writes them: "0x" and lower-case digits. */
#ifndef DAVY_CHAIN_HEX_H
#define DAVY_CHAIN_HEX_H

#include "base/arena.h"

char *hex_text(struct arena *a, struct bytes in);                     /* "0x..." */
void hex_write(char *out, struct bytes in);                           /* 2 * in.len digits and a NUL, no 0x */
bool hex_read(struct arena *a, struct bytes text, struct bytes *out); /* with or without 0x; either case */
bool hex_fixed(struct bytes text, uint8_t *out, size_t bytes);        /* exactly so many bytes; out untouched else */
bool hex_number(struct bytes text, uint64_t *value);                  /* "0x1a2b" as numbers of headers are written */

#endif
