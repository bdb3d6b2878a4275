/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "auction/budget.h"
#include "auction/consensus.h"
#include "auction/digits.h"

static struct arena arena;

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

enum { POINTS_MOST = 4 };

struct agreement {
    struct {
        const char *hotkey, *price;
        uint64_t stake;
    } point[POINTS_MOST];
    double gamma;
    const char *price; /* NULL: none */
};

/* auction.md 4.2 */
static const struct agreement agreements[] = {
    {{{"A", "10", 40}, {"B", "10.2", 30}, {"C", "7", 15}, {"D", "13", 15}}, 0.67, "10"},
    {{{"A", "10", 50}, {"B", "11", 50}}, 1.0, "10"},
    {{{"A", "10", 1}, {"B", "11", 1}, {"C", "12", 2}}, 1.0, "11"},
    {{{"H1", "100", 50}, {"H2", "101", 30}, {"A1", "1000", 20}}, 0.67, "100"},
    {{{"A", "10", 67}, {"B", "100", 33}}, 0.67, "10"},
    {{{"A", "10", 26}, {"B", "10", 24}, {"C", "11", 25}, {"D", "11", 25}}, 0.5, "10"},
    {{{"A", "0", 100}, {"B", "10", 1}}, 0.67, "10"},
    {{{"A", "10", 50}, {"B", "11", 50}}, 1.5, NULL},
    {{{"A", "10", 0}, {"B", "11", 0}}, 0.67, NULL},
    {{{NULL, NULL, 0}}, 0.67, NULL},
    {{{"A", "-10", 50}, {"B", "11", 50}}, 0.67, "11"}, /* the original ends here; ours goes on without A */
};

static void every_agreement_of_the_specification_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof agreements / sizeof agreements[0]; i++) {
        struct price_point point[POINTS_MOST];
        struct fp18 price;
        size_t n = 0;
        for (; n < POINTS_MOST && agreements[i].point[n].hotkey; n++)
            point[n] = (struct price_point){agreements[i].point[n].hotkey, fp18_of(agreements[i].point[n].price),
                                            agreements[i].point[n].stake};
        bool found = consensus_price(&arena, point, n, agreements[i].gamma, &price);
        assert_int_equal(found, agreements[i].price != NULL);
        if (found)
            assert_string_equal(fp18_text(&arena, price), agreements[i].price);
    }
}

static const char *stake_text(uint64_t rao)
{
    unsigned __int128 stake = stake_of_rao(rao);
    return arena_text(&arena, "%llu%010llu", (unsigned long long)(stake / 10000000000u),
                      (unsigned long long)(stake % 10000000000u));
}

static void stakes_have_the_noise_of_the_original(void **state)
{
    (void)state;
    assert_string_equal(stake_text(10000000000000u), "10000000000000");
    assert_string_equal(stake_text(9007199254740993u), "9007199254740993");
    assert_string_equal(stake_text(1234567890123456789u), "1234567890123456700");
    assert_string_equal(stake_text(UINT64_MAX), "18446744073709553000");
    assert_string_equal(stake_text(0), "00000000000");
    assert_string_equal(stake_text(1), "00000000001");
}

/* auction.md 4.3 */
static void who_is_marked_by_more_than_half_of_the_voters_is_banned(void **state)
{
    (void)state;
    struct prices hk1 = {.ban = {0x0c}}, hk2 = {.ban = {0x04}}, hk3 = {.count = 0};
    struct ban_vote vote[] = {{&hk1, 40}, {&hk2, 30}, {&hk3, 20}};
    uint8_t ban[BAN_BYTES];
    assert_int_equal((int)consensus_bans(vote, 3, ban), 90);
    assert_int_equal(ban[0], 0x04);
    struct ban_vote half[] = {{&hk2, 50}, {&hk3, 50}};
    consensus_bans(half, 2, ban);
    assert_int_equal(ban[0], 0);
    half[0].stake_rao = 51;
    consensus_bans(half, 2, ban);
    assert_int_equal(ban[0], 0x04);
    assert_int_equal((int)consensus_bans(NULL, 0, ban), 0);
}

/* auction.md 4.4 */
static void every_budget_of_the_specification_is_exact(void **state)
{
    (void)state;
    static const char usual[] = "0.037639265281541704";
    static const struct {
        const char *alpha, *tao, *hashp;
        double share;
        const char *cap;
        double ph, capped;
    } rows[] = {
        {usual, "45", "50", 1.0, NULL, 100.0, 100.0},
        {usual, "45", "50", 1.0, "0.4", 100.0, 40.0},
        {usual, "45", "50", 13107.0 / 65535.0, "0.4", 20.0, 8.0},
        {"0.25", "45", "50", 1.0, NULL, 664.2, 664.2},
        {"0.25", "45", "50", 13107.0 / 65535.0, "0.4", 132.84, 132.84 * 0.4},
        {usual, "45", "0", 1.0, NULL, 0, 0},
        {usual, "45", "50", 1.0, "0", 100.0, 100.0},
        {usual, "45", "50", 0.0, NULL, 0, 0},
        {"-1", "45", "50", 1.0, NULL, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct budget_prices p = {fp18_of(rows[i].alpha), fp18_of(rows[i].tao), fp18_of(rows[i].hashp),
                                  rows[i].share,          rows[i].cap != NULL,  {0}};
        if (rows[i].cap)
            p.cap = fp18_of(rows[i].cap);
        struct budget b = budget_of(&arena, &p);
        assert_true(b.ph == rows[i].ph);
        assert_true(b.capped_ph == rows[i].capped);
    }
    struct budget_prices split = {.share = 13107.0 / 65535.0};
    assert_int_equal(budget_of(&arena, &split).share_fp, 82000000000000000);
    split.share = 1;
    assert_int_equal(budget_of(&arena, &split).share_fp, 410000000000000000);
}

static void digits_calculate_at_any_length(void **state)
{
    (void)state;
    static const struct {
        const char *x, *y, *product, *quotient;
    } rows[] = {
        {"0", "7", "0", "0"},
        {"7", "7", "49", "1"},
        {"100", "7", "700", "14"},
        {"999999999999999999999999999999999999999", "999999999999999999999",
         "999999999999999999998999999999999999999000000000000000000001", "1000000000000000000"},
        {"340282366920938463463374607431768211456", "18446744073709551616",
         "6277101735386680763835789423207666416102355444464034512896", "18446744073709551616"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(digits_multiply(&arena, rows[i].x, rows[i].y), rows[i].product);
        assert_string_equal(digits_divide(&arena, rows[i].x, rows[i].y), rows[i].quotient);
    }
    assert_string_equal(digits_shift(&arena, "12345", -3), "12");
    assert_string_equal(digits_shift(&arena, "12345", -5), "0");
    assert_string_equal(digits_shift(&arena, "12", 2), "1200");
    assert_string_equal(digits_shift(&arena, "0", 2), "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_agreement_of_the_specification_is_found, tidy),
        cmocka_unit_test_teardown(stakes_have_the_noise_of_the_original, tidy),
        cmocka_unit_test_teardown(who_is_marked_by_more_than_half_of_the_voters_is_banned, tidy),
        cmocka_unit_test_teardown(every_budget_of_the_specification_is_exact, tidy),
        cmocka_unit_test_teardown(digits_calculate_at_any_length, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
