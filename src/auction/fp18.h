/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decimal numbers as the auction reads them (auction.md 1.1): at most 18 decimal places, any number of digits before the
 * point, no exponent. Kept as digits, so nothing overflows and nothing rounds. */
#ifndef DAVY_AUCTION_FP18_H
#define DAVY_AUCTION_FP18_H

#include "base/arena.h"

struct fp18 {                     /* normalised; slices of the text it was read from */
    bool negative;                /* never for zero */
    struct bytes whole, fraction; /* without leading, without trailing zeros; both empty: 0 */
};
struct bytes fp18_trim(struct bytes text); /* the blanks that Python's strip() drops, ASCII only */
bool fp18_parse(struct bytes text, struct fp18 *out);
struct fp18 fp18_of(const char *text);                 /* of a constant of ours; 0 when it is no number */
int fp18_compare(struct fp18 a, struct fp18 b);        /* < 0, 0, > 0 */
double fp18_double(struct fp18 v);                     /* for showing only */
const char *fp18_text(struct arena *a, struct fp18 v); /* minimal decimal: 0.1, -12.5, 0 */
/* In units of 10^-18, for 0 <= v with at most 19 digits before the point; false else. */
bool fp18_units(struct fp18 v, unsigned __int128 *units);
int fp18_text_compare(struct fp18 a, struct fp18 b); /* of the two texts that fp18_text() makes: "10" before "9" */
/* As an integer of 10^-18 parts, in decimal digits, and back (digits with an optional '-', nothing else). */
const char *fp18_units_text(struct arena *a, struct fp18 v);
bool fp18_of_units(struct arena *a, struct bytes text, struct fp18 *out);
/* That integer as the nearest double, divided by 1e18: two roundings, as the auction does it. May be infinite. */
double fp18_ratio(struct arena *a, struct fp18 v);

#endif
