/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/bytes.h"
#include "base/err.h"
#include "base/near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void lines_come_without_their_newline_and_an_unfinished_one_stays(void **state)
{
    (void)state;
    struct bytes rest = bytes_of("one\n\ntwo\r\nthr"), line;
    assert_true(bytes_line(&rest, &line) && bytes_is(line, "one"));
    assert_true(bytes_line(&rest, &line) && bytes_is(line, ""));
    assert_true(bytes_line(&rest, &line) && bytes_is(line, "two\r"));
    assert_false(bytes_line(&rest, &line));
    assert_true(bytes_is(rest, "thr"));
}

static void trimming_takes_blanks_returns_and_nuls_off_both_ends_only(void **state)
{
    (void)state;
    assert_true(bytes_is(bytes_trim((struct bytes){"\0 \t a b\r\n\0", 10}), "a b"));
    assert_int_equal(bytes_trim(bytes_of(" \r\n")).len, 0);
    assert_int_equal(bytes_trim((struct bytes){0}).len, 0);
}

static void finding_and_cutting_never_leave_the_run(void **state)
{
    (void)state;
    struct bytes a = {"abcabc|hidden", 6};
    assert_int_equal(bytes_find(a, "ca"), 2);
    assert_int_equal(bytes_find(a, "c|"), 6);
    assert_int_equal(bytes_find(a, "abcabc|"), 6);
    assert_int_equal(bytes_find((struct bytes){0}, "x"), 0);
    assert_false(bytes_starts(a, "abcabc|"));
    assert_int_equal(bytes_from(a, 7).len, 0);
    assert_true(bytes_cut(&a, "abc") && bytes_is(a, "abc"));
    assert_false(bytes_cut(&a, "b"));
    assert_true(bytes_equal(bytes_of(NULL), bytes_of("")));
}

struct number_case {
    const char *text;
    bool good;
    int64_t value;
};

static void integers_are_whole_or_nothing_up_to_the_last_one(void **state)
{
    (void)state;
    static const struct number_case cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"007", true, 7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"92233720368547758070", false, 0},
        {"99999999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"--1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"0x1", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t v = 42;
        assert_int_equal(bytes_i64(bytes_of(cases[i].text), &v), cases[i].good);
        assert_true(v == (cases[i].good ? cases[i].value : 42));
    }
}

static void searching_without_case_knows_ascii_only(void **state)
{
    (void)state;
    assert_true(bytes_has_ci(bytes_of("xx FAILED yy"), "failed"));
    assert_true(bytes_has_ci(bytes_of("failed"), "FAILED"));
    assert_false(bytes_has_ci(bytes_of("faile"), "failed"));
    assert_false(bytes_has_ci(bytes_of("\xc3\x84"), "\xc3\xa4"));
    assert_false(bytes_has_ci(bytes_of("@"), "`"));
    assert_true(bytes_has_ci(bytes_of(""), ""));
}

static void a_sentence_is_cut_between_characters_and_failing_is_one_expression(void **state)
{
    (void)state;
    struct err e;
    char text[400];
    for (size_t lead = 0; lead < 4; lead++) {
        size_t at = lead;
        memset(text, 'a', lead);
        while (at + 3 < sizeof text)
            memcpy(text + at, "\xe2\x82\xac", 3), at += 3;
        text[at] = '\0';
        assert_false(err_set(&e, "%s", text));
        assert_int_equal((strlen(e.text) - lead) % 3, 0);
        assert_in_range(strlen(e.text), sizeof e.text - 4, sizeof e.text - 1);
        assert_memory_equal(e.text, text, strlen(e.text));
    }
    assert_false(err_set(NULL, "nobody listens"));
}

static void a_sentence_may_quote_the_sentence_before(void **state)
{
    (void)state;
    struct err e;
    err_set(&e, "line 3: expected a number");
    err_set(&e, "budgets: %s", e.text);
    assert_string_equal(e.text, "budgets: line 3: expected a number");
}

static void a_typo_is_near_and_another_word_is_not(void **state)
{
    (void)state;
    assert_int_equal(near_distance(bytes_of("kitten"), bytes_of("sitting")), 3);
    assert_int_equal(near_distance(bytes_of(""), bytes_of("abc")), 3);
    assert_true(near_enough(bytes_of("themme"), bytes_of("theme")));
    assert_false(near_enough(bytes_of("ab"), bytes_of("xy")));
    char big[100];
    memset(big, 'x', sizeof big);
    assert_false(near_enough((struct bytes){big, sizeof big}, (struct bytes){big, sizeof big}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_without_their_newline_and_an_unfinished_one_stays),
        cmocka_unit_test(trimming_takes_blanks_returns_and_nuls_off_both_ends_only),
        cmocka_unit_test(finding_and_cutting_never_leave_the_run),
        cmocka_unit_test(integers_are_whole_or_nothing_up_to_the_last_one),
        cmocka_unit_test(searching_without_case_knows_ascii_only),
        cmocka_unit_test(a_sentence_is_cut_between_characters_and_failing_is_one_expression),
        cmocka_unit_test(a_sentence_may_quote_the_sentence_before),
        cmocka_unit_test(a_typo_is_near_and_another_word_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
