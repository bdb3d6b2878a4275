/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine budget: auction.md 4.4 on prices that somebody gives. */
#include "cmd/mine.h"

#include "auction/budget.h"
#include "cmd/mine_json.h"

static bool read_prices(struct arena *a, const json_t *o, struct budget_prices *p, struct err *e)
{
    const struct {
        const char *key;
        struct fp18 *to;
    } rows[] = {{"alpha_tao", &p->alpha_tao}, {"tao_usdc", &p->tao_usdc}, {"hashp_usdc", &p->hashp_usdc}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!mine_fp18(a, json_object_get(o, rows[i].key), rows[i].key, rows[i].to, e))
            return false;
        if (rows[i].to->negative)
            return err_set(e, "%s must not be below 0", rows[i].key);
    }
    const json_t *cap = json_object_get(o, "cap");
    p->has_cap = cap && !json_is_null(cap);
    if (p->has_cap && !mine_fp18(a, cap, "cap", &p->cap, e))
        return false;
    return mine_number(o, "share", 1, &p->share, e) &&
           ((p->share >= 0 && p->share <= 1) || err_set(e, "share must be 0 to 1"));
}

static int budget(struct arena *a, const json_t *o, struct err *e)
{
    struct budget_prices p = {.share = 1};
    if (!read_prices(a, o, &p, e))
        return mine_complain(e);
    struct budget b = budget_of(a, &p);
    if (!(b.ph < 1e300 && b.capped_ph < 1e300)) {
        err_set(e, "these prices make no budget that could be told: they are too far apart");
        return mine_complain(e);
    }
    printf("{\"budget_ph\": %s, \"capped_ph\": %s}\n", mine_real(a, b.ph), mine_real(a, b.capped_ph));
    return MINE_OK;
}

int mine_budget(int argc, char **argv)
{
    struct err e;
    struct arena a = {0};
    if (mine_words(NULL, argc, argv, 0, NULL, &e) < 0)
        return mine_complain(&e);
    json_t *o = mine_read_object(&a, &e);
    int code = o ? budget(&a, o, &e) : mine_complain(&e);
    json_decref(o);
    arena_release(&a);
    return code;
}
