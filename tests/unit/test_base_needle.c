/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/needle.h"

static bool finds(const char *needle, const char *text)
{
    struct needle n = needle_of(needle);
    return needle_in(&n, text);
}

static void small_letters_find_capitals_and_capitals_only_capitals(void **state)
{
    (void)state;
    assert_true(finds("stage", "Stage 4 stalled"));
    assert_true(finds("stage", "a STAGE"));
    assert_true(finds("Stage", "Stage 4"));
    assert_false(finds("Stage", "stage 4"));
    assert_false(finds("STage", "Stage 4"));
}

static void letters_of_other_alphabets_have_capitals_too(void **state)
{
    (void)state;
    assert_true(finds("ärger", "ÄRGER"));
    assert_true(finds("жук", "Жук и ЖУК"));
    assert_false(finds("Жук", "жук"));
    assert_true(finds("日本", "tag 日本語"));
    assert_false(finds("日x", "日本語"));
}

static void nothing_is_found_everywhere_and_too_much_nowhere(void **state)
{
    (void)state;
    assert_true(finds("", ""));
    assert_true(finds("", "text"));
    assert_false(finds("text", ""));
    assert_false(finds("aaab", "aaa"));
    assert_true(finds("aab", "aaaab"));
}

static void a_needle_that_is_too_long_is_cut_and_bad_bytes_do_no_harm(void **state)
{
    (void)state;
    char text[301];
    for (int i = 0; i < 300; i++)
        text[i] = 'a';
    text[300] = '\0';
    struct needle n = needle_of(text);
    assert_int_equal(n.len, NEEDLE_MOST);
    assert_true(needle_in(&n, text));
    assert_false(finds("\xC3", "\xC3\xA9"));
    assert_true(finds("b", "\xFF\xC3"
                           "b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_letters_find_capitals_and_capitals_only_capitals),
        cmocka_unit_test(letters_of_other_alphabets_have_capitals_too),
        cmocka_unit_test(nothing_is_found_everywhere_and_too_much_nowhere),
        cmocka_unit_test(a_needle_that_is_too_long_is_cut_and_bad_bytes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
