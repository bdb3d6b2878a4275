/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json_mend.h"
#include "base/timetext.h"

static json_t *must_read(struct bytes in)
{
    struct err e = {""};
    json_t *root = json_read(in, "x.json", &e);
    if (!root)
        fail_msg("%.*s: %s", (int)in.len, in.at, e.text);
    return root;
}

static char *file_text(const char *name, char *out, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", FIXTURES, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    out[fread(out, 1, size - 1, f)] = '\0';
    fclose(f);
    return out;
}

static void check_dump(const char *in, const char *want)
{
    json_t *root = must_read(bytes_of(in));
    char *got = json_dumps(root, JSON_COMPACT | JSON_ENSURE_ASCII);
    assert_string_equal(got, want);
    free(got);
    json_decref(root);
}

static void what_python_writes_beside_the_standard_becomes_null(void **state)
{
    (void)state;
    check_dump("{\"a\": NaN, \"b\": Infinity, \"c\": -Infinity, \"d\": 1}",
               "{\"a\":null,\"b\":null,\"c\":null,\"d\":1}");
    check_dump("[1e999, -1e999, 9223372036854775808, -9223372036854775809, 123456789012345678901234567890]",
               "[null,null,null,null,null]");
    check_dump("[9223372036854775807, -9223372036854775808, 9007199254740993, NaN]",
               "[9223372036854775807,-9223372036854775808,9007199254740993,null]");
    check_dump("[1.7976931348623157e308, 1e-999, NaN]", "[1.7976931348623157e308,0.0,null]");
}

static bool same_as_jansson(const char *text)
{
    json_t *want = json_loads(text, JSON_ALLOW_NUL, NULL),
           *got = json_read(bytes_of(text), "x.json", &(struct err){""});
    bool same = (!want && !got) || json_equal(want, got);
    json_decref(want);
    json_decref(got);
    return same;
}

static void davys_own_reader_and_jansson_agree(void **state)
{
    (void)state;
    static const char *const table[] = {
        "[0,-0,1,-1,10,01]",
        "[-0]",
        "[0.1,-0.5,1795358994.226,123456.789012345678,9007199254740993.5,0.30000000000000004,1.0]",
        "[1e5,1E+2,2.5e-3,1.e1]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[999999999999999999,-999999999999999999,1000000000000000000]",
        "{\"a\":1,\"b\":2,\"a\":[3]}",
        "{\"a\":\"\\u4e09\\u6d66 \\\"x\\\"\",\"\\u0061\":1}",
        "{\"\":\"\xe4\xb8\x89\",\"\xe4\xb8\x89\":true}",
        "[\"\\ud83d\\ude00\",\"\\u0000\",null,false]",
        "[\"a\tb\"]",
        "[1,]",
        "[,1]",
        "{\"a\":1,}",
        "{\"a\"}",
        "[truefalse]",
        "[nul]",
        " \t\r\n{ \"a\" : [ ] , \"b\" : { } } ",
        "[]x",
        "[[1,2],[[]],{\"x\":[{}]}]",
        "[\"open",
        "[1",
        "{\"a\":1",
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (!same_as_jansson(table[i]))
            fail_msg("%s", table[i]);
}

/* The elements of the list that is apart, as text; "bad" when one of them is, "tree" when nothing is apart. */
static const char *apart(const char *text, char *out)
{
    static const char *const keys[] = {"list", "other", NULL};
    struct json_apart x = {.keys = keys};
    json_t *root = json_read_apart(bytes_of(text), "x.json", &x, &(struct err){""});
    bool is = x.list != NULL;
    size_t count = 0;
    memset(out, 0, 256);
    for (json_t *v = is ? json_apart_next(&x) : NULL; v; v = json_apart_next(&x)) {
        json_dumpb(v, out + strlen(strcat(out, ";")), 40, JSON_ENCODE_ANY | JSON_COMPACT);
        json_decref(v);
        count++;
    }
    if (is && !x.bad)
        assert_int_equal(count, x.count);
    json_decref(root);
    return is ? x.bad ? "bad" : out : "tree";
}

static void a_list_that_is_apart_gives_its_elements_one_by_one(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        {"{\"a\":1,\"list\":[1,\"x,]\",[2,3],{\"y\":[4]}],\"z\":2}", ";1;\"x,]\";[2,3];{\"y\":[4]}"},
        {"{\"list\":[]}", ""},
        {"{\"list\": [ ] }", ""},
        {"{\"list\":[ 1 , 2 ]}", ";1;2"},
        {"{\"list\":[1,2}]}", "tree"},
        {"{\"list\":[1,,2]}", "bad"},
        {"{\"list\":[1,]}", "bad"},
        {"{\"list\":[1 2]}", "bad"},
        {"{\"list\":[NaN]}", "bad"},
        {"{\"list\":{\"a\":1}}", "tree"},
        {"{\"list\":[1],\"other\":[2]}", "tree"},
        {"{\"list\":[1],\"list\":3}", "tree"},
        {"{\"other\":null,\"list\":[1]}", ";1"},
        {"{\"x\":{\"list\":[1]}}", "tree"},
        {"[{\"list\":[1]}]", "tree"},
    };
    char out[256] = "";
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(apart(table[i][0], out), table[i][1]) != 0)
            fail_msg("%s: %s, not %s", table[i][0], apart(table[i][0], out), table[i][1]);
}

static void text_is_never_taken_for_a_number(void **state)
{
    (void)state;
    check_dump("{\"NaN\": \"NaN -Infinity 1e999\", \"q\": \"\\\"NaN\", \"n\": NaN}",
               "{\"NaN\":\"NaN -Infinity 1e999\",\"q\":\"\\\"NaN\",\"n\":null}");
    check_dump("[\"\\\\\", NaN, \"\\\\\\\"NaN\"]", "[\"\\\\\",null,\"\\\\\\\"NaN\"]");
}

static void lone_surrogates_and_bad_bytes_become_the_replacement_character(void **state)
{
    (void)state;
    check_dump("[\"\\ud83e\"]", "[\"\\uFFFD\"]");
    check_dump("[\"\\udd16x\", \"\\ud83e\\ud83e\\udd16\", \"\\uD83Ex\"]",
               "[\"\\uFFFDx\",\"\\uFFFD\\uD83E\\uDD16\",\"\\uFFFDx\"]");
    check_dump("[\"a\xff"
               "b\xe2\x82\"]",
               "[\"a\\uFFFDb\\uFFFD\\uFFFD\"]");
}

static void a_nul_escape_stays_in_values_and_not_in_keys(void **state)
{
    (void)state;
    json_t *root = must_read(bytes_of("{\"a\\u0000b\": \"c\\u0000d\", \"k\": \"\\u0000\"}"));
    struct bytes raw = json_raw(root, "a\xef\xbf\xbd"
                                      "b");
    assert_int_equal(raw.len, 3);
    assert_memory_equal(raw.at, "c\0d", 3);
    json_decref(root);
}

static void bom_and_crlf_are_accepted_and_the_last_duplicate_wins(void **state)
{
    (void)state;
    check_dump("\xef\xbb\xbf{\r\n\"a\": 1,\r\n\"a\": 2}\r\n", "{\"a\":2}");
}

static void depth_is_counted_outside_strings_only_and_ends_at_64(void **state)
{
    (void)state;
    char text[400];
    for (size_t depth = 63; depth <= 66; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[depth * 2] = '\0';
        struct err e = {""};
        json_t *root = json_read(bytes_of(text), "x.json", &e);
        assert_int_equal(root != NULL, depth <= 64);
        if (!root)
            assert_string_equal(e.text, "x.json line 1: nested more than 64 deep");
        json_decref(root);
    }
    memset(text, '[', sizeof text);
    memcpy(text, "[\"\\\"", 4);
    memcpy(text + sizeof text - 3, "\"]", 3);
    json_decref(must_read(bytes_of(text)));
}

struct fault {
    const char *in;
    size_t len;
    const char *sentence;
};

static void each_fault_is_one_sentence_with_name_and_line(void **state)
{
    (void)state;
    static const struct fault cases[] = {
        {"", sizeof "" - 1, "x.json is empty"},
        {" \r\n\t", sizeof " \r\n\t" - 1, "x.json is empty"},
        {"\xef\xbb\xbf", sizeof "\xef\xbb\xbf" - 1, "x.json is empty"},
        {"{\"a\": 1}\0\0", sizeof "{\"a\": 1}\0\0" - 1, "x.json ends in NUL bytes (half-written?)"},
        {"\xff\xfe{\0}\0", 6, "x.json is UTF-16; save it as UTF-8"},
        {"\xfe\xff\0{\0}", 6, "x.json is UTF-16; save it as UTF-8"},
        {"\0\0\0", sizeof "\0\0\0" - 1, "x.json ends in NUL bytes (half-written?)"},
        {"{\n\"a\": 1\0}", sizeof "{\n\"a\": 1\0}" - 1,
         "x.json line 2: a NUL byte in the text (not JSON, or not UTF-8)"},
        {"{\n\"a\": 1,\n\"b\": [1,", sizeof "{\n\"a\": 1,\n\"b\": [1," - 1,
         "x.json line 3: the file ends too early (half-written?)"},
        {"{\"a\": NaN,\n\"b", sizeof "{\"a\": NaN,\n\"b" - 1, "x.json line 2: the file ends too early (half-written?)"},
        {"{}\n{}", sizeof "{}\n{}" - 1, "x.json line 2: more text behind the end of the document"},
        {"{\"a\": NaN}\nx", sizeof "{\"a\": NaN}\nx" - 1, "x.json line 2: more text behind the end of the document"},
        {"{\n\n\"a\" 1}", sizeof "{\n\n\"a\" 1}" - 1, "x.json line 3: ':' expected near '1'"},
        {"{\"a\": nan}", sizeof "{\"a\": nan}" - 1, "x.json line 1: invalid token near 'nan'"},
        {"{\"a\": NaNs}", sizeof "{\"a\": NaNs}" - 1, "x.json line 1: invalid token near 'NaNs'"},
        {"[+Infinity]", sizeof "[+Infinity]" - 1, "x.json line 1: invalid token near '+'"},
        {"[01]", sizeof "[01]" - 1, "x.json line 1: invalid token near '0'"},
        {"[1.e5]", sizeof "[1.e5]" - 1, "x.json line 1: invalid token near '1.'"},
        {"// c\n{}", sizeof "// c\n{}" - 1, "x.json line 1: '[' or '{' expected near '/'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {""};
        assert_null(json_read((struct bytes){cases[i].in, cases[i].len}, "x.json", &e));
        assert_string_equal(e.text, cases[i].sentence);
    }
    assert_null(json_read((struct bytes){0}, "x.json", NULL));
}

static void a_sentence_never_carries_the_files_escapes(void **state)
{
    (void)state;
    struct err e = {""};
    assert_null(json_read(bytes_of("{\"a\": \x1b[31mboo\xe2\x80\xae}"), "x.json", &e));
    for (const char *c = e.text; *c; c++)
        assert_true((unsigned char)*c >= 0x20);
    assert_null(strstr(e.text, "\xe2\x80\xae"));
}

static void text_that_is_json_already_comes_back_unchanged(void **state)
{
    (void)state;
    static const char *const names[] = {
        "budgets_after_save.json", "budgets_edge.json",   "heartbeat_state_cjk.json", "heartbeat_state_prose.json",
        "metrics_shape1.json",     "metrics_shape2.json", "miner-state-running.json",
    };
    static char text[65536];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct arena a = {0};
        struct bytes in = bytes_of(file_text(names[i], text, sizeof text));
        assert_true(bytes_equal(json_mend(&a, in), in));
        arena_release(&a);
    }
}

static void the_metrics_file_with_nan_is_read(void **state)
{
    (void)state;
    static char text[65536];
    json_t *root = must_read(bytes_of(file_text("metrics_nan.json", text, sizeof text)));
    assert_true(json_is_object(root));
    json_decref(root);
}

static void getters_say_not_known_for_absent_null_and_other_types(void **state)
{
    (void)state;
    struct arena a = {0};
    json_t *o =
        must_read(bytes_of("{\"n\": null, \"t\": \"1\", \"i\": 3, \"r\": 4.0, \"f\": 4.5, \"o\": {}, \"l\": [], "
                           "\"big\": 1e18, \"huge\": 1e19, \"b\": true, \"e\": \"\\u001b[1mx\"}"));
    static const char *const no_number[] = {"absent", "n", "t", "o", "l", "b"};
    for (size_t i = 0; i < sizeof no_number / sizeof *no_number; i++) {
        assert_true(isnan(json_num(o, no_number[i])));
        assert_true(json_int(o, no_number[i]) == NOT_KNOWN);
    }
    assert_true(json_num(o, "i") == 3.0 && json_num(o, "f") == 4.5);
    assert_true(json_int(o, "i") == 3 && json_int(o, "r") == 4 && json_int(o, "f") == NOT_KNOWN);
    assert_true(json_int(o, "big") == 1000000000000000000 && json_int(o, "huge") == NOT_KNOWN);
    assert_string_equal(json_text(&a, o, "t"), "1");
    assert_string_equal(json_text(&a, o, "e"), "x");
    assert_null(json_text(&a, o, "i"));
    assert_null(json_text(&a, NULL, "t"));
    assert_non_null(json_child(o, "o"));
    assert_null(json_child(o, "l"));
    assert_non_null(json_list(o, "l"));
    assert_null(json_list(o, "o"));
    assert_int_equal(json_raw(o, "i").len, 0);
    assert_true(isnan(json_num(NULL, "i")) && json_int(NULL, "i") == NOT_KNOWN);
    json_decref(o);
    arena_release(&a);
}

static void times_are_read_in_every_dialect(void **state)
{
    (void)state;
    json_t *o = must_read(bytes_of("{\"s\": 1795322975.5, \"ms\": 1795322975500, \"iso\": \"2026-11-22T04:49:35.5Z\", "
                                   "\"naive\": \" 2026-11-22T04:49:35.5\\n\", \"prose\": \"yesterday\", \"zero\": 0}"));
    assert_true(json_time(o, "s", 0) == 1795322975500);
    assert_true(json_time(o, "ms", 0) == 1795322975500);
    assert_true(json_time(o, "iso", 3600) == 1795322975500);
    assert_true(json_time(o, "naive", 3600) == 1795322975500 - 3600000);
    assert_true(json_time(o, "prose", 0) == NOT_KNOWN && json_time(o, "zero", 0) == NOT_KNOWN);
    assert_true(json_time(o, "absent", 0) == NOT_KNOWN && json_time_value(NULL, 0) == NOT_KNOWN);
    json_decref(o);
}

static void writers_turn_not_known_into_null(void **state)
{
    (void)state;
    json_t *all[] = {json_from_num(NAN), json_from_num(INFINITY), json_from_int(NOT_KNOWN), json_from_text(NULL),
                     json_from_text("\xff")};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_true(json_is_null(all[i]));
        json_decref(all[i]);
    }
    json_t *n = json_from_num(0.5), *i = json_from_int(-3), *t = json_from_text("x");
    assert_true(json_real_value(n) == 0.5 && json_integer_value(i) == -3);
    assert_string_equal(json_string_value(t), "x");
    json_decref(n);
    json_decref(i);
    json_decref(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_python_writes_beside_the_standard_becomes_null),
        cmocka_unit_test(davys_own_reader_and_jansson_agree),
        cmocka_unit_test(a_list_that_is_apart_gives_its_elements_one_by_one),
        cmocka_unit_test(text_is_never_taken_for_a_number),
        cmocka_unit_test(lone_surrogates_and_bad_bytes_become_the_replacement_character),
        cmocka_unit_test(a_nul_escape_stays_in_values_and_not_in_keys),
        cmocka_unit_test(bom_and_crlf_are_accepted_and_the_last_duplicate_wins),
        cmocka_unit_test(depth_is_counted_outside_strings_only_and_ends_at_64),
        cmocka_unit_test(each_fault_is_one_sentence_with_name_and_line),
        cmocka_unit_test(a_sentence_never_carries_the_files_escapes),
        cmocka_unit_test(text_that_is_json_already_comes_back_unchanged),
        cmocka_unit_test(the_metrics_file_with_nan_is_read),
        cmocka_unit_test(getters_say_not_known_for_absent_null_and_other_types),
        cmocka_unit_test(times_are_read_in_every_dialect),
        cmocka_unit_test(writers_turn_not_known_into_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
