/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The job "auction" (auction.md 4, 5): which bids won in the window that the head is in, and hashrate sent there. */
#include "auction/mps.h"
#include "auction/publish.h"
#include "auction/result.h"
#include "auction/transition.h"
#include "base/timetext.h"
#include "chain/hex.h"
#include "cmd/mine_auction_say.h"
#include "cmd/mine_event.h"
#include "cmd/mine_route.h"
#include "cmd/mine_solver.h"

#include <string.h>

enum { MS = 1000, BEFORE_LIMIT_MS = 5000 };

static void say(const struct auction_run *x, enum mine_level level, const char *event, json_t *fields)
{
    mine_event(x->run->task->log_fd, level, event, fields);
}

/* ---- the window --------------------------------------------------------------------------------------------------- */

static int64_t head_now(struct mine_run *r)
{
    struct rpc_question q = {"chain_getHeader", NULL};
    struct rpc_answers answers;
    uint64_t head = 0;
    struct err unheard;
    if (!mine_rpc_ask(r->rpc, &r->a, &q, 1, &answers, &unheard))
        return NOT_KNOWN;
    bool ok = rpc_header_number(&answers.at[0], &head);
    rpc_answers_release(&answers);
    return ok ? (int64_t)head : NOT_KNOWN;
}

static void wait_for_window(struct auction_run *x)
{
    struct transition *t = &x->transition;
    *t = transition_begin((int64_t)x->run->chain.head, x->run->setup.config->netuid, (int64_t)x->tempo);
    if (!t->waiting)
        return;
    auction_say_waiting(x);
    while (t->waiting) {
        mine_run_nap(x->run, TRANSITION_POLL_S * MS);
        transition_step(t, head_now(x->run));
    }
    auction_say_waited(x);
    if (t->block > (int64_t)x->run->chain.head)
        x->run->chain.head = (uint64_t)t->block;
}

/* ---- winners ------------------------------------------------------------------------------------------------------ */

static bool solve(struct auction_run *x, struct err *e)
{
    struct mine_run *r = x->run;
    const struct mine_config *m = r->setup.mine;
    struct bytes hash = bytes_of(hex_text(&r->a, (struct bytes){(const char *)x->facts.hash, HASH_BYTES}));
    struct mine_question q = {.cbc = m->cbc,
                              .limit_ms = m->cbc_limit_s * MS,
                              .seed = cbc_seed(hash),
                              .value_only = x->transition.window.start < BIG_M_SWITCH_BLOCK};
    if (!x->auction.priced || x->auction.budget.ph <= 0)
        return true;
    if (!mine_solver_of(m->solver, &q.solver) || !mine_solver_run(&r->a, &x->auction.items, &q, &x->verdict, e))
        return false;
    x->solved = true;
    x->result.winner =
        winners_list(&r->a, x->auction.bidder, &x->auction.items, &x->verdict.answer, &x->result.winners);
    return true;
}

static void reconcile(struct auction_run *x)
{
    struct mine_run *r = x->run;
    const struct bidder *own = auction_bidder(&x->auction, r->setup.hotkey);
    struct window w = x->transition.window;
    if (own)
        x->result.mine =
            bids_reconcile(&r->a, r->setup.hotkey, own->bid, own->count, x->result.winner, x->result.winners);
    else
        say(x, MINE_WARNING, "No bidding commitment found for miner hotkey during window reconciliation",
            json_pack("{ss sI sI}", "hotkey", mine_short(&r->a, r->setup.hotkey), "start_block", (json_int_t)w.start,
                      "end_block", (json_int_t)w.end));
    x->result.hotkey = r->setup.hotkey;
    x->result.epoch_start = w.epoch_start;
    x->result.index = w.index;
    x->result.start = w.start;
    x->result.end = w.end;
    x->result.start_ms = x->facts.start_ms;
    x->result.end_ms = x->facts.end_ms;
    x->result.commitments = x->auction.bidders;
    x->result.budget_ph = x->auction.budget.capped_ph;
}

/* ---- what is done with it ----------------------------------------------------------------------------------------- */

static void route(struct auction_run *x)
{
    struct mine_run *r = x->run;
    json_t *result = auction_result_json(&r->a, &x->result);
    mine_route_result(&r->a, r->setup.mine, &x->result.mine, result, &x->routed);
    json_decref(result);
    auction_say_routed(x);
}

/* Bids as the dashboard reads them: one row for each size and price. */
static json_t *bids_json(struct auction_run *x)
{
    const struct bid_results *mine = &x->result.mine;
    json_t *list = json_array();
    for (size_t i = 0; i < mine->count; i++) {
        const struct bid_result *b = &mine->result[i];
        const char *price = fp18_text(&x->run->a, b->price);
        json_t *row = json_array_get(list, json_array_size(list) - 1);
        bool same = row && strcmp(json_string_value(json_object_get(row, "hashrate")), b->hashrate) == 0 &&
                    strcmp(json_string_value(json_object_get(row, "price")), price) == 0;
        if (!same) {
            row = json_pack("{ss ss si si}", "hashrate", b->hashrate, "price", price, "count", 0, "won", 0);
            json_array_append_new(list, row);
        }
        json_object_set_new(row, "count", json_integer(json_integer_value(json_object_get(row, "count")) + 1));
        json_object_set_new(row, "won", json_integer(json_integer_value(json_object_get(row, "won")) + b->won));
    }
    return list;
}

/* Winners are in the order of their price: the last one is the dearest. */
static json_t *clearing_price(struct auction_run *x)
{
    size_t n = x->result.winners;
    return n > 0 ? json_string(fp18_text(&x->run->a, x->result.winner[n - 1].price)) : json_null();
}

static double winners_ph(struct auction_run *x)
{
    double ph = 0;
    for (size_t i = 0; i < x->result.winners; i++)
        ph += fp18_double(fp18_of(x->result.winner[i].hashrate));
    return ph;
}

static json_t *solver_json(const struct auction_run *x)
{
    const struct mine_verdict *v = &x->verdict;
    if (!x->solved)
        return json_null();
    json_t *o =
        json_pack("{ss so ss?}", "name", v->solver, "agree",
                  v->agreement == SOLVERS_NOT_COMPARED ? json_null() : json_boolean(v->agreement == SOLVERS_AGREE),
                  "trouble", v->trouble);
    json_object_set_new(o, "objective",
                        json_pack("{sI sI}", "value", (json_int_t)v->answer.value, "cost", (json_int_t)v->answer.cost));
    if (v->agreement == SOLVERS_DIFFER)
        json_object_set_new(
            o, "cbc", json_pack("{sI sI}", "value", (json_int_t)v->other.value, "cost", (json_int_t)v->other.cost));
    return o;
}

static void tell(struct auction_run *x)
{
    struct mine_run *r = x->run;
    const struct auction_result *a = &x->result;
    double all = winners_ph(x), won = bids_ph(&r->a, &a->mine, true);
    json_t *o = json_pack("{si sI sI sf sI sI sI sI}", "window", a->index, "start", (json_int_t)a->start, "end",
                          (json_int_t)a->end, "at", (double)wall_now() / MS, "commitments", (json_int_t)a->commitments,
                          "won", (json_int_t)a->mine.won, "lost", (json_int_t)(a->mine.count - a->mine.won), "winners",
                          (json_int_t)a->winners);
    json_object_set_new(o, "budget_ph", x->auction.priced ? json_from_num(a->budget_ph) : json_null());
    json_object_set_new(o, "won_ph", json_from_num(won));
    json_object_set_new(o, "lost_ph", json_from_num(bids_ph(&r->a, &a->mine, false)));
    json_object_set_new(o, "share", all > 0 ? json_from_num(won / all) : json_null());
    json_object_set_new(o, "price", clearing_price(x));
    json_object_set_new(o, "bids", bids_json(x));
    json_object_set_new(o, "solver", solver_json(x));
    json_object_set_new(o, "routing",
                        x->routed.trouble        ? json_string(x->routed.trouble)
                        : x->routed.hook_trouble ? json_string(x->routed.hook_trouble)
                                                 : json_null());
    json_object_set_new(r->patch, "last_result", o);
    json_object_set_new(r->patch, "tempo", json_integer((json_int_t)x->tempo));
}

/* ---- the job ------------------------------------------------------------------------------------------------------ */

static bool has_hotkey(struct auction_run *x, struct err *e)
{
    struct mine_setup *s = &x->run->setup;
    mine_setup_account(s);
    if (s->has_account)
        return true;
    say(x, MINE_ERROR, "Cannot compute auction without hotkey", json_pack("{ss}", "error", s->nobody.text));
    return err_set(e, "%s", s->nobody.text);
}

bool mine_auction_run(struct mine_run *r, struct err *e)
{
    struct auction_run x = {.run = r};
    if (!has_hotkey(&x, e) || !mine_run_connect(r, e) ||
        !mine_chain_tempo(r->rpc, &r->a, &r->chain, (uint16_t)r->setup.config->netuid, &x.tempo, e))
        return false;
    wait_for_window(&x);
    if (!mine_window_read(r, &x.transition.window, &x.facts, e) ||
        !auction_gather(&r->a, &x.facts.facts, &x.auction, e))
        return false;
    auction_say_case(&x);
    if (!solve(&x, e))
        return false;
    reconcile(&x);
    auction_say_result(&x);
    route(&x);
    tell(&x);
    say(&x, MINE_INFO, "Computed current window results",
        json_pack("{si s[II] sI}", "window_index", x.result.index, "window_range", (json_int_t)x.result.start,
                  (json_int_t)x.result.end, "winning_workers_count", (json_int_t)x.result.mine.won));
    return true;
}
