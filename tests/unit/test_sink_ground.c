/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What terminals say of their ground, and how the answer comes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "sink/curses_keys.h"
#include "sink/ground.h"
#include "view/key.h"

static void answers_are_light_or_dark_or_nothing(void **state)
{
    static const struct {
        const char *text;
        int want; /* -1: cannot be read */
    } cases[] = {
        {"rgb:ffff/ffff/ffff", 1},
        {"rgb:0000/0000/0000", 0},
        {"rgb:fd/f6/e3", 1},
        {"rgb:F/F/F", 1},
        {"rgb:0/2b/36", 0},
        {"rgba:eeee/eeee/ecec/ffff", 1},
        {"rgb:1e1e/1e1e/1e1e", 0},
        {"rgb:ffff/ffff", -1},
        {"rgb:ffff/ffff/", -1},
        {"rgb:zz/ff/ff", -1},
        {"?", -1},
        {"", -1},
        {"#ffffff", -1},
        {"rgb:0000/ffff/0000", 1},
        {"rgb:0000/0000/ffff", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool light = false;
        int got = ground_of_answer(cases[i].text, &light) ? light : -1;
        if (got != cases[i].want)
            fail_msg("%s: %d, not %d", cases[i].text, got, cases[i].want);
    }
}

static void the_environment_names_the_ground_last(void **state)
{
    static const struct {
        const char *text;
        int want;
    } cases[] = {
        {"15;0", 0},         {"0;15", 1}, {"0;7", 1},         {"7;8", 0}, {"0;default;15", 1},
        {"15;default;0", 0}, {NULL, -1},  {"15;default", -1}, {"", -1},   {"0;16", -1},
        {"0;-1", -1},        {"0;x", -1}, {"15", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool light = false;
        int got = ground_of_env(cases[i].text, &light) ? light : -1;
        if (got != cases[i].want)
            fail_msg("%s: %d, not %d", cases[i].text ? cases[i].text : "(none)", got, cases[i].want);
    }
}

/* The bytes, cut at one place where a moment passes; returns how many keys came of them. */
static int cut_at(struct keys *k, const char *bytes, size_t at)
{
    int count = 0;
    *k = (struct keys){.asked = true};
    keys_add(k, bytes, at);
    while (keys_next(k, false) != 0)
        count++;
    while (keys_next(k, true) != 0)
        count++;
    keys_quiet(k);
    keys_add(k, bytes + at, strlen(bytes) - at);
    while (keys_next(k, false) != 0)
        count++;
    return count;
}

static void an_answer_in_two_pieces_is_an_answer_and_no_key(void **state)
{
    static const char *const answers[] = {"\033]11;rgb:ffff/ffff/ffff\033\\", "\033]11;rgb:ff/ff/ff\a"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        for (size_t at = 0; at <= strlen(answers[i]); at++) {
            struct keys k;
            int keys = cut_at(&k, answers[i], at);
            assert_int_equal(keys, at == 1); /* a lone ESC is the key, whatever comes later */
            assert_int_equal(strncmp(k.answer, "rgb:ff", 6), 0);
            assert_false(k.asked);
            assert_false(keys_waiting(&k));
        }
    }
}

static void half_an_answer_keeps_no_key_for_long(void **state)
{
    struct keys k = {.asked = true};
    (void)state;
    keys_add(&k, "\033]11;rgb:ff", 11);
    assert_int_equal(keys_next(&k, true), 0);
    assert_true(keys_waiting(&k));
    keys_add(&k, "q", 1); /* cannot be part of it */
    assert_int_equal(keys_next(&k, true), 0);
    assert_false(keys_waiting(&k));
    keys_add(&k, "q", 1);
    assert_int_equal(keys_next(&k, false), 'q');
    assert_true(k.asked);
}

static void an_answer_that_nobody_asked_for_is_none(void **state)
{
    struct keys k = {.asked = false};
    (void)state;
    keys_add(&k, "\033]11;rgb:ff/ff/ff\a", 18);
    assert_int_equal(keys_next(&k, false), 0);
    assert_int_equal(k.answer[0], '\0');
    k.asked = true;
    keys_add(&k, "\033]10;rgb:ff/ff/ff\a\033]11;0123456789012345678901234567890123456789\a", 64);
    assert_int_equal(keys_next(&k, false), 0);
    assert_int_equal(k.answer[0], '\0');
    assert_true(k.asked);
}

/* However the bytes of an answer are mixed and cut: it comes to an end, and a key is a key again soon. */
static void mixed_pieces_never_swallow_keys_for_good(void **state)
{
    static const char pieces[] = "\033]11;rgba:/fF0\\\a[";
    uint32_t random = 1;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct keys k = {.asked = true};
        for (int i = 0; i < 40; i++) {
            char bytes[8];
            for (size_t n = 0; n < sizeof bytes; n++) {
                random = random * 1664525 + 1013904223;
                bytes[n] = pieces[(random >> 16) % (sizeof pieces - 1)];
            }
            keys_add(&k, bytes, (random >> 8) % sizeof bytes);
            while (keys_next(&k, false) != 0)
                ;
            while (keys_next(&k, true) != 0)
                ;
            assert_true(k.len <= KEYS_ANSWER);
        }
        keys_add(&k, "qq\a", 3); /* one of them may end what is no answer, the bell what is a string */
        while (keys_next(&k, true) != 0)
            ;
        keys_add(&k, "q", 1);
        assert_int_equal(keys_next(&k, true), 'q');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_light_or_dark_or_nothing),
        cmocka_unit_test(the_environment_names_the_ground_last),
        cmocka_unit_test(an_answer_in_two_pieces_is_an_answer_and_no_key),
        cmocka_unit_test(half_an_answer_keeps_no_key_for_long),
        cmocka_unit_test(an_answer_that_nobody_asked_for_is_none),
        cmocka_unit_test(mixed_pieces_never_swallow_keys_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
