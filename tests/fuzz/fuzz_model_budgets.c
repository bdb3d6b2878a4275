/* SPDX-License-Identifier: GPL-2.0-or-later */
/* token-budgets.json: whatever is decoded is judged without contradiction. The first byte chooses the moment. */
#include "model/budgets.h"

#include <math.h>
#include <stdlib.h>

#include "base/timetext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static bool is_amount(int64_t v)
{
    return v == NOT_KNOWN || v >= 0;
}

static void check_row(const struct budget *b)
{
    demand(b->api && b->display && budget_state_name(b->state));
    demand(is_amount(b->allowance) && is_amount(b->used) && is_amount(b->remaining) && is_amount(b->daily_limit));
    demand(isnan(b->used_pct) == (b->used == NOT_KNOWN || b->allowance == NOT_KNOWN || b->allowance == 0));
    demand(isnan(b->days_left) || b->days_left >= 0);
    demand(!isinf(b->burn_per_day) && !isinf(b->days_left) && !isinf(b->projected_pct));
    demand((b->state == BUDGET_OK) <= !isnan(b->used_pct)); /* not known is never fine */
    demand(!b->refusing || b->state >= BUDGET_WARNING);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena a = {0};
    struct err e = {0};
    struct decode_in in = {.bytes = {(const char *)data + 1, size - 1}, .name = "token-budgets.json"};
    struct docs docs = {.budgets_doc = budgets_decode(&a, &in, &e)};
    demand((docs.budgets_doc == NULL) == (e.text[0] != '\0'));
    struct settings s = {.reset_day = 1 + data[0] % 31};
    int64_t now_ms = INT64_C(1795348800000) + data[0] * INT64_C(7) * 86400000;
    const struct budgets *b = budgets_at(&a, &docs, NULL, &s, now_ms);
    demand(b->cycle_start_ms <= now_ms && now_ms < b->cycle_end_ms);
    demand(b->elapsed_fraction >= 0 && b->elapsed_fraction < 1);
    demand(!b->not_reset || b->overdue_reset_ms >= 0);
    for (size_t i = 0; i < b->count; i++)
        check_row(&b->row[i]);
    arena_release(&a);
    return 0;
}
