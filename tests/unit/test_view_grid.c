/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/timetext.h"
#include "view/glyph.h"
#include "view_screen.h"

static struct arena arena;

static struct grid grid_of(int w, int h)
{
    return frame_grid(frame_new(&arena, w, h));
}

static const char *text_of(struct grid g)
{
    return screen_text(&arena, g.frame);
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void text_beyond_the_edge_is_clipped(void **state)
{
    struct grid g = grid_of(5, 1);
    (void)state;
    assert_int_equal(grid_text(g, 2, 0, STYLE_GOOD, "abcdef"), 5);
    assert_string_equal(text_of(g), "  abc\n");
    assert_int_equal(g.frame->cell[2].style, STYLE_GOOD);
    grid_text(g, 0, 1, STYLE_GOOD, "below");
    grid_text(g, 0, -1, STYLE_GOOD, "above");
    assert_string_equal(text_of(g), "  abc\n");
}

static void a_part_cannot_draw_outside_of_itself(void **state)
{
    struct grid g = grid_of(6, 3), part = grid_part(g, 2, 1, 2, 1);
    (void)state;
    grid_fill(part, -5, -5, 50, 50, STYLE_BAD, 'x');
    grid_text(part, 0, 0, STYLE_BAD, "yyyy");
    assert_string_equal(text_of(g), "      \n  yy  \n      \n");
    struct grid nothing = grid_part(part, 5, 5, 3, 3);
    assert_int_equal(nothing.w, 0);
    grid_text(nothing, 0, 0, STYLE_BAD, "z");
    assert_null(strchr(text_of(g), 'z'));
}

static void a_wide_character_that_would_be_cut_in_half_is_left_out(void **state)
{
    struct grid g = grid_of(4, 1);
    (void)state;
    grid_text(g, 1, 0, STYLE_NORMAL, "日本");
    assert_string_equal(text_of(g), " 日 \n");
    assert_int_equal(broken_cell(g.frame), -1);
}

static void overwriting_half_of_a_wide_character_blanks_the_other_half(void **state)
{
    struct grid g = grid_of(4, 1);
    (void)state;
    grid_text(g, 0, 0, STYLE_NORMAL, "日本");
    grid_put(g, 1, 0, STYLE_NORMAL, 'x');
    assert_string_equal(text_of(g), " x本\n");
    grid_put(g, 2, 0, STYLE_NORMAL, 'y');
    assert_string_equal(text_of(g), " xy \n");
    assert_int_equal(broken_cell(g.frame), -1);
}

static void control_characters_never_reach_a_cell(void **state)
{
    struct grid g = grid_of(4, 1);
    (void)state;
    grid_text(g, 0, 0, STYLE_NORMAL, "a\033\x01\x7f");
    assert_string_equal(text_of(g), "a···\n");
}

static void long_text_ends_with_an_ellipsis(void **state)
{
    struct grid g = grid_of(8, 2);
    (void)state;
    assert_int_equal(grid_text_cut(g, 1, 0, 5, STYLE_NORMAL, "abcdef"), 6);
    grid_text_cut(g, 1, 1, 6, STYLE_NORMAL, "日本語日");
    assert_string_equal(text_of(g), " abcd…  \n 日本…  \n");
}

static void names_that_differ_at_their_ends_stay_different(void **state)
{
    struct grid g = grid_of(10, 4);
    (void)state;
    grid_text_mid(g, 0, 0, 9, STYLE_NORMAL, "gemini-flash");
    grid_text_mid(g, 0, 1, 9, STYLE_NORMAL, "gemini-pr");
    grid_text_mid(g, 0, 2, 9, STYLE_NORMAL, "模型-大-很长的名字");
    grid_text_mid(g, 0, 3, 4, STYLE_NORMAL, "abcdefgh");
    assert_string_equal(text_of(g), "gemin…ash \ngemini-pr \n模型-…字  \nabc…      \n");
}

static void right_aligned_text_ends_before_its_column_and_is_clipped_left(void **state)
{
    struct grid g = grid_of(6, 2);
    (void)state;
    grid_text_right(g, 5, 0, STYLE_NORMAL, "123");
    grid_text_right(g, 4, 1, STYLE_NORMAL, "abcdef");
    assert_string_equal(text_of(g), "  123 \ncdef  \n");
}

static void words_wrap_at_blanks_and_long_words_anywhere(void **state)
{
    struct grid g = grid_of(6, 4);
    (void)state;
    assert_int_equal(grid_wrap(g, 0, 0, 6, 4, STYLE_NORMAL, "to be or abcdefgh"), 4);
    assert_string_equal(text_of(g), "to be \nor    \nabcdef\ngh    \n");
    assert_int_equal(text_rows("to be or abcdefgh", 6), 4);
    assert_int_equal(text_rows("", 6), 0);
    assert_int_equal(text_rows("日本語", 1), 3);
    assert_int_equal(text_rows("abc", 0), 0);
}

static void wrapped_text_that_does_not_fit_says_so(void **state)
{
    struct grid g = grid_of(6, 1);
    (void)state;
    assert_int_equal(grid_wrap(g, 0, 0, 6, 1, STYLE_NORMAL, "to be or not"), 1);
    assert_string_equal(text_of(g), "to be…\n");
}

static void an_overlong_format_is_cut_at_a_character(void **state)
{
    struct grid g = grid_of(3, 1);
    char text[1200];
    (void)state;
    memset(text, 'a', sizeof text);
    for (size_t i = 1; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "日", 3);
    text[sizeof text - 1] = '\0';
    struct grid far = grid_of(2000, 1);
    grid_textf(far, 0, 0, STYLE_NORMAL, "%s", text);
    assert_int_equal(broken_cell(far.frame), -1);
    assert_null(strstr(text_of(far), "\xEF\xBF\xBD"));
    grid_textf(g, 0, 0, STYLE_NORMAL, "%d", 12);
    assert_string_equal(text_of(g), "12 \n");
}

static void an_age_notes_when_it_will_read_differently(void **state)
{
    struct grid g = grid_of(3, 1);
    char age[32], later[32];
    (void)state;
    for (int64_t old = 0; old < 100 * INT64_C(3600000); old += 7777 + old / 9) {
        g.frame->next_ms = INT64_MAX;
        grid_age(g, age, old, 0);
        assert_true(g.frame->next_ms > old);
        assert_string_equal(age, age_text(later, g.frame->next_ms - 1));
        assert_string_not_equal(age, age_text(later, g.frame->next_ms));
    }
    assert_string_equal(grid_age(g, age, 5, NOT_KNOWN), "n/a");
}

static void a_countdown_notes_its_next_second_and_none_when_it_is_over(void **state)
{
    struct grid g = grid_of(3, 1);
    char text[32];
    (void)state;
    assert_string_equal(grid_countdown(g, text, 1000, 246300), "4:06");
    assert_int_equal(g.frame->next_ms, 1300);
    g.frame->next_ms = INT64_MAX;
    assert_string_equal(grid_countdown(g, text, 1000, 400), "0:00");
    assert_int_equal(g.frame->next_ms, INT64_MAX);
}

static void each_of_our_glyphs_has_a_plain_stand_in_of_its_width(void **state)
{
    static const enum glyph all[] = {GLYPH_ELLIPSIS,  GLYPH_DOT,       GLYPH_UP,     GLYPH_DOWN,      GLYPH_POINT,
                                     GLYPH_YES,       GLYPH_NO,        GLYPH_LINE,   GLYPH_HEAVY,     GLYPH_BAR,
                                     GLYPH_DASH,      GLYPH_AXIS,      GLYPH_EIGHTH, GLYPH_CORNER_TL, GLYPH_CORNER_TR,
                                     GLYPH_CORNER_BR, GLYPH_CORNER_BL, GLYPH_BRAILLE};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char32_t plain = glyph_ascii(all[i]);
        assert_true(plain >= ' ' && plain < 0x7F && plain != '?');
        assert_int_equal(cell_width(all[i]), 1);
    }
    assert_int_equal(glyph_ascii('x'), 'x');
    assert_int_equal(glyph_ascii(0x65E5), '?');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_beyond_the_edge_is_clipped),
        cmocka_unit_test(a_part_cannot_draw_outside_of_itself),
        cmocka_unit_test(a_wide_character_that_would_be_cut_in_half_is_left_out),
        cmocka_unit_test(overwriting_half_of_a_wide_character_blanks_the_other_half),
        cmocka_unit_test(control_characters_never_reach_a_cell),
        cmocka_unit_test(long_text_ends_with_an_ellipsis),
        cmocka_unit_test(names_that_differ_at_their_ends_stay_different),
        cmocka_unit_test(right_aligned_text_ends_before_its_column_and_is_clipped_left),
        cmocka_unit_test(words_wrap_at_blanks_and_long_words_anywhere),
        cmocka_unit_test(wrapped_text_that_does_not_fit_says_so),
        cmocka_unit_test(an_overlong_format_is_cut_at_a_character),
        cmocka_unit_test(an_age_notes_when_it_will_read_differently),
        cmocka_unit_test(a_countdown_notes_its_next_second_and_none_when_it_is_over),
        cmocka_unit_test(each_of_our_glyphs_has_a_plain_stand_in_of_its_width),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
