/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/result.h"

#include "base/timetext.h"

double bids_ph(struct arena *a, const struct bid_results *r, bool won)
{
    double ph = 0;
    for (size_t i = 0; i < r->count; i++)
        ph += r->result[i].won == won ? fp18_ratio(a, r->result[i].hashrate_ph) : 0;
    return ph;
}

static json_t *winners_json(struct arena *a, const struct auction_result *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->winners; i++)
        json_array_append_new(list, json_pack("{ss ss ss}", "hotkey", r->winner[i].hotkey, "hashrate",
                                              r->winner[i].hashrate, "price", fp18_units_text(a, r->winner[i].price)));
    return list;
}

static json_t *mine_json(struct arena *a, const struct auction_result *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->mine.count; i++) {
        const struct bid_result *b = &r->mine.result[i];
        json_array_append_new(list, json_pack("{ss ss sb}", "hashrate", b->hashrate, "price_fp18",
                                              fp18_units_text(a, b->price), "won", (int)b->won));
    }
    return list;
}

static json_t *time_json(int64_t ms)
{
    char text[TIME_TEXT];
    return ms == NOT_KNOWN ? json_null() : json_string(time_iso(text, ms));
}

json_t *auction_result_json(struct arena *a, const struct auction_result *r)
{
    json_t *o =
        json_pack("{si ss sI si sI sI}", "version", 1, "hotkey", r->hotkey, "epoch_start", (json_int_t)r->epoch_start,
                  "window_index", r->index, "start_block", (json_int_t)r->start, "end_block", (json_int_t)r->end);
    json_object_set_new(o, "window_start_time", time_json(r->start_ms));
    json_object_set_new(o, "window_end_time", time_json(r->end_ms));
    json_object_set_new(o, "commitments_count", json_integer((json_int_t)r->commitments));
    json_object_set_new(o, "budget_ph", json_from_num(r->budget_ph));
    json_object_set_new(o, "winners", winners_json(a, r));
    json_object_set_new(o, "my_bids", mine_json(a, r));
    json_object_set_new(o, "won_ph", json_from_num(bids_ph(a, &r->mine, true)));
    json_object_set_new(o, "lost_ph", json_from_num(bids_ph(a, &r->mine, false)));
    return o;
}

static bool read_bid(struct arena *a, const json_t *o, struct bid_result *out)
{
    struct bytes rate = json_raw(o, "hashrate"), price = json_raw(o, "price_fp18");
    const json_t *won = json_object_get(o, "won");
    out->won = json_is_true(won);
    out->hashrate = json_text(a, o, "hashrate");
    return out->hashrate && json_is_boolean(won) &&
           fp18_parse((struct bytes){arena_copy(a, rate), rate.len}, &out->hashrate_ph) &&
           fp18_of_units(a, price, &out->price);
}

bool auction_result_bids(struct arena *a, const json_t *result, struct bid_results *out, struct err *e)
{
    const json_t *list = json_list(result, "my_bids");
    if (!list)
        return err_set(e, "the result has no list my_bids");
    struct bid_result *bid = arena_array(a, json_array_size(list) + 1, sizeof *bid);
    struct bid_results made = {.result = bid};
    for (; made.count < json_array_size(list); made.count++) {
        if (!read_bid(a, json_array_get(list, made.count), &bid[made.count]))
            return err_set(e, "my_bids[%zu] is no {\"hashrate\", \"price_fp18\", \"won\"}", made.count);
        made.won += bid[made.count].won;
    }
    *out = made;
    return true;
}
