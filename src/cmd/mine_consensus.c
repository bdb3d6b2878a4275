/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine consensus: auction.md 4.2 on prices and stakes that somebody gives. */
#include "cmd/mine.h"

#include "auction/consensus.h"
#include "base/utf8.h"
#include "cmd/mine_json.h"

enum { HOTKEY_CELLS = 60 };

static bool read_points(struct arena *a, const json_t *prices, const json_t *stakes, struct price_point *out,
                        struct err *e)
{
    size_t n = 0;
    const char *hotkey;
    json_t *value;
    json_object_foreach((json_t *)prices, hotkey, value)
    {
        const json_t *stake = json_object_get(stakes, hotkey);
        const char *who = text_safe(a, bytes_of(hotkey), HOTKEY_CELLS);
        out[n].hotkey = hotkey;
        if (!mine_fp18(a, value, arena_text(a, "prices: %s", who), &out[n].price, e) ||
            (stake && !mine_rao(stake, arena_text(a, "stakes: %s", who), &out[n].stake_rao, e)))
            return false;
        n++;
    }
    return true;
}

static int consensus(struct arena *a, const json_t *o, struct err *e)
{
    const json_t *prices = json_child(o, "prices"), *stakes = json_child(o, "stakes");
    double gamma = 0;
    struct fp18 price;
    if (!prices || !stakes) {
        err_set(e, "standard input needs \"prices\" and \"stakes\", an object of hotkeys each");
        return mine_complain(e);
    }
    size_t count = json_object_size(prices);
    struct price_point *point = arena_array(a, count + 1, sizeof *point);
    if (!read_points(a, prices, stakes, point, e) || !mine_number(o, "gamma", PRICE_GAMMA, &gamma, e))
        return mine_complain(e);
    if (gamma <= 0) {
        err_set(e, "gamma must be above 0");
        return mine_complain(e);
    }
    bool found = consensus_price(a, point, count, gamma, &price);
    return mine_print(json_pack("{ss?}", "price", found ? fp18_units_text(a, price) : NULL));
}

int mine_consensus(int argc, char **argv)
{
    struct err e;
    struct arena a = {0};
    if (mine_words(NULL, argc, argv, 0, NULL, &e) < 0)
        return mine_complain(&e);
    json_t *o = mine_read_object(&a, &e);
    int code = o ? consensus(&a, o, &e) : mine_complain(&e);
    json_decref(o);
    arena_release(&a);
    return code;
}
