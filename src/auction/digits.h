/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Natural numbers of any length as decimal digits: products and quotients of prices need more than 128 bits. Texts are
 * digits only, without leading zeros ("0" for none); the results live in the arena. */
#ifndef DAVY_AUCTION_DIGITS_H
#define DAVY_AUCTION_DIGITS_H

#include "base/arena.h"

const char *digits_multiply(struct arena *a, const char *x, const char *y);
const char *digits_divide(struct arena *a, const char *x, const char *y); /* rounded down; y is not 0 */
const char *digits_shift(struct arena *a, const char *x, int places);     /* by 10^places; below 0 rounds down */

#endif
