/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_members.h"

#include "base/timetext.h"

static json_t *window(const struct auction *x)
{
    if (!x->has_window)
        return json_null();
    json_t *o = json_object();
    put_int(o, "index", x->window.index);
    put_int(o, "start", x->window.start);
    put_int(o, "end", x->window.end);
    put_int(o, "blocks_left", x->window.blocks_to_next);
    put_int(o, "seconds_left", x->seconds_left);
    put_int(o, "epoch_start", x->window.epoch_start);
    put_int(o, "base", x->window.base);
    put_int(o, "ends_at", x->window_end_ms);
    put_num(o, "fraction_left", x->window_fraction_left);
    put_bool(o, "wait", x->window.wait);
    return o;
}

static json_t *commitment(const struct auction *x)
{
    const struct auction_doc *d = x->status;
    if (!d || !d->has_commitment)
        return json_null();
    json_t *o = json_object();
    put_text(o, "text", d->commit_text);
    put_int(o, "block", d->commit_block);
    put_int(o, "at", d->commit_ms);
    put_bool(o, "published", d->published);
    put_age(o, "age_s", x->commit_age_ms);
    put_bool(o, "config_changed", x->config_changed);
    return o;
}

static json_t *bids(const struct auction_doc *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->bid_count; i++) {
        json_t *o = json_object();
        put_text(o, "hashrate", d->bid[i].hashrate);
        put_text(o, "price", d->bid[i].price);
        put_int(o, "count", d->bid[i].count);
        put_int(o, "won", d->bid[i].won);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *last_result(const struct auction_doc *d)
{
    if (!d || !d->has_result)
        return json_null();
    json_t *o = json_object();
    put_int(o, "window", d->result_index);
    put_int(o, "start", d->result_start);
    put_int(o, "end", d->result_end);
    put_int(o, "at", d->result_ms);
    put_num(o, "budget_ph", d->budget_ph);
    put_int(o, "commitments", d->commitments);
    put_int(o, "won", d->won);
    put_int(o, "lost", d->lost);
    put_text(o, "price", d->clearing_price);
    put(o, "bids", bids(d));
    return o;
}

/* Wallet names are labels; the wallet's folder stays where it is. */
static json_t *config(const struct auction_config *c)
{
    if (!c)
        return json_null();
    json_t *o = json_object(), *workers = json_array();
    put_text(o, "network", c->network);
    put_int(o, "netuid", c->netuid);
    put_text(o, "wallet", c->wallet_name);
    put_text(o, "hotkey", c->hotkey_name);
    put_text(o, "price_multiplier", c->price_multiplier);
    put_int(o, "total_workers", c->total_workers);
    put_num(o, "total_ph", c->total_ph);
    for (size_t i = 0; i < c->worker_count; i++) {
        json_t *w = json_object();
        put_text(w, "hashrate", c->worker[i].hashrate);
        put_int(w, "count", c->worker[i].count);
        json_array_append_new(workers, w);
    }
    put(o, "workers", workers);
    put_text(o, "warning", c->warning);
    put_bool(o, "no_network", c->no_network);
    return o;
}

static void put_status(json_t *o, const struct auction_doc *d)
{
    put(o, "connected", d ? json_boolean(d->connected) : json_null());
    put_text(o, "endpoint", d ? d->endpoint : NULL);
    put_text(o, "error", d ? d->error : NULL);
    put_int(o, "missed_windows", d ? d->missed_windows : NOT_KNOWN);
    put_int(o, "updated", d ? d->updated_ms : NOT_KNOWN);
}

json_t *json_of_auction(const struct model *m, struct arena *a)
{
    (void)a;
    const struct auction *x = m->auction;
    json_t *o = json_object();
    put_int(o, "netuid", x->netuid);
    put_int(o, "block", x->block);
    put_age(o, "block_age_s", x->block_age_ms);
    put(o, "window", window(x));
    put_bool(o, "estimated", x->estimated);
    put(o, "commitment", commitment(x));
    put(o, "last_result", last_result(x->status));
    put_bool(o, "known", x->known);
    put_text(o, "network", x->network);
    put_int(o, "tempo", x->tempo);
    put_int(o, "known_block", x->known_block);
    put_int(o, "known_at", x->known_ms);
    put_int(o, "windows_since_result", x->windows_since_result);
    put_status(o, x->status);
    put(o, "config", config(x->config));
    return o;
}
