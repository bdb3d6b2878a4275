/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_auction_say.h"

#include "base/timetext.h"
#include "cmd/mine_event.h"

#include <string.h>

#define THRESHOLD_S 45.0
#define LIMIT_S 48.0

static void say(const struct auction_run *x, enum mine_level level, const char *event, json_t *fields)
{
    mine_event(x->run->task->log_fd, level, event, fields);
}

/* ---- the wait for a window ---------------------------------------------------------------------------------------- */

void auction_say_waiting(const struct auction_run *x)
{
    const struct transition *t = &x->transition;
    say(x, MINE_INFO, "Close to window transition, waiting for new window",
        json_pack("{sI sI sI sf sf}", "current_block", (json_int_t)t->block, "blocks_until_next",
                  (json_int_t)t->window.blocks_to_next, "time_until_next_s", (json_int_t)t->window.seconds_to_next,
                  "threshold_s", THRESHOLD_S, "timeout_s", LIMIT_S));
}

void auction_say_waited(const struct auction_run *x)
{
    const struct transition *t = &x->transition;
    if (t->detected)
        say(x, MINE_INFO, "Window transition detected",
            json_pack("{sI si si sI}", "old_window", (json_int_t)t->old_index, "new_window", t->window.index,
                      "wait_time_s", t->waited_s, "new_block", (json_int_t)t->block));
    if (t->timed_out)
        say(x, MINE_INFO, "Window transition timeout, processing current window",
            json_pack("{si si}", "window_index", t->window.index, "wait_time_s", t->waited_s));
}

/* ---- who takes part, and for how much ----------------------------------------------------------------------------- */

static json_t *banned_uids(const struct auction_case *c)
{
    json_t *list = json_array();
    for (int uid = 0; uid < BAN_UIDS; uid++)
        if (c->ban[uid / 8] & (1u << (uid % 8)))
            json_array_append_new(list, json_integer(uid));
    return list;
}

static void say_bans(const struct auction_run *x)
{
    const struct auction_case *c = &x->auction;
    json_int_t start = (json_int_t)x->transition.window.start;
    if (c->ban_stake == 0)
        return;
    json_t *uids = banned_uids(c);
    json_int_t count = (json_int_t)json_array_size(uids);
    say(x, MINE_INFO, "Ban consensus computed",
        json_pack("{sI sI sf so sI}", "netuid", (json_int_t)x->run->setup.config->netuid, "block", start, "total_stake",
                  (double)c->ban_stake, "banned_uids", uids, "banned_hotkeys_count", count));
    if (c->banned > 0)
        say(x, MINE_INFO, "Filtered banned hotkeys from bids",
            json_pack("{sI sI sI sI}", "block", start, "total_bids", (json_int_t)(c->total - c->stale), "banned_count",
                      (json_int_t)c->banned, "filtered_bids", (json_int_t)c->bidders));
}

/* A price in 10^-18 parts; as a text where it is longer than an integer of JSON readers. */
static json_t *units(const struct auction_run *x, enum auction_metric m)
{
    unsigned __int128 v;
    if (!x->auction.known[m])
        return json_null();
    bool fits = fp18_units(x->auction.metric[m], &v) && v <= INT64_MAX;
    return fits ? json_integer((json_int_t)v) : json_string(fp18_units_text(&x->run->a, x->auction.metric[m]));
}

static json_t *budget_fields(const struct auction_run *x)
{
    const struct window *w = &x->transition.window;
    return json_pack("{sI sI sI so so so sI sf}", "netuid", (json_int_t)x->run->setup.config->netuid, "start_block",
                     (json_int_t)w->start, "end_block", (json_int_t)w->end, "alpha_tao", units(x, METRIC_ALPHA_TAO),
                     "tao_usdc", units(x, METRIC_TAO_USDC), "hashp_usdc", units(x, METRIC_HASHP_USDC),
                     "miner_share_per_block", (json_int_t)x->auction.budget.share_fp, "share_fraction",
                     x->facts.facts.share);
}

static void say_budget(const struct auction_run *x)
{
    const struct auction_case *c = &x->auction;
    const struct window *w = &x->transition.window;
    if (!c->priced) {
        say(x, MINE_WARNING, "Price consensus unavailable for auction budget",
            json_pack("{sI sI sI}", "netuid", (json_int_t)x->run->setup.config->netuid, "start_block",
                      (json_int_t)w->start, "end_block", (json_int_t)w->end));
        return;
    }
    json_t *fields = budget_fields(x);
    if (c->budget.ph <= 0) {
        say(x, MINE_WARNING, "Computed non-positive auction budget", fields);
        return;
    }
    json_object_set_new(fields, "budget_ph", json_from_num(c->budget.ph));
    json_object_set_new(fields, "budget_cap", json_from_num(c->budget.cap));
    json_object_set_new(fields, "budget_ph_capped", json_from_num(c->budget.capped_ph));
    json_object_set_new(fields, "bid_hotkeys", json_integer((json_int_t)c->bidders));
    say(x, MINE_INFO, "Auction budget computed", fields);
}

void auction_say_case(const struct auction_run *x)
{
    const struct auction_case *c = &x->auction;
    if (c->stale > 0)
        say(x, MINE_INFO, "Filtered stale commitments",
            json_pack("{sI sI sI sI}", "block", (json_int_t)x->transition.window.start, "total_bids",
                      (json_int_t)c->total, "stale_count", (json_int_t)c->stale, "filtered_bids",
                      (json_int_t)(c->total - c->stale)));
    say_bans(x);
    say_budget(x);
}

/* ---- who won ------------------------------------------------------------------------------------------------------ */

static json_t *hashrates(const struct bid_results *mine, bool won)
{
    json_t *list = json_array();
    for (size_t i = 0; i < mine->count; i++)
        if (mine->result[i].won == won)
            json_array_append_new(list, json_string(mine->result[i].hashrate));
    return list;
}

static json_t *time_json(int64_t ms)
{
    char text[TIME_TEXT];
    return ms == NOT_KNOWN ? json_null() : json_string(time_iso(text, ms));
}

static void say_solver(const struct auction_run *x)
{
    const struct mine_verdict *v = &x->verdict;
    if (x->solved && v->trouble)
        say(x, MINE_WARNING, "The solver cbc gave no answer; ours is taken",
            json_pack("{ss sb}", "error", v->trouble, "proven", (int)v->proven));
    if (x->solved && v->agreement == SOLVERS_DIFFER)
        say(x, MINE_WARNING, "The solvers disagree",
            json_pack("{s[II] s[II] ss}", "cbc", (json_int_t)v->other.value, (json_int_t)v->other.cost, "exact",
                      (json_int_t)v->answer.value, (json_int_t)v->answer.cost, "taken", v->solver));
}

void auction_say_result(const struct auction_run *x)
{
    const struct auction_result *r = &x->result;
    json_int_t won = (json_int_t)r->mine.won, lost = (json_int_t)(r->mine.count - r->mine.won);
    say_solver(x);
    say(x, MINE_INFO, "Processed auction window",
        json_pack("{sI sI sI sI}", "start_block", (json_int_t)r->start, "end_block", (json_int_t)r->end,
                  "winning_count", (json_int_t)r->winners, "commitments_count", (json_int_t)r->commitments));
    say(x, MINE_INFO, "Auction results computed",
        json_pack("{sI s[II] sI sI sI sI}", "epoch_start", (json_int_t)r->epoch_start, "window_range",
                  (json_int_t)r->start, (json_int_t)r->end, "total_commitments", (json_int_t)r->commitments,
                  "my_bids_total", won + lost, "won_count", won, "lost_count", lost));
    if (won > 0)
        say(x, MINE_INFO, "Processing winning bids",
            json_pack("{sI so so so}", "count", won, "hashrates", hashrates(&r->mine, true), "window_start",
                      time_json(r->start_ms), "window_end", time_json(r->end_ms)));
    if (lost > 0)
        say(x, MINE_INFO, "Processing lost bids",
            json_pack("{sI so}", "count", lost, "hashrates", hashrates(&r->mine, false)));
}

/* ---- where hashrate goes ------------------------------------------------------------------------------------------ */

static void say_ihp(const struct auction_run *x)
{
    static const char *const events[ROUTE_STATES] = {
        [ROUTE_UPDATED] = "Updated subnet target hashrate",
        [ROUTE_NO_FILE] = "InfiniteHash proxy pools config not present - skipping update",
        [ROUTE_NO_SECTION] = "Missing [pools] section in proxy config",
        [ROUTE_NO_ENTRIES] = "Missing [[pools.main]] entries in proxy config",
        [ROUTE_NO_MATCH] = "No subnet pool entries matched for target hashrate update"};
    const struct mine_routed *r = &x->routed;
    const char *name = x->run->setup.mine->pool_name, *event = events[r->state];
    json_t *fields;
    if (r->state == ROUTE_UPDATED)
        fields = json_pack("{ss ss sI}", "name", name, "target_hashrate", r->target, "matched_pools",
                           (json_int_t)r->matched);
    else if (r->state == ROUTE_NO_MATCH)
        fields = json_pack("{ss ss}", "name", name, "path", r->path);
    else
        fields = json_pack("{ss}", "path", r->path);
    bool good = r->state == ROUTE_UPDATED || r->state == ROUTE_NO_FILE;
    if (event)
        say(x, good ? MINE_INFO : MINE_WARNING, event, fields);
    else
        json_decref(fields);
}

static void say_braiins(const struct auction_run *x)
{
    const struct mine_routed *r = &x->routed;
    const struct braiins_change *b = &r->braiins;
    if (r->state == ROUTE_NO_FILE)
        say(x, MINE_INFO, "Braiins profile not present \xe2\x80\x93 skipping update",
            json_pack("{ss}", "profile", r->path));
    if (r->state == ROUTE_NO_MATCH || r->state == ROUTE_NO_SECTION || r->state == ROUTE_NO_ENTRIES)
        say(x, MINE_WARNING, "Expected Braiins goals not found", json_pack("{ss}", "profile", r->path));
    if (r->state != ROUTE_UPDATED)
        return;
    if (b->old_luxor != b->luxor)
        say(x, MINE_INFO, "Updated Braiins Luxor goal weight",
            json_pack("{so sI}", "old_weight", json_from_int(b->old_luxor), "new_weight", (json_int_t)b->luxor));
    if (b->old_usual != b->usual)
        say(x, MINE_INFO, "Updated Braiins default goal weight",
            json_pack("{so sI}", "old_weight", json_from_int(b->old_usual), "new_weight", (json_int_t)b->usual));
}

void auction_say_routed(const struct auction_run *x)
{
    const struct mine_routed *r = &x->routed;
    if (r->trouble)
        say(x, MINE_EXCEPTION, "Failed to update proxy routing",
            json_pack("{ss ss}", "proxy_mode", r->mode, "error", r->trouble));
    else if (strcmp(r->mode, "ihp") == 0)
        say_ihp(x);
    else if (strcmp(r->mode, "braiins") == 0)
        say_braiins(x);
    if (r->hook_trouble)
        say(x, MINE_ERROR, "Hook failed", json_pack("{ss}", "error", r->hook_trouble));
}
