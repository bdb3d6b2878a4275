/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "auction/exact.h"
#include "auction/gather.h"
#include "auction/reconcile.h"
#include "base/timetext.h"

static struct arena arena;
static struct err error;

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* ---- our own bids, auction.md 4.7 --------------------------------------------------------------------------------- */

static struct bid bid_of(const char *hashrate, const char *price, int64_t count)
{
    return (struct bid){fp18_of(hashrate), fp18_of(price), count};
}

static struct winner winner_of(const char *hotkey, const char *hashrate, const char *price)
{
    return (struct winner){hotkey, hashrate, fp18_of(price)};
}

static const char *marks(const struct bid *own, size_t count, const struct winner *winner, size_t winners)
{
    struct bid_results r = bids_reconcile(&arena, "me", own, count, winner, winners);
    char *text = arena_alloc(&arena, r.count + 1);
    size_t won = 0;
    for (size_t i = 0; i < r.count; i++) {
        text[i] = r.result[i].won ? 'W' : 'L';
        won += r.result[i].won;
    }
    assert_int_equal(won, r.won);
    return text;
}

static void every_reconciliation_of_the_specification_comes_out_so(void **state)
{
    (void)state;
    const struct winner one = winner_of("me", "0.1", "1"), dear = winner_of("me", "0.1", "100"),
                        other = winner_of("other", "0.2", "1");
    const struct winner ones[] = {one, one, one, one, one}, dears[] = {dear, dear, dear, dear, dear},
                        mixed[] = {one, one, other};
    const struct bid ten[] = {bid_of("0.1", "1", 10)};
    assert_string_equal(marks(ten, 1, ones, 3), "WWWLLLLLLL");
    const struct bid v1[] = {bid_of("0.1", "1", 1), bid_of("0.1", "1", 1), bid_of("0.1", "1", 1)};
    assert_string_equal(marks(v1, 3, ones, 2), "WWL");
    const struct bid dearer[] = {bid_of("0.1", "101", 5)};
    assert_string_equal(marks(dearer, 1, dears, 5), "LLLLL");
    const struct bid two[] = {bid_of("0.1", "1", 3), bid_of("0.2", "1", 1)};
    assert_string_equal(marks(two, 2, mixed, 3), "WWLL");
    const struct bid zero[] = {bid_of("0.10", "1", 2)};
    assert_string_equal(marks(zero, 1, ones, 1), "WL");
    const struct bid last[] = {bid_of("0.1", "1", 1), bid_of("0.1", "1", 1), bid_of("0.1", "2", 1)};
    assert_string_equal(marks(last, 3, ones, 1), "WLL");
    const struct bid halves[] = {bid_of("0.1", "1", 2), bid_of("0.1", "1", 2)};
    assert_string_equal(marks(halves, 2, ones, 3), "WWWL");
    assert_string_equal(marks(NULL, 0, ones, 3), "");
    const struct bid bad[] = {bid_of("0.1", "1", 0), bid_of("0.1", "1", -3), bid_of("0.1", "1", 1)};
    assert_string_equal(marks(bad, 3, ones, 1), "W");
}

/* ---- a whole auction from what the chain says: E12 to E14 --------------------------------------------------------- */

enum { START = 7500000, MOST = 8 };
static const char *const prices_text = "1;p;ALPHA_TAO=0.037639265281541704;HASHP_USDC=50;TAO_USDC=45;cap=0.4";

struct world {
    struct chain_commitment commitment[MOST];
    struct chain_neuron neuron[MOST];
    struct auction_facts facts;
};

static void add(struct world *w, const char *hotkey, const char *raw, int64_t block, uint64_t stake)
{
    size_t n = w->facts.neurons;
    w->commitment[w->facts.commitments++] = (struct chain_commitment){hotkey, bytes_of(raw), block};
    w->neuron[w->facts.neurons++] = (struct chain_neuron){hotkey, (unsigned)n, stake};
    w->facts.commitment = w->commitment;
    w->facts.neuron = w->neuron;
}

static void begin(struct world *w, double share)
{
    *w = (struct world){.facts = {.start = START, .share = share}};
    add(w, "validator", prices_text, START - 1, 10000000000000u);
    add(w, "5A", "2;b;BTC,1=0.05:1,0.1:4,0.45:81", START - 2, 1000000000000u);
}

static struct auction_case gathered(const struct world *w)
{
    struct auction_case c;
    assert_true(auction_gather(&arena, &w->facts, &c, &error));
    return c;
}

static double won_ph(const struct auction_case *c, const char *hotkey)
{
    struct answer answer;
    size_t count = 0;
    assert_true(exact_solve(&arena, &c->items, EXACT_STATES, &answer));
    const struct winner *w = winners_list(&arena, c->bidder, &c->items, &answer, &count);
    const struct bidder *own = auction_bidder(c, hotkey);
    struct bid_results r = bids_reconcile(&arena, hotkey, own->bid, own->count, w, count);
    double ph = 0;
    for (size_t i = 0; i < r.count; i++)
        ph += r.result[i].won ? fp18_double(r.result[i].hashrate_ph) : 0;
    return ph;
}

static void the_worked_auctions_come_out_of_what_the_chain_says(void **state)
{
    (void)state;
    struct world w;
    begin(&w, 1.0); /* E12 */
    struct auction_case c = gathered(&w);
    assert_true(c.priced && c.budget.capped_ph == 40.0 && c.budget.ph == 100.0);
    assert_int_equal(c.bidders, 1);
    assert_true(won_ph(&c, "5A") > 36.89999 && won_ph(&c, "5A") < 36.90001);
    begin(&w, 13107.0 / 65535.0); /* E13 */
    c = gathered(&w);
    assert_true(won_ph(&c, "5A") > 7.99999 && won_ph(&c, "5A") < 8.00001);
    add(&w, "5B", "2;b;BTC,0.95=0.2:5;BTC,1.06=0.45:10", START - 3, 0); /* E14 */
    c = gathered(&w);
    assert_true(won_ph(&c, "5A") > 7.04999 && won_ph(&c, "5A") < 7.05001);
    assert_true(won_ph(&c, "5B") > 0.99999 && won_ph(&c, "5B") < 1.00001);
}

static void commitments_of_two_and_a_half_hours_are_too_old(void **state)
{
    (void)state;
    struct world w;
    begin(&w, 1.0);
    add(&w, "old", "2;b;BTC,1=0.1:1", START - 750, 0);
    add(&w, "just", "2;b;BTC,1=0.1:1", START - 749, 0);
    add(&w, "unknown", "2;b;BTC,1=0.1:1", NOT_KNOWN, 0);
    add(&w, "legacy", "1;b;1=0.1", START - 1, 0);
    add(&w, "empty", "2;b;", START - 1, 0);
    add(&w, "nonsense", "hello", START - 1, 0);
    struct auction_case c = gathered(&w);
    assert_int_equal(c.total, 5);
    assert_int_equal(c.stale, 1);
    assert_int_equal(c.bidders, 4);
    assert_null(auction_bidder(&c, "old"));
    assert_non_null(auction_bidder(&c, "just"));
    assert_non_null(auction_bidder(&c, "unknown"));
    assert_non_null(auction_bidder(&c, "empty"));
    assert_null(auction_bidder(&c, "legacy")); /* only before block 7414264 */
    w.facts.start = V2_ONLY_SWITCH_BLOCK - 1;
    c = gathered(&w);
    assert_non_null(auction_bidder(&c, "legacy"));
}

static void banned_hotkeys_take_no_part(void **state)
{
    (void)state;
    struct world w;
    char raw[5 + BAN_BYTES] = "1;p;\xff";
    begin(&w, 1.0);
    raw[5] = 0x02; /* uid 1: 5A */
    w.commitment[w.facts.commitments++] = (struct chain_commitment){"second", {raw, sizeof raw}, START - 1};
    w.neuron[w.facts.neurons++] = (struct chain_neuron){"second", 9, 10000000000001u};
    struct auction_case c = gathered(&w);
    assert_int_equal(c.banned, 1);
    assert_int_equal(c.bidders, 0);
    assert_int_equal(c.items.count, 0);
    w.neuron[2].stake_rao = 10000000000000u; /* exactly half */
    c = gathered(&w);
    assert_int_equal(c.banned, 0);
    assert_int_equal(c.bidders, 1);
}

static void without_prices_there_is_no_budget_and_nobody_wins(void **state)
{
    (void)state;
    struct world w;
    begin(&w, 1.0);
    w.commitment[0].raw = bytes_of("1;p;ALPHA_TAO=1;TAO_USDC=45");
    struct auction_case c = gathered(&w);
    assert_false(c.priced);
    assert_true(c.known[METRIC_TAO_USDC] && !c.known[METRIC_HASHP_USDC] && !c.known[METRIC_CAP]);
    assert_int_equal(c.items.count, 0);
    assert_true(c.budget.capped_ph == 0);
    begin(&w, 1.0);
    w.neuron[0].stake_rao = 0; /* nobody's word counts */
    assert_false(gathered(&w).priced);
    begin(&w, 1.0);
    w.commitment[0].hotkey = "stranger"; /* no neuron of the subnet */
    assert_false(gathered(&w).priced);
    begin(&w, 1.0);
    w.commitment[0].raw = bytes_of("1;p;ALPHA_TAO=0.037639265281541704;HASHP_USDC=50;TAO_USDC=45");
    c = gathered(&w); /* no cap: all of it */
    assert_true(c.priced && c.budget.capped_ph == 100.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_reconciliation_of_the_specification_comes_out_so, tidy),
        cmocka_unit_test_teardown(the_worked_auctions_come_out_of_what_the_chain_says, tidy),
        cmocka_unit_test_teardown(commitments_of_two_and_a_half_hours_are_too_old, tidy),
        cmocka_unit_test_teardown(banned_hotkeys_take_no_part, tidy),
        cmocka_unit_test_teardown(without_prices_there_is_no_budget_and_nobody_wins, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
