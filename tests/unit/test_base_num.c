/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/numtext.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/timetext.h"

static void halves_go_away_from_zero_as_the_reader_sees_them(void **state)
{
    (void)state;
    char out[NUM_TEXT];
    assert_string_equal(num_fixed(out, 0.73, 2), "0.73");
    assert_string_equal(num_fixed(out, 0.125, 2), "0.13");
    assert_string_equal(num_fixed(out, -0.125, 2), "-0.13");
    assert_string_equal(num_fixed(out, 0.735, 2), "0.74");
    assert_string_equal(num_fixed(out, 1.005, 2), "1.01");
    assert_string_equal(num_fixed(out, 0.7799999999999999, 2), "0.78");
    assert_string_equal(num_fixed(out, 2.5, 0), "3");
    assert_string_equal(num_fixed(out, 0.4999, 0), "0");
    assert_string_equal(num_fixed(out, -0.001, 2), "0.00");
    assert_string_equal(num_fixed(out, 999999999999.0, 2), "999999999999.00");
}

/* Decimal numbers with one digit more than shown, made as text, so that the right answer is known by counting. */
static void rounding_agrees_with_decimal_counting(void **state)
{
    (void)state;
    char text[32], out[NUM_TEXT], want[NUM_TEXT];
    for (int thousandths = 0; thousandths < 200000; thousandths++) {
        snprintf(text, sizeof text, "%d.%03d", thousandths / 1000, thousandths % 1000);
        int hundredths = (thousandths + 5) / 10;
        snprintf(want, sizeof want, "%d.%02d", hundredths / 100, hundredths % 100);
        assert_string_equal(num_fixed(out, strtod(text, NULL), 2), want);
    }
}

static void percents_and_changes_carry_their_sign_only_when_they_show_one(void **state)
{
    (void)state;
    char out[NUM_TEXT];
    assert_string_equal(num_percent(out, 0.453, 0), "45%");
    assert_string_equal(num_percent(out, 0.453, 1), "45.3%");
    assert_string_equal(num_percent(out, 1.2, 0), "120%");
    assert_string_equal(num_percent(out, 0, 0), "0%");
    assert_string_equal(num_delta(out, 0.021), "+2.1%");
    assert_string_equal(num_delta(out, -0.205), "-20.5%");
    assert_string_equal(num_delta(out, 0), "0.0%");
    assert_string_equal(num_delta(out, -0.0004), "0.0%");
    assert_string_equal(num_delta(out, 0.0005), "+0.1%");
}

static void not_known_is_never_a_number(void **state)
{
    (void)state;
    char out[NUM_TEXT];
    assert_string_equal(num_fixed(out, NAN, 2), "n/a");
    assert_string_equal(num_fixed(out, INFINITY, 2), "n/a");
    assert_string_equal(num_percent(out, NAN, 0), "n/a");
    assert_string_equal(num_delta(out, NAN), "n/a");
    assert_string_equal(num_short(out, NOT_KNOWN), "n/a");
    assert_string_equal(num_group(out, NOT_KNOWN), "n/a");
}

static void short_numbers_have_two_or_three_digits(void **state)
{
    (void)state;
    static const struct {
        int64_t v;
        const char *text;
    } cases[] = {
        {0, "0"},
        {999, "999"},
        {1000, "1.0K"},
        {1249, "1.2K"},
        {1250, "1.3K"},
        {9949, "9.9K"},
        {9950, "10K"},
        {45000, "45K"},
        {999499, "999K"},
        {999500, "1.0M"},
        {1000000, "1.0M"},
        {2300000000, "2.3G"},
        {-1234, "-1.2K"},
        {INT64_MAX, "9.2E"},
        {-INT64_MAX, "-9.2E"},
        {999499999999, "999G"},
        {999999999999, "1.0T"},
    };
    char out[NUM_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(num_short(out, cases[i].v), cases[i].text);
}

static void groups_are_of_three_digits(void **state)
{
    (void)state;
    char out[NUM_TEXT];
    assert_string_equal(num_group(out, 0), "0");
    assert_string_equal(num_group(out, 999), "999");
    assert_string_equal(num_group(out, 1000), "1,000");
    assert_string_equal(num_group(out, 1234567), "1,234,567");
    assert_string_equal(num_group(out, -123456), "-123,456");
    assert_string_equal(num_group(out, INT64_MAX), "9,223,372,036,854,775,807");
}

static void the_largest_numbers_fit(void **state)
{
    (void)state;
    char out[NUM_TEXT];
    static const double v[] = {DBL_MAX, -DBL_MAX, 1e12, -1e12, 9.99999999999e11, -9.99999999999e11, DBL_MIN};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        for (int decimals = -1; decimals < 30; decimals++) {
            assert_in_range(strlen(num_fixed(out, v[i], decimals)), 1, NUM_TEXT - 1);
            assert_in_range(strlen(num_percent(out, v[i], decimals)), 1, NUM_TEXT - 1);
            assert_in_range(strlen(num_delta(out, v[i])), 1, NUM_TEXT - 1);
        }
    assert_string_equal(num_fixed(out, 2.5e15, 2), "2.5e+15");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halves_go_away_from_zero_as_the_reader_sees_them),
        cmocka_unit_test(rounding_agrees_with_decimal_counting),
        cmocka_unit_test(percents_and_changes_carry_their_sign_only_when_they_show_one),
        cmocka_unit_test(not_known_is_never_a_number),
        cmocka_unit_test(short_numbers_have_two_or_three_digits),
        cmocka_unit_test(groups_are_of_three_digits),
        cmocka_unit_test(the_largest_numbers_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
