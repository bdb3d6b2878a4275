/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config.toml and state/auction-status.json as documents. */
#include "model/auction.h"

#include "auction/bids.h"
#include "base/json.h"
#include "base/timetext.h"
#include "base/utf8.h"

#include <math.h>

enum { MAX_BIDS = 2000 };

const void *auction_config_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    return auction_config_parse(a, in->bytes, in->name, e);
}

/* Amounts are decimal texts; a number is taken as well. */
static const char *amount(struct arena *a, const json_t *o, const char *key)
{
    double number = json_num(o, key);
    if (!isnan(number))
        return arena_text(a, "%.9g", number);
    return json_text(a, o, key);
}

static const char *amount_or_unknown(struct arena *a, const json_t *o, const char *key)
{
    const char *text = amount(a, o, key);
    return text ? text : "n/a";
}

static int64_t count_of(const json_t *o, const char *key)
{
    int64_t n = json_int(o, key);
    return n < 0 ? NOT_KNOWN : n;
}

static void read_bids(struct arena *a, const json_t *result, struct auction_doc *doc)
{
    const json_t *list = json_list(result, "bids");
    size_t n = json_array_size(list);
    n = n < MAX_BIDS ? n : MAX_BIDS;
    struct auction_bid *bid = arena_array(a, n, sizeof *bid);
    for (size_t i = 0; i < n; i++) {
        const json_t *o = json_array_get(list, i);
        if (json_is_object(o))
            bid[doc->bid_count++] =
                (struct auction_bid){amount_or_unknown(a, o, "hashrate"), amount_or_unknown(a, o, "price"),
                                     count_of(o, "count"), count_of(o, "won")};
    }
    doc->bid = bid;
}

static void read_result(struct arena *a, const json_t *root, struct auction_doc *doc)
{
    const json_t *r = json_child(root, "last_result");
    doc->has_result = r != NULL;
    doc->result_index = json_int(r, "window");
    doc->result_start = json_int(r, "start");
    doc->result_end = json_int(r, "end");
    doc->result_ms = json_time(r, "at", 0);
    doc->commitments = count_of(r, "commitments");
    doc->won = count_of(r, "won");
    doc->lost = count_of(r, "lost");
    doc->budget_ph = json_num(r, "budget_ph");
    doc->clearing_price = amount(a, r, "price");
    read_bids(a, r, doc);
}

static void read_committed(struct arena *a, struct auction_doc *doc)
{
    const struct bids *bids = doc->commit_text ? bids_decode(a, bytes_of(doc->commit_text)) : NULL;
    struct auction_bid *out = arena_array(a, bids ? bids->count : 0, sizeof *out);
    for (size_t i = 0; bids && i < bids->count; i++)
        out[doc->committed_count++] = (struct auction_bid){fp18_text(a, bids->bid[i].hashrate),
                                                           fp18_text(a, bids->bid[i].price), bids->bid[i].count, 0};
    doc->committed = out;
}

static void read_commitment(struct arena *a, const json_t *root, struct auction_doc *doc)
{
    const json_t *c = json_child(root, "commitment");
    doc->has_commitment = c != NULL;
    doc->published = json_is_true(json_object_get(c, "published"));
    doc->commit_text = json_text(a, c, "text");
    read_committed(a, doc);
    doc->commit_block = count_of(c, "block");
    doc->commit_ms = json_time(c, "at", 0);
}

/* ---- what only davy-mine tells ------------------------------------------------------------------------------------ */

static void read_past(struct arena *a, const json_t *root, struct auction_doc *doc)
{
    static const char *const words[] = {
        [PAST_WON] = "won", [PAST_LOST] = "lost", [PAST_NONE] = "none", [PAST_MISSED] = "missed"};
    const json_t *list = json_list(root, "windows");
    size_t n = json_array_size(list), first = n > PAST_SHOWN ? n - PAST_SHOWN : 0;
    struct auction_past *past = arena_array(a, PAST_SHOWN, sizeof *past);
    for (size_t i = first; i < n; i++) {
        const json_t *o = json_array_get(list, i);
        struct bytes state = json_raw(o, "state");
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            if (bytes_is(state, words[w]))
                past[doc->past_count++] =
                    (struct auction_past){(enum auction_end)w, json_int(o, "index"), json_int(o, "start"),
                                          json_int(o, "end"),  count_of(o, "won"),   count_of(o, "lost")};
    }
    doc->past = past;
}

static void read_endpoints(struct arena *a, const json_t *root, struct auction_doc *doc)
{
    const json_t *list = json_list(root, "endpoints");
    struct auction_endpoint *out = arena_array(a, ENDPOINTS_SHOWN, sizeof *out);
    for (size_t i = 0; i < json_array_size(list) && doc->endpoint_count < ENDPOINTS_SHOWN; i++) {
        const json_t *o = json_array_get(list, i);
        const char *host = json_text(a, o, "host");
        if (host)
            out[doc->endpoint_count++] = (struct auction_endpoint){host,
                                                                   json_text(a, o, "why"),
                                                                   json_is_true(json_object_get(o, "ok")),
                                                                   count_of(o, "latency_ms"),
                                                                   count_of(o, "asked"),
                                                                   count_of(o, "failed")};
    }
    doc->endpoints = out;
}

static void read_solver(struct arena *a, const json_t *result, struct auction_doc *doc)
{
    const json_t *solver = json_child(result, "solver"), *agree = json_object_get(solver, "agree");
    doc->solver = json_text(a, solver, "name");
    doc->solvers = json_is_true(agree) ? AGREE_YES : json_is_false(agree) ? AGREE_NO : AGREE_NOT_KNOWN;
    doc->exact_value = count_of(json_child(solver, "objective"), "value");
    doc->cbc_value = count_of(json_child(solver, "cbc"), "value");
}

static void read_more(struct arena *a, const json_t *root, struct auction_doc *doc)
{
    const json_t *result = json_child(root, "last_result"), *jobs = json_child(root, "jobs");
    doc->stopped = json_is_null(json_object_get(root, "pid"));
    doc->finalized = count_of(root, "finalized");
    doc->block_s = json_num(root, "block_interval_s");
    doc->config_error = json_text(a, json_child(root, "config"), "error");
    doc->commit_why = json_text(a, json_child(root, "commitment"), "why");
    doc->next_commit_ms = json_time(json_child(jobs, "commitment"), "next_at", 0);
    doc->next_auction_ms = json_time(json_child(jobs, "auction"), "next_at", 0);
    doc->won_ph = json_num(result, "won_ph");
    doc->lost_ph = json_num(result, "lost_ph");
    doc->share = json_num(result, "share");
    read_solver(a, result, doc);
    read_past(a, root, doc);
    read_endpoints(a, root, doc);
}

static const struct auction_doc *read_status(struct arena *a, const json_t *root)
{
    struct auction_doc *doc = arena_alloc(a, sizeof *doc);
    doc->network = json_text(a, root, "network");
    doc->netuid = count_of(root, "netuid");
    doc->tempo = count_of(root, "tempo");
    doc->block = count_of(root, "block");
    doc->block_ms = json_time(root, "block_time", 0);
    doc->connected = json_is_true(json_object_get(root, "connected"));
    doc->endpoint = json_text(a, root, "endpoint");
    doc->error = json_text(a, root, "error");
    doc->missed_windows = count_of(root, "missed_windows");
    doc->updated_ms = json_time(root, "updated_at", 0);
    read_commitment(a, root, doc);
    read_result(a, root, doc);
    read_more(a, root, doc);
    return doc;
}

const void *auction_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    json_t *root = json_read(in->bytes, in->name, e);
    if (!root)
        return NULL;
    const struct auction_doc *doc = NULL;
    if (json_object_get(root, "netuid") || json_object_get(root, "block"))
        doc = read_status(a, root);
    else
        err_set(e, "%s is not an auction status file: it has neither \"netuid\" nor \"block\"", in->name);
    json_decref(root);
    return doc;
}
