/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "auction/exact.h"
#include "auction/mps.h"

static struct arena arena;
static struct err error;

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* ---- the worked auctions of the specification, 4.8 ---------------------------------------------------------------- */

enum { BIDDERS_MOST = 3 };

struct worked {
    const char *name;
    struct {
        const char *hotkey, *commitment; /* of either version */
    } bidder[BIDDERS_MOST];
    double budget;
    const char *winners; /* HOTKEY:HASHRATE@PRICExCOUNT, in the order of the list */
    int64_t value, cost; /* 0: not told */
};

static const struct worked worked[] = {
    {"E1", {{"5A", "2;b;BTC,1=0.4:2"}, {"5B", "2;b;BTC,1.06=0.4:2"}}, 2.0, "5A:0.4@1x2", 800000, 800000},
    {"E2", {{"5A", "2;b;BTC,1=0.3:3"}, {"5B", "2;b;BTC,0.9=0.3:3"}}, 1.0, "5B:0.3@0.9x3", 900000, 810000},
    {"E3",
     {{"5A", "2;b;BTC,1=0.45:1"}, {"5B", "2;b;BTC,1=0.3:1"}, {"5C", "2;b;BTC,1=0.3:1"}},
     0.6,
     "5B:0.3@1x1 5C:0.3@1x1",
     600000,
     600000},
    {"E4", {{"5A", "2;b;BTC,1.05=0.25:2"}, {"5B", "2;b;BTC,1=0.25:2"}}, 0.55, "5B:0.25@1x2", 500000, 500000},
    {"E5", {{"5A", "2;b;BTC,0=0.25:2"}, {"5B", "2;b;BTC,1=0.25:2"}}, 0.6, "5B:0.25@1x2", 500000, 500000},
    {"E6", {{"5A", "2;b;BTC,1=0.45:1"}, {"5B", "2;b;BTC,1=0.05:3"}}, 0.2, "5B:0.05@1x3", 150000, 150000},
    {"E8",
     {{"5A", "2;b;BTC,1=0.25:4,0.45:2"}, {"5B", "2;b;BTC,0.95=0.2:5"}, {"5C", "2;b;BTC,1.02=0.1:7"}},
     2.0,
     "5B:0.2@0.95x5 5A:0.25@1x4",
     2000000,
     1950000},
    {"E9", {{"5A", "2;b;BTC,1=0.25:4"}}, 0.0000005, "", 0, 0},
    {"E10",
     {{"5A", "2;b;BTC,1=0.25:4,0.45:2"}, {"5B", "2;b;BTC,0.95=0.2:5"}},
     10,
     "5B:0.2@0.95x5 5A:0.25@1x4 5A:0.45@1x2",
     2900000,
     2850000},
    {"E11", {{"5A", "1;b;1=0.5,0.6"}}, 1.0, "5A:0.6@1x1", 600000, 600000},
    {"E12",
     {{"5A", "2;b;BTC,1=0.05:1,0.1:4,0.45:81"}},
     40.0,
     "5A:0.05@1x1 5A:0.1@1x4 5A:0.45@1x81",
     36900000,
     36900000},
    {"E13", {{"5A", "2;b;BTC,1=0.05:1,0.1:4,0.45:81"}}, 8.0, "5A:0.05@1x1 5A:0.1@1x3 5A:0.45@1x17", 8000000, 8000000},
    {"E14",
     {{"5A", "2;b;BTC,1=0.05:1,0.1:4,0.45:81"}, {"5B", "2;b;BTC,0.95=0.2:5;BTC,1.06=0.45:10"}},
     8.0,
     "5B:0.2@0.95x5 5A:0.1@1x3 5A:0.45@1x15",
     8050000,
     8000000},
    {"no bids", {{"5A", "2;b;"}}, 8.0, "", 0, 0},
};

static size_t bidders_of(const struct worked *w, struct bidder *out)
{
    size_t n = 0;
    for (; n < BIDDERS_MOST && w->bidder[n].hotkey; n++) {
        const struct bids *b = bids_decode(&arena, bytes_of(w->bidder[n].commitment));
        assert_non_null(b);
        out[n] = (struct bidder){w->bidder[n].hotkey, b->bid, b->count};
    }
    return n;
}

static bool same_winner(const struct winner *x, const struct winner *y)
{
    return strcmp(x->hotkey, y->hotkey) == 0 && strcmp(x->hashrate, y->hashrate) == 0 &&
           fp18_compare(x->price, y->price) == 0;
}

static const char *shown(const struct winner *list, size_t count)
{
    char *text = arena_text(&arena, "%s", "");
    for (size_t i = 0, n; i < count; i += n) {
        for (n = 1; i + n < count && same_winner(&list[i], &list[i + n]);)
            n++;
        text = arena_text(&arena, "%s%s%s:%s@%sx%zu", text, i > 0 ? " " : "", list[i].hotkey, list[i].hashrate,
                          fp18_text(&arena, list[i].price), n);
    }
    return text;
}

static void every_worked_auction_of_the_specification_comes_out_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof worked / sizeof worked[0]; i++) {
        struct bidder bidder[BIDDERS_MOST];
        struct items all;
        struct answer answer;
        size_t count = 0;
        assert_true(items_make(&arena, bidder, bidders_of(&worked[i], bidder), worked[i].budget, 1.05, &all, &error));
        assert_true(exact_solve(&arena, &all, EXACT_STATES, &answer));
        const struct winner *list = winners_list(&arena, bidder, &all, &answer, &count);
        assert_string_equal(shown(list, count), worked[i].winners);
        assert_int_equal(answer.value, worked[i].value);
        assert_int_equal(answer.cost, worked[i].cost);
    }
}

/* E7: any fifteen of thirty equal ones. Ours are the first. */
static void of_equal_bids_the_first_win(void **state)
{
    (void)state;
    const struct worked tie = {
        "E7", {{"5A", "2;b;BTC,1=0.1:10"}, {"5B", "2;b;BTC,1=0.1:10"}, {"5C", "2;b;BTC,1=0.1:10"}}, 1.55, "", 0, 0};
    struct bidder bidder[BIDDERS_MOST];
    struct items all;
    struct answer answer;
    size_t count = 0;
    assert_true(items_make(&arena, bidder, bidders_of(&tie, bidder), tie.budget, 1.05, &all, &error));
    assert_true(exact_solve(&arena, &all, EXACT_STATES, &answer));
    const struct winner *list = winners_list(&arena, bidder, &all, &answer, &count);
    assert_string_equal(shown(list, count), "5A:0.1@1x10 5B:0.1@1x5");
}

static void a_price_of_exactly_105_percent_still_takes_part(void **state)
{
    (void)state;
    const struct worked w = {"", {{"5A", "2;b;BTC,1.05=0.1:1;BTC,1.050000000000000001=0.2:1"}}, 1, "", 0, 0};
    struct bidder bidder[BIDDERS_MOST];
    struct items all;
    assert_true(items_make(&arena, bidder, bidders_of(&w, bidder), 1, 1.05, &all, &error));
    assert_int_equal(all.count, 1);
    assert_int_equal(all.item[0].cost, 105000);
}

/* ---- the exact solver against trying everything ------------------------------------------------------------------- */

struct chance {
    uint64_t state;
};

static uint64_t draw(struct chance *c, uint64_t below)
{
    c->state = c->state * 6364136223846793005u + 1442695040888963407u;
    return (c->state >> 33) % below;
}

struct kind {
    int64_t cost, value, count;
};

static void add_kind(struct item *item, size_t *count, struct kind k)
{
    for (int64_t n = 0; n < k.count; n++)
        item[(*count)++] = (struct item){k.cost, k.value, 0, 0};
}

/* Best value, then least cost, by trying every count of every kind. */
static void try_all(const struct kind *kind, size_t kinds, int64_t left, struct kind made, struct kind *best)
{
    if (kinds == 0) {
        if (made.value > best->value || (made.value == best->value && made.cost < best->cost))
            *best = made;
        return;
    }
    for (int64_t n = 0; n <= kind->count && n * kind->cost <= left; n++)
        try_all(kind + 1, kinds - 1, left - n * kind->cost,
                (struct kind){made.cost + n * kind->cost, made.value + n * kind->value, 0}, best);
}

/* Shapes of auctions: coarse sizes at few prices as on the chain, or sizes and prices down to the last digit. */
static struct kind random_kind(struct chance *c, bool fine)
{
    int64_t value = fine ? 50000 + (int64_t)draw(c, 400001) : 50000 * (1 + (int64_t)draw(c, 9));
    int64_t price = fine ? 1 + (int64_t)draw(c, 105000) : 90000 + 5000 * (int64_t)draw(c, 4);
    return (struct kind){value * price / 100000 + 1, value, 1 + (int64_t)draw(c, 6)};
}

static void two_thousand_random_auctions_are_solved_as_trying_everything_does(void **state)
{
    (void)state;
    struct chance chance = {20261122};
    for (int round = 0; round < 2000; round++) {
        struct kind kind[5], best = {0};
        struct item item[40];
        struct items all = {.item = item};
        struct answer answer;
        int64_t total = 0;
        size_t kinds = 1 + draw(&chance, 5);
        for (size_t i = 0; i < kinds; i++) {
            kind[i] = random_kind(&chance, round % 2 == 0);
            add_kind(item, &all.count, kind[i]);
            total += kind[i].cost * kind[i].count;
        }
        all.capacity = 1 + (int64_t)draw(&chance, (uint64_t)total);
        size_t kept = 0;
        for (size_t i = 0; i < all.count; i++) /* as items_make() does */
            if (item[i].cost <= all.capacity)
                item[kept++] = item[i];
        all.count = kept;
        try_all(kind, kinds, all.capacity, (struct kind){0}, &best);
        assert_true(exact_solve(&arena, &all, EXACT_STATES, &answer));
        assert_int_equal(answer.value, best.value);
        assert_int_equal(answer.cost, best.cost);
        arena_reset(&arena);
    }
}

enum { GRID = 1000, GRID_MOST = 60000 }; /* sizes in steps of 0.001 PH */

/* Least cost of each value, the textbook's way; the best value within the capacity. */
static struct kind textbook(const struct items *all)
{
    static int64_t least[GRID_MOST + 1];
    struct kind best = {0};
    memset(least, 0x7f, sizeof least);
    least[0] = 0;
    for (size_t i = 0; i < all->count; i++) {
        int64_t step = all->item[i].value / GRID;
        for (int64_t v = GRID_MOST; v >= step; v--)
            if (least[v - step] + all->item[i].cost < least[v])
                least[v] = least[v - step] + all->item[i].cost;
    }
    for (int64_t v = 0; v <= GRID_MOST; v++)
        if (least[v] <= all->capacity)
            best = (struct kind){least[v], v * GRID, 0};
    return best;
}

static void larger_auctions_are_solved_as_the_textbook_does(void **state)
{
    (void)state;
    struct chance chance = {7};
    for (int round = 0; round < 40; round++) {
        struct item item[130];
        struct items all = {.item = item, .capacity = 1000000 + (int64_t)draw(&chance, 20000000)};
        struct answer answer;
        while (all.count < 120) {
            int64_t value = GRID * (50 + (int64_t)draw(&chance, 401)), price = 80000 + (int64_t)draw(&chance, 25001);
            add_kind(item, &all.count, (struct kind){value * price / 100000, value, 1 + (int64_t)draw(&chance, 9)});
        }
        assert_true(exact_solve(&arena, &all, EXACT_STATES, &answer));
        struct kind best = textbook(&all);
        assert_int_equal(answer.value, best.value);
        assert_int_equal(answer.cost, best.cost);
        arena_reset(&arena);
    }
}

/* 395 items where cbc 2.10.8 aborts: auction.md 11.7. */
static void the_auction_on_which_cbc_aborts_is_solved(void **state)
{
    (void)state;
    const struct {
        const char *price, *hashrate;
        int64_t count;
    } row[] = {{"1", "0.1", 125},    {"0.99", "0.25", 40}, {"0.99", "0.1", 40}, {"0.99", "0.2", 5}, {"1.05", "0.45", 5},
               {"1.05", "0.2", 120}, {"1.05", "0.25", 5},  {"1", "0.2", 5},     {"1", "0.25", 5},   {"1", "0.45", 45}};
    struct bid bid[10];
    for (size_t i = 0; i < 10; i++)
        bid[i] = (struct bid){fp18_of(row[i].hashrate), fp18_of(row[i].price), row[i].count};
    struct bidder all_in_one = {"5H", bid, 10};
    struct items all;
    struct answer answer;
    assert_true(items_make(&arena, &all_in_one, 1, 39.3625, 1.05, &all, &error));
    assert_int_equal(all.count, 395);
    assert_true(exact_solve(&arena, &all, EXACT_STATES, &answer));
    struct kind best = textbook(&all);
    assert_int_equal(answer.value, best.value);
    assert_int_equal(answer.cost, best.cost);
}

/* The memory is bounded: then the answer fits, and is said not to be proven. */
static void with_too_little_memory_the_answer_is_not_called_the_best(void **state)
{
    (void)state;
    struct chance chance = {3};
    struct item item[200];
    struct items all = {.item = item, .capacity = 7654321};
    struct answer answer;
    while (all.count < 190) {
        int64_t value = 50000 + (int64_t)draw(&chance, 400001);
        add_kind(item, &all.count, (struct kind){value + (int64_t)draw(&chance, 99), value, 1});
    }
    assert_false(exact_solve(&arena, &all, 50, &answer));
    assert_true(answer.cost <= all.capacity && answer.value > 7000000);
}

/* ---- cbc's texts -------------------------------------------------------------------------------------------------- */

static void the_model_is_written_in_the_order_of_the_variables_names(void **state)
{
    (void)state;
    struct item item[12];
    for (size_t i = 0; i < 12; i++)
        item[i] = (struct item){100000 + (int64_t)i, 200000, 0, 0};
    struct items all = {1500000, item, 12};
    const char *text = mps_text(&arena, &all, false).at;
    assert_non_null(strstr(text, "*SENSE:Maximize\nNAME          MODEL\nROWS\n N  OBJ\n L  C0000000\nCOLUMNS\n"
                                 "    MARK      'MARKER'                 'INTORG'\n"
                                 "    X0000000  C0000000   1.000000000000e+05\n"
                                 "    X0000000  OBJ        3.000001000000e+11\n"
                                 "    MARK      'MARKER'                 'INTEND'\n"));
    /* x_0, x_1, x_10, x_11, x_2, ... x_9 */
    assert_non_null(strstr(text, "X0000002  C0000000   1.000100000000e+05"));
    assert_non_null(strstr(text, "X0000004  C0000000   1.000020000000e+05"));
    assert_non_null(strstr(text, "RHS\n    RHS       C0000000   1.500000000000e+06\nBOUNDS\n BV BND       X0000000\n"));
    assert_non_null(strstr(text, " BV BND       X0000011\nENDATA\n"));
    assert_non_null(strstr(mps_text(&arena, &all, true).at, "X0000000  OBJ        2.000000000000e+05"));
}

/* 13 digits: differences of cost disappear at 500 PH, as they do in the auction's own software. */
static void large_coefficients_are_rounded_as_in_the_original(void **state)
{
    (void)state;
    struct item item = {450000, 450000, 0, 0};
    struct items all = {500000000, &item, 1};
    assert_non_null(strstr(mps_text(&arena, &all, false).at, "OBJ        2.250000000000e+14\n"));
}

static void the_seed_is_the_low_end_of_the_block_hash(void **state)
{
    (void)state;
    static const struct {
        const char *hash;
        int64_t seed;
    } rows[] = {
        {"0x0000000000000000000000000000000000000000000000000000000000000001", 2},
        {"0x0000000000000000000000000000000000000000000000000000000000002710", 10001},
        {"0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 4},
        {"0x2f0555cc76fc2840a25a6ea3b9637146806f1f44b090c175ffde2a7e5ab36c03", 1517273348},
        {"0x0000000000000000000000000000000000000000000000000000000000000000", 1},
        {"nonsense", 1},
        {"", 1},
        {"0x", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(cbc_seed(bytes_of(rows[i].hash)), rows[i].seed);
}

static void cbc_is_called_with_the_options_of_the_original(void **state)
{
    (void)state;
    static const char *const want[] = {
        "cbc",       "M.mps",   "-max",    "-threads",         "1",   "-randomSeed", "10001", "-maxNodes", "100000",
        "-timeMode", "elapsed", "-branch", "-printingOptions", "all", "-solution",   "M.sol"};
    char **argv = cbc_argv(&arena, "cbc", "M.mps", "M.sol", 10001);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        assert_string_equal(argv[i], want[i]);
    assert_null(argv[sizeof want / sizeof want[0]]);
}

static bool reads(const char *text, const struct items *all, struct answer *answer)
{
    error.text[0] = 0;
    return cbc_solution(&arena, bytes_of(text), all, answer, &error);
}

static void cbcs_solution_is_read_and_never_believed_beyond_the_budget(void **state)
{
    (void)state;
    const struct item item[] = {{100, 200, 0, 0}, {100, 200, 0, 0}, {100, 300, 0, 0}};
    const struct items all = {200, item, 3};
    struct answer answer;
    assert_true(reads("Optimal - objective value 100.5\n"
                      "      0 C0000000              200                       0\n"
                      "      0 X0000000                1                       0\n"
                      "**    2 X0000002     0.9999999999                   -0.5\n",
                      &all, &answer));
    assert_true(answer.taken[0] && !answer.taken[1] && answer.taken[2]);
    assert_int_equal(answer.value, 500);
    assert_int_equal(answer.cost, 200);
    assert_true(reads("Stopped on nodes - objective value 1\n0 X0000001 1 0", &all, &answer));
    assert_false(reads("Infeasible - objective value 0\n", &all, &answer));
    assert_false(reads("", &all, &answer));
    assert_false(reads("Optimal\n0 X0000000 1 0\n0 X0000001 1 0\n0 X0000002 1 0\n", &all, &answer));
    assert_non_null(strstr(error.text, "costs 300 of 200"));
    assert_false(reads("Optimal\n0 X0000003 1 0\n", &all, &answer));
    assert_false(reads("Optimal\n0 X0000000 nan 0\n", &all, &answer));
    assert_false(reads("Optimal\nX0000000\n", &all, &answer));
    assert_non_null(strstr(error.text, "cannot be read"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_worked_auction_of_the_specification_comes_out_so, tidy),
        cmocka_unit_test_teardown(of_equal_bids_the_first_win, tidy),
        cmocka_unit_test_teardown(a_price_of_exactly_105_percent_still_takes_part, tidy),
        cmocka_unit_test_teardown(two_thousand_random_auctions_are_solved_as_trying_everything_does, tidy),
        cmocka_unit_test_teardown(larger_auctions_are_solved_as_the_textbook_does, tidy),
        cmocka_unit_test_teardown(the_auction_on_which_cbc_aborts_is_solved, tidy),
        cmocka_unit_test_teardown(with_too_little_memory_the_answer_is_not_called_the_best, tidy),
        cmocka_unit_test_teardown(the_model_is_written_in_the_order_of_the_variables_names, tidy),
        cmocka_unit_test_teardown(large_coefficients_are_rounded_as_in_the_original, tidy),
        cmocka_unit_test_teardown(the_seed_is_the_low_end_of_the_block_hash, tidy),
        cmocka_unit_test_teardown(cbc_is_called_with_the_options_of_the_original, tidy),
        cmocka_unit_test_teardown(cbcs_solution_is_read_and_never_believed_beyond_the_budget, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
