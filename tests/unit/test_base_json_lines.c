/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/json_lines.h"

enum { MOST = 12 };

static void assert_lines(const char *json, const char *want)
{
    struct arena a = {0};
    const char *line[MOST];
    char got[512] = "";
    size_t count = json_lines(&a, bytes_of(json), line, MOST);
    for (size_t i = 0; i < count; i++) {
        strcat(got, line[i]);
        strcat(got, "\n");
    }
    assert_string_equal(got, want);
    arena_release(&a);
}

static void a_member_is_a_line(void **state)
{
    (void)state;
    assert_lines("{\"a\": 1, \"b\": {\"c\": [1,2], \"d\": null}, \"e\": \"x, {y}\"}",
                 "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": [\n      1,\n      2\n    ],\n    \"d\": null\n  },\n"
                 "  \"e\": \"x, {y}\"\n}\n");
}

static void what_is_no_json_stands_as_it_is(void **state)
{
    (void)state;
    assert_lines("", "");
    assert_lines("rubbish", "rubbish\n");
    assert_lines("{\"a\": NaN, \"b\": \"no end", "{\n  \"a\": NaN,\n  \"b\": \"no end\n");
    assert_lines("}}]]1", "}\n}\n]\n]\n1\n");
    assert_lines("{\"q\": \"a\\\"b\\\\\"}", "{\n  \"q\": \"a\\\"b\\\\\"\n}\n");
}

static void more_lines_than_asked_for_are_left_out(void **state)
{
    (void)state;
    struct arena a = {0};
    const char *line[MOST];
    assert_int_equal(json_lines(&a, bytes_of("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]"), line, MOST), MOST);
    assert_string_equal(line[MOST - 1], "  11,");
    arena_release(&a);
}

static void nothing_from_outside_reaches_the_screen_raw(void **state)
{
    (void)state;
    struct arena a = {0};
    const char *line[MOST];
    static const char json[] = "{\"a\": \"\x1b]0;x\x07\", \0 \"b\": 1}";
    size_t count = json_lines(&a, (struct bytes){json, sizeof json - 1}, line, MOST);
    for (size_t i = 0; i < count; i++)
        for (const char *c = line[i]; *c != '\0'; c++)
            assert_true((unsigned char)*c >= ' ');
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_a_line),
        cmocka_unit_test(what_is_no_json_stands_as_it_is),
        cmocka_unit_test(more_lines_than_asked_for_are_left_out),
        cmocka_unit_test(nothing_from_outside_reaches_the_screen_raw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
