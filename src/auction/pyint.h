/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Integers as Python's int() reads them from a text: blanks around, one sign, digits with single underscores between. */
#ifndef DAVY_AUCTION_PYINT_H
#define DAVY_AUCTION_PYINT_H

#include "base/bytes.h"

/* What is beyond 64 bits comes back as some number of more than 10^17, with its sign. out is untouched on failure. */
bool pyint_parse(struct bytes text, int64_t *out);

#endif
