/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers as people read them. Not known (NAN, NOT_KNOWN) is "n/a", never 0. */
#ifndef DAVY_BASE_NUMTEXT_H
#define DAVY_BASE_NUMTEXT_H

#include <stdint.h>

enum { NUM_TEXT = 32 };
const char *num_fixed(char out[NUM_TEXT], double v, int decimals);   /* 0.73; rounds half away from zero */
const char *num_percent(char out[NUM_TEXT], double fraction, int decimals); /* 0.453 -> 45% */
const char *num_delta(char out[NUM_TEXT], double fraction);          /* +2.1%, -20.5%, 0.0% */
const char *num_short(char out[NUM_TEXT], int64_t v);                /* 999, 1.2K, 45K, 1.0M, 2.3G */
const char *num_group(char out[NUM_TEXT], int64_t v);                /* 1,234,567 */

#endif
