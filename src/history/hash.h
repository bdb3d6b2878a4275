/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash of bytes, eight at a time. Never 0, so that 0 can mean "none". The same on every machine of one byte order; not
 * against somebody who looks for collisions. */
#ifndef DAVY_HISTORY_HASH_H
#define DAVY_HISTORY_HASH_H

#include "base/bytes.h"

uint64_t hash_bytes(struct bytes in);

#endif
