/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/budget.h"

#include "auction/digits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 18 };
#define BLOCKS_A_DAY "7200"

/* All of it in integers of 10^-18, rounded down at each step. */
static const char *budget_units(struct arena *a, const struct budget_prices *p, int64_t share_fp)
{
    const char *price = fp18_units_text(a, p->hashp_usdc);
    const char *product = digits_multiply(a, fp18_units_text(a, p->alpha_tao), fp18_units_text(a, p->tao_usdc));
    const char *alpha_usdc = digits_shift(a, product, -PLACES);
    const char *daily_alpha = digits_multiply(a, arena_text(a, "%lld", (long long)share_fp), BLOCKS_A_DAY);
    const char *daily_usdc = digits_shift(a, digits_multiply(a, alpha_usdc, daily_alpha), -PLACES);
    return strcmp(price, "0") == 0 ? "0" : digits_divide(a, digits_shift(a, daily_usdc, PLACES), price);
}

struct budget budget_of(struct arena *a, const struct budget_prices *p)
{
    struct budget b = {.cap = p->has_cap ? fp18_ratio(a, p->cap) : 1};
    bool negative = p->alpha_tao.negative || p->tao_usdc.negative || p->hashp_usdc.negative;
    b.share_fp = (int64_t)trunc(p->share * BASE_MINER_SHARE * 1e18);
    if (!negative && b.share_fp > 0)
        b.ph = strtod(budget_units(a, p, b.share_fp), NULL) / 1e18;
    if (!(b.cap > 0))
        b.cap = 1;
    b.capped_ph = b.ph * b.cap;
    return b;
}
