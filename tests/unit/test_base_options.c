/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct target {
    bool ascii, brief;
    const char *out;
    int64_t now;
    int size[2];
    double speed;
};

static const struct option_row rows[] = {
    {"ascii", 'a', NULL, "draw with ASCII", OPTION_FLAG, offsetof(struct target, ascii)},
    {"brief", 'b', NULL, "less text", OPTION_FLAG, offsetof(struct target, brief)},
    {"now", 0, "MS", "the clock", OPTION_INT, offsetof(struct target, now)},
    {"output", 'o', "FORMAT", ".what to write - a \\ format", OPTION_TEXT, offsetof(struct target, out)},
    {"size", 's', "WxH", "cells", OPTION_SIZE, offsetof(struct target, size)},
    {"speed", 0, "X", "times real", OPTION_NUMBER, offsetof(struct target, speed)},
    {0},
};

enum { WORDS = 8 };

/* words: blank-separated. The copy lives until the next call, as argv would. */
static int parse(const char *words, struct target *t, struct err *e)
{
    static char copy[200];
    char *argv[WORDS + 2] = {"davy"};
    int argc = 1;
    strcpy(copy, words);
    for (char *word = strtok(copy, " "); word && argc <= WORDS; word = strtok(NULL, " "))
        argv[argc++] = word;
    *t = (struct target){0};
    return options_parse(rows, argc, argv, t, e);
}

static void values_come_attached_or_as_the_next_word(void **state)
{
    (void)state;
    struct target t;
    struct err e = {""};
    assert_int_equal(parse("--now=-5 --output text -s 80x24 --speed 2.5e1 -a word --brief", &t, &e), 9);
    assert_true(t.now == -5 && t.size[0] == 80 && t.size[1] == 24 && t.speed == 25 && t.ascii && !t.brief);
    assert_string_equal(t.out, "text");
    assert_int_equal(parse("-abojson rest", &t, &e), 2);
    assert_true(t.ascii && t.brief);
    assert_string_equal(t.out, "json");
    assert_int_equal(parse("--output= -o x=y", &t, &e), 4);
    assert_string_equal(t.out, "x=y");
}

static void parsing_stops_at_words_and_swallows_the_double_dash(void **state)
{
    (void)state;
    struct target t;
    struct err e = {""};
    assert_int_equal(parse("", &t, &e), 1);
    assert_int_equal(parse("check --brief", &t, &e), 1);
    assert_false(t.brief);
    assert_int_equal(parse("- --brief", &t, &e), 1);
    assert_int_equal(parse("-a -- --brief", &t, &e), 3);
    assert_true(t.ascii && !t.brief);
    assert_int_equal(parse("-o a -o b", &t, &e), 5);
    assert_string_equal(t.out, "b");
}

struct fault {
    const char *words, *sentence;
};

static void each_mistake_is_one_sentence_with_the_way_out(void **state)
{
    (void)state;
    static const struct fault cases[] = {
        {"--foo", "unknown option --foo; try --help"},
        {"--outptu=x", "unknown option --outptu; did you mean --output? (--help lists all)"},
        {"-x", "unknown option -x; try --help"},
        {"--out\x1b[31mput", "unknown option --output; try --help"},
        {"--ascii=1", "--ascii takes no value"},
        {"--now", "--now needs a whole number behind it"},
        {"-a -o", "--output needs text behind it"},
        {"--now=soon", "--now expects a whole number, not \"soon\""},
        {"--now=", "--now expects a whole number, not \"\""},
        {"--size 80", "--size expects a size such as 120x40, not \"80\""},
        {"--size 80x", "--size expects a size such as 120x40, not \"80x\""},
        {"--size 0x5", "--size expects a size such as 120x40, not \"0x5\""},
        {"--size 80x10001", "--size expects a size such as 120x40, not \"80x10001\""},
        {"--size 80x24x3", "--size expects a size such as 120x40, not \"80x24x3\""},
        {"--speed 1x", "--speed expects a number, not \"1x\""},
        {"--speed nan", "--speed expects a number, not \"nan\""},
        {"--speed 1e999", "--speed expects a number, not \"1e999\""},
        {"--speed 0x10", "--speed expects a number, not \"0x10\""},
        {"--speed -", "--speed expects a number, not \"-\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct target t;
        struct err e = {""};
        assert_int_equal(parse(cases[i].words, &t, &e), -1);
        assert_string_equal(e.text, cases[i].sentence);
    }
}

static char *printed(void (*print)(const struct option_row *, FILE *))
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    print(rows, out);
    fclose(out);
    return text;
}

static void the_help_is_one_aligned_line_a_row(void **state)
{
    (void)state;
    char *text = printed(options_help);
    assert_string_equal(text, "  -a, --ascii          draw with ASCII\n"
                              "  -b, --brief          less text\n"
                              "      --now MS         the clock\n"
                              "  -o, --output FORMAT  .what to write - a \\ format\n"
                              "  -s, --size WxH       cells\n"
                              "      --speed X        times real\n");
    free(text);
}

static void the_manual_holds_no_accidental_commands(void **state)
{
    (void)state;
    char *text = printed(options_manual);
    assert_non_null(strstr(text, ".TP\n\\fB\\-o\\fR, \\fB\\-\\-output\\fR \\fIFORMAT\\fR\n"
                                 "\\&.what to write \\- a \\e format\n"));
    assert_non_null(strstr(text, ".TP\n\\fB\\-\\-now\\fR \\fIMS\\fR\nthe clock\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_attached_or_as_the_next_word),
        cmocka_unit_test(parsing_stops_at_words_and_swallows_the_double_dash),
        cmocka_unit_test(each_mistake_is_one_sentence_with_the_way_out),
        cmocka_unit_test(the_help_is_one_aligned_line_a_row),
        cmocka_unit_test(the_manual_holds_no_accidental_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
