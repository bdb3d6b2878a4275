/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json_set.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct arena a;

static int clean(void **state)
{
    (void)state;
    arena_release(&a);
    return 0;
}

static void becomes(const char *text, const char *outer, const char *key, const char *value, const char *want)
{
    assert_string_equal(arena_copy(&a, json_set(&a, bytes_of(text), outer, key, value)), want);
}

static void a_value_is_replaced_and_nothing_else(void **state)
{
    (void)state;
    becomes("{\"a\": 1.50, \"b\":{\"k\" :  null , \"n\": 1e3}}\n", "b", "k", "7",
            "{\"a\": 1.50, \"b\":{\"k\" :  7 , \"n\": 1e3}}\n");
    becomes("{\"k\":[1,{\"k\":2}],\"x\":\"\\\"k\\\":3}\"}", NULL, "k", "0", "{\"k\":0,\"x\":\"\\\"k\\\":3}\"}");
    becomes("{\"k\":1,\"k\":2}", NULL, "k", "0", "{\"k\":1,\"k\":0}"); /* the last one is what readers see */
}

static void a_missing_member_is_made_with_the_indentation_of_its_neighbour(void **state)
{
    (void)state;
    becomes("{}", NULL, "k", "1", "{\"k\": 1}");
    becomes("{ }", "o", "k", "1", "{\"o\": {\"k\": 1} }");
    becomes("{\n  \"a\": 1\n}", NULL, "k", "2", "{\n  \"a\": 1,\n  \"k\": 2\n}");
    becomes("{\n  \"o\": {\n    \"a\": 1\n  }\n}", "o", "k", "2", "{\n  \"o\": {\n    \"a\": 1,\n    \"k\": 2\n  }\n}");
    becomes("\xef\xbb\xbf{\"o\":{}}", "o", "k", "2", "\xef\xbb\xbf{\"o\":{\"k\": 2}}");
}

static void what_is_no_object_comes_back_as_it_is(void **state)
{
    (void)state;
    becomes("{\"o\":[1]}", "o", "k", "2", "{\"o\":[1]}");
    becomes("{\"o\":\"{}\"}", "o", "k", "2", "{\"o\":\"{}\"}");
}

static void a_value_is_found_as_it_was_written(void **state)
{
    (void)state;
    struct bytes text = bytes_of("{\"o\":{\"k\": 1795322975.703535 },\"t\":\"x\"}");
    assert_true(bytes_is(json_get(text, "o", "k"), "1795322975.703535"));
    assert_true(bytes_is(json_get(text, NULL, "t"), "\"x\""));
    assert_int_equal(json_get(text, "o", "none").len, 0);
    assert_int_equal(json_get(text, "t", "k").len, 0);
    assert_int_equal(json_get(bytes_of(""), NULL, "k").len, 0);
}

/* Whatever is cut off or spoilt: no byte outside the text is looked at, and what reads well afterwards still says all it did. */
static void spoilt_text_is_survived(void **state)
{
    (void)state;
    static const char good[] = "{\"o\": {\"a\": [\"}\", 1], \"b\": \"\\\"\"}, \"z\": null}";
    for (size_t i = 0; i < sizeof good - 1; i++)
        for (const char *c = "\"{}[],:\\ 0"; *c; c++) {
            char *text = arena_copy(&a, bytes_of(good));
            text[i] = *c;
            struct bytes in = {text, sizeof good - 1};
            json_t *before = json_read(in, "x", NULL);
            struct bytes out = before ? json_set(&a, in, "o", "k", "5") : (struct bytes){text, i};
            json_t *after = before ? json_read(out, "x", NULL) : NULL;
            if (before && json_is_object(before))
                assert_non_null(after);
            json_decref(before);
            json_decref(after);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_value_is_replaced_and_nothing_else, clean),
        cmocka_unit_test_teardown(a_missing_member_is_made_with_the_indentation_of_its_neighbour, clean),
        cmocka_unit_test_teardown(what_is_no_object_comes_back_as_it_is, clean),
        cmocka_unit_test_teardown(a_value_is_found_as_it_was_written, clean),
        cmocka_unit_test_teardown(spoilt_text_is_survived, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
