/* SPDX-License-Identifier: GPL-2.0-or-later */
/* auction-status.json, and the window made of it. */
#include "model_check.h"

#include "base/timetext.h"
#include "model/auction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct auction *au)
{
    if (!au->has_window)
        return;
    demand(au->known && au->netuid >= 0 && au->tempo > 0 && au->block >= au->known_block);
    demand(au->window.start <= au->block && au->block <= au->window.end && au->window.index >= 0 &&
           au->window.index < 6);
    demand(au->seconds_left >= 0 && au->window_fraction_left >= 0 && au->window_fraction_left <= 1);
    demand(au->windows_since_result == NOT_KNOWN || au->windows_since_result >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct origin origin[DOC_COUNT] = {0};
    struct settings settings = {
        .netuid = NOT_KNOWN, .tempo = 360, .block_time_s = 12, .known_block = NOT_KNOWN, .known_block_ms = NOT_KNOWN};
    struct decode_in in = {.bytes = {(const char *)data, size}, .name = "auction-status.json"};
    const struct auction_doc *doc = auction_decode(&a, &in, &e);
    demand_verdict(doc, &e, in.name);
    if (doc) {
        demand_safe(&a, doc->network);
        demand_safe(&a, doc->commit_text);
        demand_safe(&a, doc->clearing_price);
    }
    for (size_t i = 0; doc && i < doc->bid_count; i++)
        demand_safe(&a, doc->bid[i].hashrate);
    struct docs docs = {.auction_doc = doc};
    check(auction_at(&a, &docs, origin, &settings, NULL, INT64_C(1795322860000)));
    arena_release(&a);
    return 0;
}
