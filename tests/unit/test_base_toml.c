/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/toml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void check_toml(const char *in, const char *want)
{
    struct err e = {""};
    json_t *root = toml_read(bytes_of(in), "x.toml", &e);
    if (!root)
        fail_msg("%s: %s", in, e.text);
    char *got = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII);
    assert_string_equal(got, want);
    free(got);
    json_decref(root);
}

static void every_kind_of_value_has_its_json(void **state)
{
    (void)state;
    check_toml("", "{}");
    check_toml(
        "a = 1\nb = -2.5\nc = true\nd = \"x\\u00e9\"\ne = [1, [2]]\n[t.u]\nv = {w = 0x10}\n[[l]]\n[[l]]\nz = 1",
        "{\"a\":1,\"b\":-2.5,\"c\":true,\"d\":\"x\\u00E9\",\"e\":[1,[2]],\"l\":[{},{\"z\":1}],\"t\":{\"u\":{\"v\":"
        "{\"w\":16}}}}");
    check_toml("a = inf\nb = -inf\nc = nan", "{\"a\":null,\"b\":null,\"c\":null}");
    check_toml("a = 2026-11-22T04:48:51Z\nb = 2026-11-22T04:48:51.5+10:00\nc = 2026-11-22\nd = 04:48:51\n"
               "e = 2026-11-22 04:48:51",
               "{\"a\":\"2026-11-22T04:48:51Z\",\"b\":\"2026-11-22T04:48:51.5+10:00\",\"c\":\"2026-11-22\","
               "\"d\":\"04:48:51\",\"e\":\"2026-11-22T04:48:51\"}");
    check_toml("max = 9223372036854775807\nmin = -9223372036854775808",
               "{\"max\":9223372036854775807,\"min\":-9223372036854775808}");
}

struct fault {
    const char *in, *start;
};

static void a_fault_names_file_line_and_column(void **state)
{
    (void)state;
    static const struct fault cases[] = {
        {"a = 1\nb = ", "x.toml line 2 column 5: "}, {"a = 1\na = 2", "x.toml line 2 column "},
        {"[t\n", "x.toml line 1 column "},           {"a = 9223372036854775808", "x.toml line 1 column "},
        {"a = \"\xff\"", "x.toml line 1 column "},   {"a = \x1b[31m", "x.toml line 1 column "},
        {"\n\n = 1", "x.toml line 3 column 2: "},    {"[\"a\",}\"b\"]", "x.toml line 1 column "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {""};
        assert_null(toml_read(bytes_of(cases[i].in), "x.toml", &e));
        if (strncmp(e.text, cases[i].start, strlen(cases[i].start)) != 0)
            fail_msg("%s", e.text);
        assert_null(strchr(e.text, 0x1b));
        assert_null(toml_read(bytes_of(cases[i].in), "x.toml", NULL));
    }
}

static void a_depth_bomb_is_an_error_and_not_a_crash(void **state)
{
    (void)state;
    enum { DEPTH = 100000 };
    struct err e = {""};
    char *bomb = malloc(DEPTH + 4);
    assert_non_null(bomb);
    memcpy(bomb, "a = ", 4);
    memset(bomb + 4, '[', DEPTH);
    assert_null(toml_read((struct bytes){bomb, DEPTH + 4}, "x.toml", &e));
    assert_non_null(strstr(e.text, "x.toml line 1"));
    free(bomb);
}

static void nul_bytes_and_nul_escapes_do_no_harm(void **state)
{
    (void)state;
    struct err e = {""};
    assert_null(toml_read((struct bytes){"a = 1\0", 6}, "x.toml", &e));
    json_t *root = toml_read(bytes_of("a = \"x\\u0000y\""), "x.toml", &e);
    assert_int_equal(json_raw(root, "a").len, 3);
    json_decref(root);
}

static void a_character_that_the_library_forgot_is_a_fault_like_any_other(void **state)
{
    (void)state;
    struct err e = {""};
    assert_null(toml_read(bytes_of("a = 1\n\xef\xbb\xbd"
                                   "b = 2\n"),
                          "x.toml", &e));
    assert_non_null(strstr(e.text, "x.toml line 2 column 1"));
}

static void the_line_of_a_value_is_found_by_its_path(void **state)
{
    (void)state;
    struct bytes in = bytes_of("a = 1\n\n[t]\nb = 2\nu.c = [\n 3]\n\"d.e\" = 4\n");
    assert_int_equal(toml_line(in, "a"), 1);
    assert_int_equal(toml_line(in, "t.b"), 4);
    assert_int_equal(toml_line(in, "t.u.c"), 5);
    assert_int_equal(toml_line(in, "t.d.e"), 0);
    assert_int_equal(toml_line(in, "nothing"), 0);
    assert_int_equal(toml_line(in, "a.b"), 0);
    assert_int_equal(toml_line(bytes_of("= broken"), "a"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value_has_its_json),
        cmocka_unit_test(a_fault_names_file_line_and_column),
        cmocka_unit_test(a_depth_bomb_is_an_error_and_not_a_crash),
        cmocka_unit_test(nul_bytes_and_nul_escapes_do_no_harm),
        cmocka_unit_test(a_character_that_the_library_forgot_is_a_fault_like_any_other),
        cmocka_unit_test(the_line_of_a_value_is_found_by_its_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
