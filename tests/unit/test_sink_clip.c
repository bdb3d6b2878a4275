/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sink/clip.h"

#include <string.h>

static struct arena arena;

static int clean(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void gives(const char *text, enum clip_way way, const char *want)
{
    size_t taken;
    struct bytes got = clip_bytes(&arena, bytes_of(text), way, &taken);
    assert_int_equal(taken, strlen(text));
    assert_int_equal(got.len, strlen(want));
    assert_memory_equal(got.at, want, got.len);
}

static void the_text_goes_as_base64(void **state)
{
    (void)state;
    gives("", CLIP_PLAIN, "\033]52;c;\a");
    gives("f", CLIP_PLAIN, "\033]52;c;Zg==\a");
    gives("fo", CLIP_PLAIN, "\033]52;c;Zm8=\a");
    gives("foo", CLIP_PLAIN, "\033]52;c;Zm9v\a");
    gives("foob\xFF\xFE", CLIP_PLAIN, "\033]52;c;Zm9vYv/+\a");
}

static void tmux_gets_it_for_itself_and_for_the_terminal_outside(void **state)
{
    (void)state;
    gives("hi", CLIP_TMUX, "\033]52;c;aGk=\a\033Ptmux;\033\033]52;c;aGk=\a\033\\");
}

/* What screen hands on: its strings without their wrapping. */
static struct bytes unwrapped(struct bytes in)
{
    char *out = arena_alloc(&arena, in.len + 1), *at = out;
    while (in.len > 0) {
        assert_true(bytes_cut(&in, "\033P"));
        size_t end = bytes_find(in, "\033\\");
        assert_true(end <= 256);
        memcpy(at, in.at, end);
        at += end;
        in = bytes_from(in, end + 2);
    }
    return (struct bytes){out, (size_t)(at - out)};
}

static void screen_gets_it_in_pieces_that_join_to_the_whole(void **state)
{
    (void)state;
    char text[5000];
    memset(text, 'x', sizeof text);
    size_t taken;
    struct bytes all = {text, sizeof text}, plain = clip_bytes(&arena, all, CLIP_PLAIN, &taken);
    struct bytes joined = unwrapped(clip_bytes(&arena, all, CLIP_SCREEN, &taken));
    assert_true(bytes_equal(plain, joined));
}

static void what_is_too_long_is_cut_before_a_character_and_says_how_much_went(void **state)
{
    (void)state;
    size_t len = CLIP_MOST + 100, taken;
    char *text = arena_alloc(&arena, len);
    memset(text, 'a', len);
    clip_bytes(&arena, (struct bytes){text, len}, CLIP_PLAIN, &taken);
    assert_int_equal(taken, CLIP_MOST);
    memcpy(text + CLIP_MOST - 1, "\xC3\xA9", 2); /* its second byte would be cut off */
    struct bytes got = clip_bytes(&arena, (struct bytes){text, len}, CLIP_PLAIN, &taken);
    assert_int_equal(taken, CLIP_MOST - 1);
    assert_true(got.len <= 100000 + 8);
}

static void the_way_is_told_by_the_environment(void **state)
{
    (void)state;
    assert_int_equal(clip_way_of(NULL, NULL, "xterm-256color"), CLIP_PLAIN);
    assert_int_equal(clip_way_of("/tmp/tmux-0/default,1,0", NULL, "screen-256color"), CLIP_TMUX);
    assert_int_equal(clip_way_of(NULL, NULL, "tmux-256color"), CLIP_TMUX); /* on the other side of ssh */
    assert_int_equal(clip_way_of("", "1234.pts-0.rig", "screen"), CLIP_SCREEN);
    assert_int_equal(clip_way_of(NULL, "", NULL), CLIP_PLAIN);
}

static void notices_are_wrapped_and_a_bell_is_not(void **state)
{
    (void)state;
    struct bytes bell = clip_notice(&arena, "bell", "rig: down", CLIP_TMUX);
    assert_true(bytes_is(bell, "\a"));
    assert_true(bytes_is(clip_notice(&arena, "osc9", "rig: down", CLIP_PLAIN), "\033]9;rig: down\a"));
    assert_true(bytes_is(clip_notice(&arena, "osc777", "rig: down", CLIP_PLAIN), "\033]777;notify;davy;rig: down\a"));
    assert_true(bytes_is(clip_notice(&arena, "osc9", "x", CLIP_TMUX), "\033Ptmux;\033\033]9;x\a\033\\"));
    assert_true(bytes_is(clip_notice(&arena, "osc9", "x", CLIP_SCREEN), "\033P\033]9;x\a\033\\"));
    assert_int_equal(clip_notice(&arena, "smoke", "x", CLIP_PLAIN).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_text_goes_as_base64, clean),
        cmocka_unit_test_teardown(tmux_gets_it_for_itself_and_for_the_terminal_outside, clean),
        cmocka_unit_test_teardown(screen_gets_it_in_pieces_that_join_to_the_whole, clean),
        cmocka_unit_test_teardown(what_is_too_long_is_cut_before_a_character_and_says_how_much_went, clean),
        cmocka_unit_test(the_way_is_told_by_the_environment),
        cmocka_unit_test_teardown(notices_are_wrapped_and_a_bell_is_not, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
