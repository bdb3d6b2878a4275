/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/budgets_reset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NOW INT64_C(1796083200000) /* 2026-12-01 00:00:00 UTC */

static struct arena a;

static int clean(void **state)
{
    (void)state;
    arena_release(&a);
    return 0;
}

static void becomes(const char *before, const char *after)
{
    struct bytes out;
    struct err e = {""};
    if (!budgets_reset(&a, bytes_of(before), "b.json", NOW, &out, &e))
        fail_msg("%s", e.text);
    assert_string_equal(arena_copy(&a, out), after);
}

static void refused(struct bytes text)
{
    struct bytes out = {"untouched", 9};
    struct err e = {""};
    if (budgets_reset(&a, text, "b.json", NOW, &out, &e))
        fail_msg("%.*s was taken", (int)text.len, text.at);
    assert_true(bytes_is(out, "untouched"));
    assert_true(strlen(e.text) > 0);
}

static void only_counters_and_dates_change(void **state)
{
    (void)state;
    becomes(
        "{\"budgets\": {\"a\": {\"used_this_month\": 12, \"cost_per_1k_tokens\": 0.0300}}, \"x\": 1e2, "
        "\"big\": 12345678901234567890123}\n",
        "{\"budgets\": {\"a\": {\"used_this_month\": 0,\"last_reset\": 1796083200, \"cost_per_1k_tokens\": 0.0300}}, "
        "\"x\": 1e2, \"big\": 12345678901234567890123}\n");
}

static void the_indentation_and_unknown_keys_stay(void **state)
{
    (void)state;
    becomes("\xef\xbb\xbf{\r\n  \"notes\": \"used_this_month\\\": 5}\",\r\n  \"budgets\": {\r\n    \"a\": {\r\n"
            "      \"used_this_month\" : 5,\r\n      \"note\": [1, {\"used_this_month\": 7}]\r\n    }\r\n  }\r\n}",
            "\xef\xbb\xbf{\r\n  \"notes\": \"used_this_month\\\": 5}\",\r\n  \"budgets\": {\r\n    \"a\": {\r\n"
            "      \"used_this_month\" : 0,\r\n      \"last_reset\": 1796083200,\r\n"
            "      \"note\": [1, {\"used_this_month\": 7}]\r\n    }\r\n  }\r\n}");
}

static void a_date_keeps_its_notation(void **state)
{
    (void)state;
    static const struct {
        const char *old, *new;
    } dates[] = {{"\"2024-01-01\"", "\"2026-12-01\""},
                 {"1795322975.703535", "1796083200"},
                 {"1795322975000", "1796083200000"},
                 {"\"2026-11-01T00:00:00Z\"", "\"2026-12-01T00:00:00Z\""},
                 {"\"2026-11-01T00:00:00.123456\"", "\"2026-12-01T00:00:00\""},
                 {"null", "1796083200"}};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        static const char form[] = "{\"tracking\":{\"last_reset\":%s,\"day\":1},\"budgets\":{\"a\":{\"last_reset\":%s,"
                                   "\"used_this_month\":%d}},\"last_updated\":%s}";
        const char *o = dates[i].old, *n = dates[i].new;
        char before[512], after[512];
        snprintf(before, sizeof before, form, o, o, 9, o);
        snprintf(after, sizeof after, form, n, n, 0, n);
        becomes(before, after);
    }
}

static void entries_without_a_counter_are_left_alone(void **state)
{
    (void)state;
    becomes("{\"budgets\":{\"a\":{\"used_this_month\":3},\"b\":{\"monthly_allowance\":5},\"c\":null,\"d\":[]}}",
            "{\"budgets\":{\"a\":{\"used_this_month\":0,\"last_reset\": 1796083200},\"b\":{\"monthly_allowance\":5},"
            "\"c\":null,\"d\":[]}}");
}

static void counters_that_are_no_numbers_become_0_and_twice_the_same_key_too(void **state)
{
    (void)state;
    becomes(
        "{\"budgets\":{\"a\":{\"used_this_month\":\"12\"},\"b\":{\"used_this_month\":NaN,\"used_this_month\":null}}}",
        "{\"budgets\":{\"a\":{\"used_this_month\":0,\"last_reset\": 1796083200},"
        "\"b\":{\"used_this_month\":0,\"last_reset\": 1796083200,\"used_this_month\":0}}}");
}

static void what_cannot_be_patched_with_certainty_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{\"budgets\":{}}",
        "{\"budgets\":[]}",
        "{\"budgets\":{\"a\":{}}}",
        "{\"budgets\":{\"a\":{\"used_this_month\":1}}} x",
        "{\"budgets\":{\"a\":{\"used\\u005fthis_month\":1,\"used_this_month\":2}}, \"budgets\":{}}",
        "{\"budgets\":{\"a\":{\"used_this_month\":2,\"used\\u005fthis_month\":1}}}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refused(bytes_of(bad[i]));
}

/* Every prefix, and every single byte spoilt, of a real file: refused, or patched so that it proves itself. */
static void spoilt_files_never_break_it(void **state)
{
    (void)state;
    static const char good[] =
        "{\"budgets\": {\"a\": {\"used_this_month\": 12, \"t\": [\"]\"], \"n\": {\"b\": \"\\\"}\"}}}}";
    char text[sizeof good];
    for (size_t i = 0; i < sizeof good - 1; i++) {
        refused((struct bytes){good, i});
        for (const char *c = "\"{}[],:\\ 0"; *c; c++) {
            struct bytes out;
            memcpy(text, good, sizeof good);
            text[i] = *c;
            budgets_reset(&a, (struct bytes){text, sizeof good - 1}, "b.json", NOW, &out, NULL);
        }
        arena_reset(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(only_counters_and_dates_change, clean),
        cmocka_unit_test_teardown(the_indentation_and_unknown_keys_stay, clean),
        cmocka_unit_test_teardown(a_date_keeps_its_notation, clean),
        cmocka_unit_test_teardown(entries_without_a_counter_are_left_alone, clean),
        cmocka_unit_test_teardown(counters_that_are_no_numbers_become_0_and_twice_the_same_key_too, clean),
        cmocka_unit_test_teardown(what_cannot_be_patched_with_certainty_is_refused, clean),
        cmocka_unit_test_teardown(spoilt_files_never_break_it, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
