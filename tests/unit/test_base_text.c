/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <utf8proc.h>

static void every_character_survives_encoding_and_decoding(void **state)
{
    (void)state;
    for (char32_t c = 0; c <= 0x10ffff; c++) {
        char text[4];
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        struct bytes rest = {text, utf8_put(text, c)};
        assert_true(utf8_next(&rest) == c && rest.len == 0);
    }
}

/* Every run of three bytes: the same verdict as utf8proc, which was written by others. */
static void decoding_agrees_with_utf8proc_on_all_short_runs(void **state)
{
    (void)state;
    for (unsigned v = 0; v < 1u << 24; v += v < 1u << 23 ? 1021 : 1) {
        unsigned char text[4] = {(unsigned char)(v >> 16), (unsigned char)(v >> 8), (unsigned char)v, 0x80};
        utf8proc_int32_t want;
        utf8proc_ssize_t len = utf8proc_iterate(text, 4, &want);
        struct bytes rest = {(const char *)text, 4};
        char32_t got = utf8_next(&rest);
        if (got != (len < 0 ? 0xfffd : (char32_t)want) || 4 - rest.len != (len < 0 ? 1 : (size_t)len))
            fail_msg("bytes %06x: got U+%04X, %zu left", v, got, rest.len);
    }
}

struct gate_case {
    const char *raw, *safe;
};

static void check_gate(const struct gate_case *cases, size_t count)
{
    struct arena a = {0};
    for (size_t i = 0; i < count; i++)
        assert_string_equal(text_safe(&a, bytes_of(cases[i].raw), 0), cases[i].safe);
    arena_release(&a);
}

static void escape_sequences_go_as_a_whole_and_controls_become_dots(void **state)
{
    (void)state;
    static const struct gate_case cases[] = {
        {"plain", "plain"},
        {"\x1b[31mred\x1b[0m", "red"},
        {"\x1b[?1049h\x1b[2J\x1b[1;1Hx", "x"},
        {"\x1b]0;title\x07x", "x"},
        {"\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\", "link"},
        {"\xc2\x9d"
         "0;title\xc2\x9cx",
         "x"},
        {"\xc2\x9b"
         "31mred",
         "red"},
        {"\x1bP1$r0m\x1b\\x", "x"},
        {"\x1b(0lqk\x1b(B", "lqk"},
        {"\x1b"
         "c\x1b=\x1b>x",
         "x"},
        {"a\x1b", "a\xc2\xb7"},
        {"\x1b\x1b[1mx", "\xc2\xb7x"},
        {"\x1b]0;never closed", "0;never closed"},
        {"\x1b]0;a\nb\x07", "0;a b\xc2\xb7"},
        {"\x1b[31\x01m", "31\xc2\xb7m"},
        {"a\x07"
         "b\x7f"
         "c\xc2\x85"
         "d",
         "a\xc2\xb7"
         "b\xc2\xb7"
         "c\xc2\xb7"
         "d"},
        {"a\tb\nc\r\nd\n\n\te", "a b c d e"},
        {"a\xe2\x80\xa8"
         "b",
         "a b"},
    };
    check_gate(cases, sizeof cases / sizeof *cases);
}

static void bidi_zero_width_and_look_changing_characters_vanish(void **state)
{
    (void)state;
    static const struct gate_case cases[] = {
        {"a\xe2\x80\xae"
         "b\xe2\x80\xac",
         "ab"}, /* RLO, PDF */
        {"a\xe2\x81\xa6"
         "b\xe2\x81\xa9\xd8\x9c",
         "ab"}, /* LRI, PDI, ALM */
        {"a\xe2\x80\x8b"
         "b\xef\xbb\xbf"
         "c\xc2\xad"
         "d",
         "abcd"},                                     /* ZWSP, BOM, soft hyphen */
        {"\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4"}, /* VS16 */
        {"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", "\xf0\x9f\x91\xa9\xf0\x9f\x92\xbb"}, /* ZWJ */
        {"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", "\xf0\x9f\x91\x8d"},                             /* skin tone */
        {"\xe3\x85\xa4x\xe1\x85\xa0", "x"},                                                   /* Hangul fillers */
        {"\xf3\xa0\x81\x81x", "x"},                                                           /* tag character */
    };
    check_gate(cases, sizeof cases / sizeof *cases);
}

static void marks_compose_or_go(void **state)
{
    (void)state;
    static const struct gate_case cases[] = {
        {"e\xcc\x81", "\xc3\xa9"},
        {"e\xe2\x80\x8d\xcc\x81", "e"}, /* nothing to compose with: a joiner between */
        {"x\xcc\x81", "x"},
        {"\xcc\x81x", "x"},
        {"Z\xcc\x82\xcc\xa7\xcc\x81", "\xe1\xba\x90"},
        {"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c"}, /* Hangul jamo */
        {"\xe2\x84\xab", "\xc3\x85"},                             /* the Angstrom sign is a letter */
        {"\xe0\xa5\x98", "\xe0\xa4\x95"},                         /* decomposes and never composes again */
    };
    check_gate(cases, sizeof cases / sizeof *cases);
}

static void what_nobody_can_draw_is_replaced(void **state)
{
    (void)state;
    static const struct gate_case cases[] = {
        {"a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"\xed\xa0\xbe", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* an encoded surrogate */
        {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                 /* overlong */
        {"\xee\x80\x80", "\xef\xbf\xbd"},                         /* private use */
        {"\xcd\xb8", "\xef\xbf\xbd"},                             /* unassigned */
        {"\xf0\x9f", "\xef\xbf\xbd\xef\xbf\xbd"},                 /* cut */
    };
    check_gate(cases, sizeof cases / sizeof *cases);
    struct arena a = {0};
    assert_string_equal(text_safe(&a, (struct bytes){"a\0b", 3}, 0), "a\xc2\xb7"
                                                                     "b");
    assert_string_equal(text_safe(&a, (struct bytes){0}, 0), "");
    arena_release(&a);
}

static void a_cut_never_halves_a_wide_character_and_always_shows(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        size_t cells;
        const char *safe;
    } cases[] = {
        {"abcdef", 6, "abcdef"},
        {"abcdef", 5, "abcd\xe2\x80\xa6"},
        {"abcdef", 1, "\xe2\x80\xa6"},
        {"\xe7\xac\xac\xe8\xbd\xae", 4, "\xe7\xac\xac\xe8\xbd\xae"},
        {"\xe7\xac\xac\xe8\xbd\xae", 3, "\xe7\xac\xac\xe2\x80\xa6"},
        {"\xe7\xac\xac\xe8\xbd\xae", 2, "\xe2\x80\xa6"},
        {"\xe7\xac\xac", 1, "\xe2\x80\xa6"},
        {"ab\xcc\x81\xcc\x81", 2, "ab"},
    };
    struct arena a = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(text_safe(&a, bytes_of(cases[i].raw), cases[i].cells), cases[i].safe);
    arena_release(&a);
}

/* Each on its own and between two letters, so that composing gets its chance. */
static void every_character_leaves_the_gate_as_one_or_two_cells_and_stays(void **state)
{
    (void)state;
    struct arena a = {0};
    for (char32_t c = 0; c <= 0x10ffff; c++) {
        char text[6] = "e";
        size_t len = 1 + utf8_put(text + 1, c);
        text[len++] = 'e';
        const char *safe = text_safe(&a, (struct bytes){text, len}, 0);
        for (struct bytes rest = bytes_of(safe); rest.len;) {
            char32_t out = utf8_next(&rest);
            utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)out);
            if (cell_width(out) < 1 || cell_width(out) > 2 || k == UTF8PROC_CATEGORY_CC || k == UTF8PROC_CATEGORY_CF ||
                k == UTF8PROC_CATEGORY_CN || k == UTF8PROC_CATEGORY_CO || k == UTF8PROC_CATEGORY_MN)
                fail_msg("U+%04X lets U+%04X out", c, out);
        }
        if (strcmp(text_safe(&a, bytes_of(safe), 0), safe) != 0)
            fail_msg("U+%04X is not stable", c);
        arena_reset(&a);
    }
    arena_release(&a);
}

static void a_megabyte_of_marks_takes_no_time(void **state)
{
    (void)state;
    enum { MARKS = 300000 };
    struct arena a = {0};
    char *text = arena_alloc(&a, MARKS * 2 + 1);
    text[0] = 'a';
    for (size_t i = 0; i < MARKS; i++)
        memcpy(text + 1 + i * 2, i % 2 ? "\xcc\x96" : "\xcc\x81", 2);
    assert_string_equal(text_safe(&a, (struct bytes){text, MARKS * 2 + 1}, 0), "\xc3\xa1");
    arena_release(&a);
}

static void unclosed_sequences_do_not_make_it_slow(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    struct arena a = {0};
    char *text = arena_alloc(&a, COUNT * 2);
    for (size_t i = 0; i < COUNT; i++)
        memcpy(text + i * 2, "\x1b]", 2);
    assert_string_equal(text_safe(&a, (struct bytes){text, COUNT * 2}, 0), "");
    for (size_t i = 0; i < COUNT; i++)
        memcpy(text + i * 2, "\xc2\x90", 2);
    assert_string_equal(text_safe(&a, (struct bytes){text, COUNT * 2}, 0), "");
    arena_release(&a);
}

static void a_cut_text_costs_no_more_than_what_is_shown(void **state)
{
    (void)state;
    enum { LEN = 20 << 20 };
    struct arena a = {0};
    char *text = malloc(LEN);
    assert_non_null(text);
    memset(text, '\xff', LEN);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(text_width(text_safe(&a, (struct bytes){text, LEN}, 80)), 80);
    free(text);
    arena_release(&a);
}

static void widths_are_those_of_a_terminal(void **state)
{
    (void)state;
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("\xe7\xac\xac"
                                "1\xe8\xbd\xae\xe6\xa3\x80\xe6\x9f\xa5"),
                     9);
    assert_int_equal(text_width("\xf0\x9f\x9a\x80"), 2);
    assert_int_equal(cell_width(0x301), 0);
    assert_int_equal(cell_width(0x200b), 0);
    assert_int_equal(cell_width(0x7), 1);
    assert_int_equal(cell_width(0x2588), 1);
    assert_int_equal(cell_width(0x28ff), 1);
    assert_int_equal(cell_width(0x110000), 1);
    assert_int_equal(cell_width(0xd800), 1);
}

/* A lone mark in front is dropped, but sends the text the long way through composing. */
static void composing_is_left_out_only_where_it_changes_nothing(void **state)
{
    (void)state;
    for (char32_t c = 0x80; c < 0x20000; c++) {
        char text[16] = "\xcc\x81 e";
        size_t len = 4;
        len += utf8_put(text + len, c);
        text[len++] = 'o';
        len += utf8_put(text + len, c);
        struct arena a = {0};
        const char *slow = text_safe(&a, (struct bytes){text, len}, 0);
        const char *fast = text_safe(&a, (struct bytes){text + 2, len - 2}, 0);
        if (strcmp(slow, fast) != 0)
            fail_msg("U+%04X: %s or %s", (unsigned)c, slow, fast);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_survives_encoding_and_decoding),
        cmocka_unit_test(decoding_agrees_with_utf8proc_on_all_short_runs),
        cmocka_unit_test(escape_sequences_go_as_a_whole_and_controls_become_dots),
        cmocka_unit_test(bidi_zero_width_and_look_changing_characters_vanish),
        cmocka_unit_test(marks_compose_or_go),
        cmocka_unit_test(what_nobody_can_draw_is_replaced),
        cmocka_unit_test(a_cut_never_halves_a_wide_character_and_always_shows),
        cmocka_unit_test(every_character_leaves_the_gate_as_one_or_two_cells_and_stays),
        cmocka_unit_test(a_megabyte_of_marks_takes_no_time),
        cmocka_unit_test(unclosed_sequences_do_not_make_it_slow),
        cmocka_unit_test(a_cut_text_costs_no_more_than_what_is_shown),
        cmocka_unit_test(widths_are_those_of_a_terminal),
        cmocka_unit_test(composing_is_left_out_only_where_it_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
