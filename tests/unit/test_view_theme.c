/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "view/palette.h"
#include "view/theme.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct theme *decode(const char *text, struct err *e)
{
    return theme_decode(&arena, bytes_of(text), "my.toml", e);
}

static struct bytes file_bytes(const char *path)
{
    static char text[1 << 16];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    struct bytes b = {text, fread(text, 1, sizeof text, f)};
    fclose(f);
    return b;
}

static void the_shipped_lamp_is_the_built_in_one(void **state)
{
    struct err e = {""};
    const struct theme *t = theme_decode(&arena, file_bytes(SOURCE_DIR "/themes/lamp.toml"), "lamp.toml", &e);
    (void)state;
    assert_string_equal(e.text, "");
    assert_non_null(t);
    assert_string_equal(t->help, theme_lamp.help);
    for (int i = 0; i < STYLE_COUNT; i++) {
        const struct look *a = &t->look[i], *b = &theme_lamp.look[i];
        bool same = a->rgb == b->rgb && a->rgb_bg == b->rgb_bg && a->c256 == b->c256 && a->bg256 == b->bg256 &&
                    a->c16 == b->c16 && a->bg16 == b->bg16 && a->c8 == b->c8 && a->bg8 == b->bg8 &&
                    a->attr == b->attr && a->mono == b->mono;
        if (!same)
            fail_msg("style %s differs from themes/lamp.toml", style_rows[i].name);
    }
}

static void styles_have_their_own_names_and_letters(void **state)
{
    (void)state;
    for (int i = 0; i < STYLE_COUNT; i++) {
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(style_rows[i].name, style_rows[k].name);
            assert_int_not_equal(style_rows[i].letter, style_rows[k].letter);
        }
    }
    assert_string_equal(style_rows[STYLE_BAD_BADGE].name, "bad_badge");
}

static void nothing_but_badges_has_a_background(void **state)
{
    (void)state;
    for (int i = 0; i < STYLE_COUNT; i++) {
        bool badge = strstr(style_rows[i].name, "badge") != NULL;
        assert_int_equal(theme_lamp.look[i].rgb_bg != -1, badge);
        assert_int_equal(theme_lamp.look[i].bg8 != -1, badge);
    }
}

static void severities_differ_without_colours(void **state)
{
    (void)state;
    assert_int_not_equal(theme_lamp.look[STYLE_BAD_BADGE].mono, theme_lamp.look[STYLE_WARN_BADGE].mono);
    assert_int_not_equal(theme_lamp.look[STYLE_WARN_BADGE].mono, theme_lamp.look[STYLE_GOOD_BADGE].mono);
    assert_int_not_equal(theme_lamp.look[STYLE_BAD].mono, theme_lamp.look[STYLE_GOOD].mono);
}

static void a_style_that_is_not_named_looks_as_in_lamp(void **state)
{
    struct err e = {""};
    const struct theme *t = decode("[styles]\ngood = {fg = \"#00ff00\", bold = true, mono = \"bold underline\"}\n", &e);
    (void)state;
    assert_non_null(t);
    assert_string_equal(t->name, "my.toml");
    assert_int_equal(t->look[STYLE_GOOD].rgb, 0x00FF00);
    assert_int_equal(t->look[STYLE_GOOD].c256, 46);
    assert_int_equal(t->look[STYLE_GOOD].c16, 10);
    assert_int_equal(t->look[STYLE_GOOD].c8, 2);
    assert_int_equal(t->look[STYLE_GOOD].rgb_bg, -1);
    assert_int_equal(t->look[STYLE_GOOD].attr, LOOK_BOLD);
    assert_int_equal(t->look[STYLE_GOOD].mono, LOOK_BOLD | LOOK_UNDERLINE);
    assert_memory_equal(&t->look[STYLE_BAD], &theme_lamp.look[STYLE_BAD], sizeof(struct look));
}

static void an_index_is_taken_as_it_is_and_overrides_win(void **state)
{
    struct err e = {""};
    const struct theme *t = decode("[styles]\nwarn = {fg = 208, bg = \"default\", fg16 = 3, fg8 = -1}\n", &e);
    (void)state;
    assert_non_null(t);
    assert_int_equal(t->look[STYLE_WARN].c256, 208);
    assert_int_equal(t->look[STYLE_WARN].rgb, 0xFF8700);
    assert_int_equal(t->look[STYLE_WARN].c16, 3);
    assert_int_equal(t->look[STYLE_WARN].c8, -1);
    assert_int_equal(t->look[STYLE_WARN].bg256, -1);
}

static void each_mistake_gets_a_sentence_that_names_it(void **state)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"", "my.toml: expected a table [styles]"},
        {"styles = 3", "my.toml: expected a table [styles]"},
        {"[styles]\nnice = {fg = 1}", "my.toml line 2: no style is called nice; themes/lamp.toml has them all"},
        {"[styles]\ngood = 3", "my.toml line 2: style good: expected a table like {fg = \"#ffaf5f\", bold = true}"},
        {"[styles]\ngood = {fg = \"red\"}", "my.toml line 2: style good: fg must be \"#rrggbb\", 0 to 255, or \"default\""},
        {"[styles]\ngood = {fg = \"#12345g\"}",
         "my.toml line 2: style good: fg must be \"#rrggbb\", 0 to 255, or \"default\""},
        {"[styles]\ngood = {bg = 256}", "my.toml line 2: style good: bg must be \"#rrggbb\", 0 to 255, or \"default\""},
        {"[styles]\ngood = {fg8 = 8}", "my.toml line 2: style good: fg8 must be a number from -1 to 7"},
        {"[styles]\ngood = {bold = 1}", "my.toml line 2: style good: bold must be true or false"},
        {"[styles]\ngood = {mono = \"bolt\"}", "my.toml line 2: style good: mono knows bold, dim, reverse and underline only"},
        {"[styles]\ngood = {mono = 1}", "my.toml line 2: style good: mono must be words like \"bold reverse\""},
        {"help = 3\n[styles]", "my.toml line 1: help must be a text in quotes"},
        {"help = \"x\"\nground = \"black\"\n[styles]", "my.toml line 2: ground must be \"dark\", \"light\" or \"any\""},
        {"[styles]\n[style]", "my.toml line 2: no such key: style; a theme has help, ground and [styles]"},
        {"[styles]\ngood = {colour = 1}", "my.toml line 2: style good: no such key: colour"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {""};
        assert_null(decode(cases[i].text, &e));
        assert_string_equal(e.text, cases[i].sentence);
    }
    struct err e = {""};
    assert_null(decode("[styles\n", &e));
    assert_non_null(strstr(e.text, "my.toml"));
}

static void soft_colours_keep_their_hue_in_small_palettes(void **state)
{
    (void)state;
    assert_int_equal(palette_16(0xAF5F5F), 1);
    assert_int_equal(palette_16(0x87AF5F) & 2, 2);
    assert_int_equal(palette_16(0x5F87AF) & 4, 4);
    assert_int_equal(palette_16(0x585858), 8);
    assert_int_equal(palette_8(0x585858), 7);
    assert_int_equal(palette_8(0x000000), 0);
    assert_int_equal(palette_8(0xFFFFFF), 7);
    assert_int_equal(palette_256(-1), -1);
    for (int i = 16; i < 256; i++)
        assert_int_equal(palette_rgb(palette_256(palette_rgb(i))), palette_rgb(i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_lamp_is_the_built_in_one),
        cmocka_unit_test(styles_have_their_own_names_and_letters),
        cmocka_unit_test(nothing_but_badges_has_a_background),
        cmocka_unit_test(severities_differ_without_colours),
        cmocka_unit_test(a_style_that_is_not_named_looks_as_in_lamp),
        cmocka_unit_test(an_index_is_taken_as_it_is_and_overrides_win),
        cmocka_unit_test(each_mistake_gets_a_sentence_that_names_it),
        cmocka_unit_test(soft_colours_keep_their_hue_in_small_palettes),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
