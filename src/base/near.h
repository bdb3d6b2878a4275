/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "Did you mean ...": how far two short words are apart. */
#ifndef DAVY_BASE_NEAR_H
#define DAVY_BASE_NEAR_H

#include "base/bytes.h"

/* Levenshtein distance: letters to add, drop or change. Words longer than NEAR_WORD count as far from everything. */
enum { NEAR_WORD = 63, NEAR_TYPO = 2 };
size_t near_distance(struct bytes a, struct bytes b);
/* other may replace word as a guess: a typo or two away, and not mostly guessed. */
bool near_enough(struct bytes word, struct bytes other);

#endif
