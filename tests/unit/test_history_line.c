/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/line.h"

static struct line line;

static bool parse(const char *text)
{
    return line_parse(bytes_of(text), &line);
}

static void strict_where_json_is_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1}x",
        "{\"a\":1}{}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":-}",
        "{\"a\":.5}",
        "{\"a\":5.}",
        "{\"a\":1e}",
        "{\"a\":1e+}",
        "{\"a\":0x1}",
        "{\"a\":nan}",
        "{\"a\":-NaN}",
        "{\"a\":Inf}",
        "{\"a\":+Infinity}",
        "{\"a\":True}",
        "{\"a\":tru}",
        "{\"a\":nulll}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\u123\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\xff\"}",
        "{\"a\":\"\xc0\x80\"}",
        "{\"a\":\"\xed\xa0\x80\"}",
        "{\"a\":\"\xf5\x80\x80\x80\"}",
        "{\"a\":\"\xe2\x82\"}",
        "{\"a\":[1,]}",
        "{\"a\":[1 2]}",
        "{\"a\":{1:2}}",
        "{\"a\":\"\\\"}",
        "{\"a\":\"\\",
        "\xef\xbb\xbf{}",
        "{}\v",
        "{}//",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (parse(bad[i]))
            fail_msg("accepted: %s", bad[i]);
        assert_non_null(line.why);
    }
    assert_false(line_parse((struct bytes){"{\"a\":1\0}", 8}, &line)); /* jansson 2.14 accepts this */
    assert_false(line_parse((struct bytes){"{}\0", 3}, &line));
}

static void tolerant_where_python_writes_it(void **state)
{
    (void)state;
    static const char *const good[] = {
        "{}",
        " { } \r",
        "{\"a\":NaN,\"b\":Infinity,\"c\":-Infinity}",
        "{\"a\":\"\\ud83e\"}",
        "{\"a\":\"\\udd16\\ud83e\\ud83e\"}",
        "{\"a\\u0000\":\"\\u0000\"}",
        "{\"a\":123456789012345678901234567890}",
        "{\"a\":1e400,\"b\":-1e-400}",
        "{\"\":[[],{},[{\"b\":[true,false,null,-0,0.5E+1]}]]}",
        "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\x7f\xf0\x9f\xa4\x96\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"}",
        "{\"a\":1,\"a\":2}",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!parse(good[i]))
            fail_msg("refused: %s (%s)", good[i], line.why);
}

static void nesting_ends_at_64(void **state)
{
    (void)state;
    for (int depth = 63; depth <= 64; depth++) {
        char text[256] = "{\"a\":";
        size_t at = strlen(text);
        memset(text + at, '[', (size_t)depth);
        memset(text + at + (size_t)depth, ']', (size_t)depth);
        memcpy(text + at + 2 * (size_t)depth, "}", 2);
        assert_int_equal(parse(text), depth == 63);
    }
}

static void numbers_are_the_nearest_doubles(void **state)
{
    (void)state;
    static const char *const numbers[] = {
        "0",
        "-0",
        "0.7799999999999999",
        "0.1",
        "1e22",
        "1e23",
        "9007199254740993",
        "0.30000000000000004",
        "1e-22",
        "5e-324",
        "1.7976931348623157e308",
        "123456789012345678901234567890",
        "0.000001e-10",
        "4.35",
        "2.2250738585072011e-308",
        "9007199254740992e22",
        "0e999",
        "1E+2",
        "0.99999999999999994",
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"validator_score\":%s}", numbers[i]);
        assert_true(parse(text));
        assert_int_equal(line.value[LINE_SCORE].kind, LINE_NUMBER);
        double want = strtod(numbers[i], NULL), got = line.value[LINE_SCORE].number.real;
        assert_memory_equal(&got, &want, sizeof got);
    }
    assert_true(parse("{\"validator_score\":1e999}"));
    assert_true(isinf(line.value[LINE_SCORE].number.real));
    assert_true(parse("{\"tokens_spent\":-9223372036854775807}"));
    assert_true(line.value[LINE_TOKENS].number.is_whole);
    assert_true(line.value[LINE_TOKENS].number.whole == -INT64_MAX);
    assert_true(parse("{\"tokens_spent\":9223372036854775808}"));
    assert_false(line.value[LINE_TOKENS].number.is_whole);
}

static bool text_is(const char *want)
{
    return bytes_is(line.value[LINE_TASK_ID].text, want);
}

static void texts_are_decoded(void **state)
{
    (void)state;
    assert_true(parse("{\"task_id\":\"a\\u00e4\\ud83e\\udd16\\ud83e\"}"));
    assert_true(text_is("a\xc3\xa4\xf0\x9f\xa4\x96\xef\xbf\xbd"));
    assert_true(parse("{\"task_id\":\"\\u0061\xc3\xa4 plain, longer than sixteen bytes\", \"llm\": \"\\n\"}"));
    assert_true(text_is("a\xc3\xa4 plain, longer than sixteen bytes")); /* and stays while the next one is decoded */
    assert_true(bytes_is(line.value[LINE_LLM].text, "\n"));
}

static void a_text_stops_at_the_byte_that_is_wrong_wherever_it_stands(void **state)
{
    (void)state;
    char text[64];
    for (size_t at = 12; at < 50; at++) {
        memset(text, 'x', sizeof text);
        memcpy(text, "{\"task_id\":\"", 12);
        memcpy(text + 52, "\"}", 3);
        assert_true(parse(text));
        assert_int_equal(line.value[LINE_TASK_ID].text.len, 40);
        text[at] = '\t';
        assert_false(parse(text));
        text[at] = '\x80';
        assert_false(parse(text));
    }
}

static void every_number_is_rounded_once(void **state)
{
    (void)state;
    char text[80], *end;
    uint64_t seed = 7;
    for (int i = 0; i < 200000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int digits = (int)(seed >> 60) + 4, cut = (int)(seed >> 40 & 15) % digits;
        char number[40];
        snprintf(number, sizeof number, "%019llu", (unsigned long long)(seed >> 1));
        snprintf(text, sizeof text, "{\"tao_earned\":1%.*s.%.*s}", cut, number, digits - cut, number + cut);
        assert_true(parse(text));
        assert_true(line.value[LINE_TAO].number.real == strtod(text + 14, &end));
        snprintf(text, sizeof text, "{\"tao_earned\":0.%.*s}", digits, number);
        assert_true(parse(text));
        assert_true(line.value[LINE_TAO].number.real == strtod(text + 14, &end));
    }
}

static void known_names_count_only_at_the_top_and_the_last_wins(void **state)
{
    (void)state;
    assert_true(
        parse("{\"validator_score\":0.1,\"meta\":{\"validator_score\":9.5},\"response\":\"\\\"validator_score\\\": "
              "0.99\",\"validator\\u005fscore\":0.2}"));
    assert_true(line.value[LINE_SCORE].number.real == 0.2);
    assert_true(parse("{\"validator_score\":0.1,\"validator_score\":null}"));
    assert_int_equal(line.value[LINE_SCORE].kind, LINE_ABSENT);
    assert_true(parse("{\"validator_score\":[0.1]}"));
    assert_int_equal(line.value[LINE_SCORE].kind, LINE_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_names_count_only_at_the_top_and_the_last_wins),
        cmocka_unit_test(nesting_ends_at_64),
        cmocka_unit_test(numbers_are_the_nearest_doubles),
        cmocka_unit_test(strict_where_json_is_strict),
        cmocka_unit_test(texts_are_decoded),
        cmocka_unit_test(a_text_stops_at_the_byte_that_is_wrong_wherever_it_stands),
        cmocka_unit_test(every_number_is_rounded_once),
        cmocka_unit_test(tolerant_where_python_writes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
