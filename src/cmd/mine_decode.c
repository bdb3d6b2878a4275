/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine decode: commitments as every miner and validator reads them, one line each. */
#include "cmd/mine.h"

#include "auction/prices.h"
#include "chain/hex.h"

static json_t *of_bids(struct arena *a, const struct bids *b)
{
    json_t *list = json_array();
    for (size_t i = 0; i < b->count; i++)
        json_array_append_new(list, json_pack("[s s I]", fp18_text(a, b->bid[i].hashrate),
                                              fp18_units_text(a, b->bid[i].price), (json_int_t)b->bid[i].count));
    return json_pack("{sI ss so}", "v", (json_int_t)b->version, "type", "b", "bids", list);
}

static json_t *of_prices(struct arena *a, const struct prices *p)
{
    json_t *all = json_object(), *bans = json_array();
    for (size_t i = 0; i < p->count; i++)
        json_object_setn_new(all, p->price[i].key.at, p->price[i].key.len,
                             json_string(fp18_units_text(a, p->price[i].value)));
    for (unsigned uid = 0; uid < BAN_UIDS; uid++)
        if (prices_ban(p, uid))
            json_array_append_new(bans, json_integer(uid));
    return json_pack("{sI ss so so}", "v", (json_int_t)p->version, "type", "p", "prices", all, "bans", bans);
}

static json_t *decode(struct arena *a, struct bytes raw)
{
    const struct bids *b = bids_decode(a, raw);
    if (b)
        return of_bids(a, b);
    const struct prices *p = prices_decode(a, raw);
    return p ? of_prices(a, p) : json_null();
}

/* A text, or 0x and its bytes in hexadecimal; what is no hexadecimal behind 0x is no commitment. */
static json_t *decode_line(struct arena *a, struct bytes line)
{
    struct bytes raw = line;
    if (bytes_starts(line, "0x") && !hex_read(a, bytes_trim(line), &raw))
        return json_null();
    return decode(a, raw);
}

int mine_decode(int argc, char **argv)
{
    struct err e;
    struct arena a = {0};
    struct bytes in, line;
    int code = MINE_OK;
    if (mine_words(NULL, argc, argv, 0, NULL, &e) < 0)
        return mine_complain(&e);
    if (!mine_read_input(&a, &in, &e))
        code = mine_complain(&e);
    while (code == MINE_OK && bytes_line(&in, &line)) {
        struct arena each = {0};
        code = mine_print(decode_line(&each, line));
        arena_release(&each);
    }
    if (code == MINE_OK && in.len > 0)
        code = mine_print(decode_line(&a, in));
    arena_release(&a);
    return code;
}
