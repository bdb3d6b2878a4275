/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "auction/bids.h"
#include "auction/prices.h"

static struct arena arena;
static struct err error;

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* Bids as `vN hr,price,count ...`, the way the specification writes them; "none" for what is ignored. */
static const char *shown(const char *raw, size_t len)
{
    const struct bids *b = bids_decode(&arena, (struct bytes){raw, len});
    if (!b)
        return "none";
    char *text = arena_text(&arena, "v%lld", (long long)b->version);
    for (size_t i = 0; i < b->count; i++)
        text = arena_text(&arena, "%s %s,%s,%lld", text, fp18_text(&arena, b->bid[i].hashrate),
                          fp18_text(&arena, b->bid[i].price), (long long)b->bid[i].count);
    return text;
}

/* auction.md 3.5, the bids */
static void every_raw_commitment_of_the_specification_is_read_as_it_says(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *bids;
    } rows[] = {
        {"2;b;BTC,1=0.25:4,0.45:2", "v2 0.25,1,4 0.45,1,2"},
        {" 2;b;BTC,1=0.1:1 ", "v2 0.1,1,1"},
        {"2;b;BTC,1=0.10:1,0.1:2", "v2 0.1,1,3"},
        {"2;b; BTC , 1.05 = 0.1 : 3 , 0.2:1", "v2 0.1,1.05,3 0.2,1.05,1"},
        {"2;b;BTC,1=0.1:+5", "v2 0.1,1,5"},
        {"2;b;BTC,1=0.1:1_0", "v2 0.1,1,10"},
        {"2;b;BTC,-1=0.1:1", "v2 0.1,-1,1"},
        {"3;b;BTC,1=0.1:1", "v3 0.1,1,1"},
        {"2;b;", "v2"},
        {"2;b", "none"},
        {"2; b;BTC,1=0.1:1", "none"},
        {"2;b;BTC,1=0.1", "none"},
        {"2;b;BTC,1=0.1:1;", "none"},
        {"2;b;BTC,1=0.1:1;;BTC,1=0.2:1", "none"},
        {"2;b;KAS,1=0.1:1", "none"},
        {"2;b;BTC,1=0.1:0", "none"},
        {"2;b;BTC,1=0.451:1", "none"},
        {"2;b;BTC,1=0.1:1001", "none"},
        {"2;b;BTC,1=0.1:600;BTC,1.01=0.1:401", "none"},
        {"1;b;1=0.5,1.25;2=2", "v1 0.5,1,1 1.25,1,1 2,2,1"},
        {"1;b;1=0.5\xff\x01", "v1 0.5,1,1"},
        {"0;b;1=0.5", "v0 0.5,1,1"},
        {"1;b;", "v1"},
        {"1;b; ;", "none"},
        {"1;b;100=1.0,bad;", "none"},
        {"1;b;1=", "none"},
        {"x;b;1=0.5", "none"},
        {"\x80;b;1=0.5", "none"},
        {"", "none"},
        {"-1;b;1=0.5", "v-1 0.5,1,1"},
        {"2;b;BTC,1=0.1:600;BTC,1.01=0.1:400", "v2 0.1,1,600 0.1,1.01,400"},
        {"2;b;BTC,1=0.1:1;BTC,1=0.1:2", "v2 0.1,1,1 0.1,1,2"},
        {"2;b;BTC,1=0.1:99999999999999999999999", "none"},
        {"2;b;BTC,1=0.1:-1", "none"},
        {"2;b;BTC,1=", "none"},
        {"2;b;BTC,1=0.1:1,", "none"},
        {"1;b;1=0.50", "v1 0.5,1,1"},
        {"2;p;BTC,1=0.1:1", "none"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(shown(rows[i].raw, strlen(rows[i].raw)), rows[i].bids);
    assert_string_equal(shown("1;b;1=0.5\xff\x00\x01", 12), "v1 0.5,1,1");
}

static struct bid bid_of(const char *price, const char *hashrate, int64_t count)
{
    return (struct bid){fp18_of(hashrate), fp18_of(price), count};
}

struct encoding {
    struct bid bid[4];
    const char *text; /* NULL: refused */
    size_t bytes;
};

static size_t bids_in(const struct encoding *e)
{
    size_t n = 0;
    while (n < 4 && e->bid[n].count > 0)
        n++;
    return n;
}

static void check(const struct encoding *e, const char *text)
{
    if (!e->text) {
        assert_null(text);
        assert_true(error.text[0] != 0);
        return;
    }
    assert_non_null(text);
    assert_string_equal(text, e->text);
    assert_int_equal(strlen(text), e->bytes);
    assert_non_null(bids_decode(&arena, bytes_of(text)));
}

/* auction.md 3.4, version 2 */
static void bids_are_written_as_the_specification_says(void **state)
{
    (void)state;
    const struct encoding rows[] = {
        {{bid_of("1", "0.25", 4), bid_of("1", "0.45", 2)}, "2;b;BTC,1=0.25:4,0.45:2", 23},
        {{bid_of("100", "0.1", 10), bid_of("100", "0.2", 20), bid_of("50", "0.3", 5)},
         "2;b;BTC,50=0.3:5;BTC,100=0.1:10,0.2:20",
         38},
        {{bid_of("100", "0.1", 10), bid_of("100", "0.1", 5), bid_of("100", "0.2", 8)}, "2;b;BTC,100=0.1:15,0.2:8", 24},
        {{bid_of("1", "0.10", 3), bid_of("1", "0.1", 2), bid_of("1", "0.2", 1)}, "2;b;BTC,1=0.1:5,0.2:1", 21},
        {{bid_of("1", "0.45", 1000)}, "2;b;BTC,1=0.45:1000", 19},
        {{bid_of("1", "0.45", 1001)}, NULL, 0},
        {{bid_of("1", "0.45", 600), bid_of("1", "0.4", 401)}, NULL, 0},
        {{bid_of("1", "0.451", 1)}, NULL, 0},
        {{bid_of("1", "0.049", 1)}, NULL, 0},
        {{bid_of("1", "-0.1", 1)}, NULL, 0},
        {{bid_of("1", "0.05", 1)}, "2;b;BTC,1=0.05:1", 16},
        {{bid_of("1", "0", 0)}, "2;b;", 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(&rows[i], bids_encode(&arena, rows[i].bid, bids_in(&rows[i]), &error));
}

/* auction.md 3.4, version 1: prices by number, hashrates by text, duplicates kept. */
static void legacy_bids_are_written_as_the_specification_says(void **state)
{
    (void)state;
    const struct encoding rows[] = {
        {{bid_of("1", "1.00", 1), bid_of("1", "0.5", 1), bid_of("2", "2.000", 1)}, "1;b;1=0.5,1;2=2", 15},
        {{bid_of("1", "10", 1), bid_of("1", "9", 1), bid_of("1", "0.1", 2)}, "1;b;1=0.1,0.1,10,9", 18},
        {{bid_of("10", "1", 1), bid_of("9", "1", 1)}, "1;b;9=1;10=1", 12},
        {{bid_of("1", "0.1", 100)}, NULL, 0},
        {{bid_of("1", "0", 0)}, "1;b;", 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(&rows[i], bids_encode_v1(&arena, rows[i].bid, bids_in(&rows[i]), &error));
}

/* ---- prices ------------------------------------------------------------------------------------------------------- */

static const char *prices_shown(struct bytes raw)
{
    const struct prices *p = prices_decode(&arena, raw);
    if (!p)
        return "none";
    char *text = arena_text(&arena, "v%lld", (long long)p->version);
    for (size_t i = 0; i < p->count; i++)
        text = arena_text(&arena, "%s [%s]=%s", text, arena_copy(&arena, p->price[i].key),
                          fp18_text(&arena, p->price[i].value));
    for (unsigned uid = 0; uid < BAN_UIDS; uid++)
        if (prices_ban(p, uid))
            text = arena_text(&arena, "%s ban %u", text, uid);
    return text;
}

/* auction.md 3.5, the prices */
static void price_commitments_are_read_with_what_is_wrong_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *prices;
    } rows[] = {
        {"1;p;A=1.25;B=.5;C=10;", "v1 [A]=1.25 [B]=0.5 [C]=10"},
        {"1;p;A;=5;B=x;C=2;C=3", "v1 [C]=3"},
        {"1;p; A =1", "v1 [ A ]=1"},
        {"1;p;", "v1"},
        {"1;p", "none"},
        {"1;b;A=1", "none"},
        {"7;p;A=-1", "v7 [A]=-1"},
        {"1;p;\xc3\xa9=1", "v1 [\xc3\xa9]=1"},
        {"1;p;\xc3=1", "none"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(prices_shown(bytes_of(rows[i].raw)), rows[i].prices);
}

static void prices_are_written_as_the_specification_says(void **state)
{
    (void)state;
    const struct price list[] = {
        {bytes_of("TAO_USDC"), fp18_of("45")}, {bytes_of("ALPHA_TAO"), fp18_of("0.037639265281541704")},
        {bytes_of("a=b"), fp18_of("1")},       {bytes_of("HASHP_USDC"), fp18_of("50")},
        {bytes_of("a;b"), fp18_of("1")},       {bytes_of("cap"), fp18_of("0.4")}};
    struct bytes out = prices_encode(&arena, list, 6, NULL, &error);
    assert_int_equal(out.len, 68);
    assert_true(bytes_is(out, "1;p;ALPHA_TAO=0.037639265281541704;HASHP_USDC=50;TAO_USDC=45;cap=0.4"));
    const struct price many[] = {
        {bytes_of("A"), fp18_of("1234567890123456789012345678901234567890123456789012345678901")},
        {bytes_of("B"), fp18_of("1234567890123456789012345678901234567890123456789012345678901")}};
    assert_null(prices_encode(&arena, many, 2, NULL, &error).at);
}

/* 313b703b54414f5f555344433d3130 ff 0c 00*30 80 */
static void bans_are_a_bitmap_behind_the_text(void **state)
{
    (void)state;
    uint8_t ban[BAN_BYTES] = {0x0c};
    ban[31] = 0x80;
    const struct price tao = {bytes_of("TAO_USDC"), fp18_of("10")};
    char want[48] = "1;p;TAO_USDC=10\xff\x0c";
    want[47] = (char)0x80;
    struct bytes out = prices_encode(&arena, &tao, 1, ban, &error);
    assert_int_equal(out.len, 48);
    assert_memory_equal(out.at, want, 48);
    assert_string_equal(prices_shown(out), "v1 [TAO_USDC]=10 ban 2 ban 3 ban 255");
    assert_string_equal(prices_shown((struct bytes){out.at, 47}), "v1 [TAO_USDC]=10");
    assert_false(prices_ban(prices_decode(&arena, out), 256));
}

static void a_price_is_found_by_its_exact_name(void **state)
{
    (void)state;
    const struct prices *p = prices_decode(&arena, bytes_of("1;p;cap=0.4;TAO_USDC=45"));
    assert_string_equal(fp18_text(&arena, *prices_find(p, "cap")), "0.4");
    assert_null(prices_find(p, "TAO"));
}

static void units_of_ten_to_the_minus_18_come_back_as_they_were(void **state)
{
    (void)state;
    static const struct {
        const char *decimal, *units;
    } rows[] = {
        {"0", "0"},
        {"1", "1000000000000000000"},
        {"-1.05", "-1050000000000000000"},
        {"0.000000000000000001", "1"},
        {"0.45", "450000000000000000"},
        {"123456789012345678901234567890.5", "123456789012345678901234567890500000000000000000"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fp18 v = {0};
        assert_string_equal(fp18_units_text(&arena, fp18_of(rows[i].decimal)), rows[i].units);
        assert_true(fp18_of_units(&arena, bytes_of(rows[i].units), &v));
        assert_string_equal(fp18_text(&arena, v), rows[i].decimal);
    }
    struct fp18 v;
    assert_false(fp18_of_units(&arena, bytes_of(""), &v));
    assert_false(fp18_of_units(&arena, bytes_of("-"), &v));
    assert_false(fp18_of_units(&arena, bytes_of("1.0"), &v));
    assert_true(fp18_ratio(&arena, fp18_of("664.2")) == 664.2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_raw_commitment_of_the_specification_is_read_as_it_says, tidy),
        cmocka_unit_test_teardown(bids_are_written_as_the_specification_says, tidy),
        cmocka_unit_test_teardown(legacy_bids_are_written_as_the_specification_says, tidy),
        cmocka_unit_test_teardown(price_commitments_are_read_with_what_is_wrong_left_out, tidy),
        cmocka_unit_test_teardown(prices_are_written_as_the_specification_says, tidy),
        cmocka_unit_test_teardown(bans_are_a_bitmap_behind_the_text, tidy),
        cmocka_unit_test_teardown(a_price_is_found_by_its_exact_name, tidy),
        cmocka_unit_test_teardown(units_of_ten_to_the_minus_18_come_back_as_they_were, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
