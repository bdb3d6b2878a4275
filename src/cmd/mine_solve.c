/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine solve: who would win, of bids that somebody gives. */
#include "cmd/mine.h"

#include "auction/gather.h"
#include "base/utf8.h"
#include "cmd/mine_json.h"
#include "cmd/mine_solver.h"

#include <math.h>

enum { LIMIT_S = 40, LIMIT_MOST_S = 3600, BID_MEMBERS = 3, MS = 1000, HOTKEY_CELLS = 60 };

struct solve_options {
    const char *solver, *cbc;
    int64_t limit_s;
};
const struct option_row mine_solve_options[] = {
    {"cbc", 0, "PROGRAM", "which cbc is run (cbc, found in PATH)", OPTION_TEXT, offsetof(struct solve_options, cbc)},
    {"limit", 0, "S", "seconds after which cbc is ended (40)", OPTION_INT, offsetof(struct solve_options, limit_s)},
    {"solver", 0, "NAME", "both: cbc, held against our exact one; or cbc; or exact (both)", OPTION_TEXT,
     offsetof(struct solve_options, solver)},
    {.name = NULL},
};

struct auction_input {
    double budget_ph, max_multiplier;
    int64_t seed;
    struct bidder *bidder;
    size_t bidders;
};

/* ---- what is read ------------------------------------------------------------------------------------------------- */

/* [hashrate, price, count]; without a count it is one worker. */
static bool read_bid(struct arena *a, const json_t *row, const char *who, struct bid *out, struct err *e)
{
    const json_t *rate = json_array_get(row, 0), *count = json_array_get(row, 2);
    size_t members = json_array_size(row);
    if (members < BID_MEMBERS - 1 || members > BID_MEMBERS || !json_is_string(rate) ||
        !fp18_parse((struct bytes){json_string_value(rate), json_string_length(rate)}, &out->hashrate))
        return err_set(e, "bids: %s: a bid is [\"hashrate\", \"price_fp18\", count]", who);
    out->count = count ? json_integer_value(count) : 1;
    if (count && (!json_is_integer(count) || out->count < 1))
        return err_set(e, "bids: %s: the count of workers must be an integer above 0", who);
    return mine_fp18(a, json_array_get(row, 1), arena_text(a, "bids: %s: the price", who), &out->price, e);
}

static bool read_bidder(struct arena *a, const char *hotkey, const json_t *list, struct bidder *out, struct err *e)
{
    size_t n = json_array_size(list);
    struct bid *bid = arena_array(a, n + 1, sizeof *bid);
    const char *who = text_safe(a, bytes_of(hotkey), HOTKEY_CELLS);
    if (!json_is_array(list))
        return err_set(e, "bids: %s must be a list of bids", who);
    for (size_t i = 0; i < n; i++)
        if (!read_bid(a, json_array_get(list, i), who, &bid[i], e))
            return false;
    *out = (struct bidder){hotkey, bid, n};
    return true;
}

static bool read_bidders(struct arena *a, const json_t *bids, struct auction_input *in, struct err *e)
{
    const char *hotkey;
    json_t *list;
    if (!bids)
        return err_set(e, "standard input needs \"bids\", an object of hotkeys");
    in->bidder = arena_array(a, json_object_size(bids) + 1, sizeof *in->bidder);
    json_object_foreach((json_t *)bids, hotkey, list)
    {
        if (!read_bidder(a, hotkey, list, &in->bidder[in->bidders++], e))
            return false;
    }
    return true;
}

static bool read_auction(struct arena *a, const json_t *o, struct auction_input *in, struct err *e)
{
    double seed = 1;
    if (!mine_number(o, "budget_ph", NAN, &in->budget_ph, e) || !mine_number(o, "seed", 1, &seed, e) ||
        !mine_number(o, "max_multiplier", MAX_MULTIPLIER, &in->max_multiplier, e))
        return false;
    if (seed < 0 || seed > INT32_MAX || in->max_multiplier < 0)
        return err_set(e, "seed must be 0 to 2147483647, and max_multiplier not below 0");
    in->seed = (int64_t)seed;
    return read_bidders(a, json_child(o, "bids"), in, e);
}

/* ---- what is told ------------------------------------------------------------------------------------------------- */

static json_t *winners_of(struct arena *a, const struct auction_input *in, const struct items *all,
                          const struct answer *answer)
{
    size_t count = 0;
    const struct winner *w = winners_list(a, in->bidder, all, answer, &count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{ss ss ss}", "hotkey", w[i].hotkey, "hashrate", w[i].hashrate, "price",
                                              fp18_units_text(a, w[i].price)));
    return list;
}

static json_t *answer_json(struct arena *a, const struct auction_input *in, const struct items *all,
                           const struct answer *answer)
{
    return json_pack("{so s{sI sI}}", "winners", winners_of(a, in, all, answer), "objective", "value",
                     (json_int_t)answer->value, "cost", (json_int_t)answer->cost);
}

static int tell(struct arena *a, const struct auction_input *in, const struct items *all, const struct mine_verdict *v)
{
    json_t *out = answer_json(a, in, all, &v->answer);
    json_object_set_new(out, "items", json_integer((json_int_t)all->count));
    json_object_set_new(out, "solver", json_string(v->solver));
    json_object_set_new(
        out, "agree", v->agreement == SOLVERS_NOT_COMPARED ? json_null() : json_boolean(v->agreement == SOLVERS_AGREE));
    if (v->agreement == SOLVERS_DIFFER) {
        json_t *other = answer_json(a, in, all, &v->other);
        json_object_set_new(other, "solver", json_string("cbc"));
        json_object_set_new(out, "other", other);
    }
    if (v->agreement == SOLVERS_DIFFER)
        fprintf(stderr,
                "davy-mine: the solvers disagree: cbc %lld for %lld, exact %lld for %lld (millionths of a PH); taken "
                "is the exact answer\n",
                (long long)v->other.value, (long long)v->other.cost, (long long)v->answer.value,
                (long long)v->answer.cost);
    if (v->trouble)
        fprintf(stderr, "davy-mine: %s; the answer is our own solver's%s\n", v->trouble,
                v->proven ? "" : ", and not proven to be the best");
    return mine_print(out);
}

static int solve(struct arena *a, const struct solve_options *o, struct err *e)
{
    struct auction_input in = {0};
    struct mine_question q = {.cbc = o->cbc, .limit_ms = o->limit_s * MS};
    struct mine_verdict v;
    struct items all;
    if (!mine_solver_of(o->solver, &q.solver)) {
        err_set(e, "--solver must be both, cbc or exact");
        return mine_complain(e);
    }
    json_t *input = mine_read_object(a, e);
    bool good = input && read_auction(a, input, &in, e) &&
                items_make(a, in.bidder, in.bidders, in.budget_ph, in.max_multiplier, &all, e);
    q.seed = in.seed;
    int code = MINE_USAGE;
    if (!good)
        mine_complain(e);
    else
        code = mine_solver_run(a, &all, &q, &v, e) ? tell(a, &in, &all, &v) : mine_failed(e);
    json_decref(input);
    return code;
}

int mine_solve(int argc, char **argv)
{
    struct err e;
    struct arena a = {0};
    struct solve_options o = {"both", "cbc", LIMIT_S};
    if (mine_words(mine_solve_options, argc, argv, 0, &o, &e) < 0)
        return mine_complain(&e);
    if (o.limit_s < 1 || o.limit_s > LIMIT_MOST_S) {
        err_set(&e, "--limit must be 1 to %d seconds", LIMIT_MOST_S);
        return mine_complain(&e);
    }
    int code = solve(&a, &o, &e);
    arena_release(&a);
    return code;
}
