/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payment in whole millionths: no binary fraction ever touches an amount. */
#ifndef DAVY_NODE_MONEY_H
#define DAVY_NODE_MONEY_H

#include "base/bytes.h"

/* A JSON number as written ("11.846", "2e-2"), times 10^places, rounded half to even. false: no number, or too large. */
bool money_scaled(struct bytes lexeme, int places, int64_t *out);
/* What so many milliseconds at this price per second are worth, in millionths, rounded half to even. Both >= 0. */
int64_t money_price_micro(int64_t duration_ms, int64_t unit_price_micro);
enum { MONEY_TEXT = 32 };
const char *money_text(char out[MONEY_TEXT], int64_t micro); /* 236920 -> 0.23692 */

#endif
