/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of keyboards, terminals and clipboards; cut anywhere. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sink/curses_keys.h"
#include "view/key.h"

#include <stdlib.h>
#include <string.h>

static struct keys fresh(void)
{
    struct keys k = {.len = 0};
    keys_cap(&k, "\033OA", K_UP);
    keys_cap(&k, "\033[5~", K_PGUP);
    keys_cap(&k, "\t", K_BACKTAB); /* a terminal that names a control character: not taken */
    keys_cap(&k, NULL, K_END);
    return k;
}

static void gives(struct keys *k, const char *bytes, const int *want, size_t count)
{
    keys_add(k, bytes, strlen(bytes));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(keys_next(k, false), want[i]);
    assert_int_equal(keys_next(k, false), 0);
}

static void gives_one(const char *bytes, int want)
{
    struct keys k = fresh();
    gives(&k, bytes, &want, want != 0);
    assert_false(keys_waiting(&k));
}

static void characters_and_known_sequences_are_keys(void **state)
{
    (void)state;
    gives_one("q", 'q');
    gives_one("\xC3\xA9", 0xE9);
    gives_one("\xF0\x9F\xA6\x80", 0x1F980);
    gives_one("\r", K_ENTER);
    gives_one("\t", K_TAB);
    gives_one("\033OA", K_UP);
    gives_one("\033[A", K_UP);
    gives_one("\033[1;5B", K_DOWN);
    gives_one("\033[Z", K_BACKTAB);
    gives_one("\033[6~", K_PGDN);
    gives_one("\033[1~", K_HOME);
    gives_one("\033[8~", K_END);
    gives_one("\033OM", K_ENTER);
}

static void what_nobody_asked_for_is_no_key(void **state)
{
    (void)state;
    gives_one("\033[I", 0);                           /* focus */
    gives_one("\033[<0;10;20M", 0);                   /* mouse */
    gives_one("\033[M !!", 0);                        /* old mouse */
    gives_one("\033[Mqqq", 0);                        /* old mouse at q: not to be left by it */
    gives_one("\033]11;rgb:0000/0000/0000\033\\", 0); /* an answer */
    gives_one("\033]0;quit\a", 0);
    gives_one("\033P1$r0m\033\\", 0);
    gives_one("\033[?62;c", 0);
    gives_one("\033[24;5~", 0);
    gives_one("\xFF", 0);
}

static void function_keys_come_in_many_dialects(void **state)
{
    (void)state;
    gives_one("\033OP", K_F1);
    gives_one("\033OS", K_F1 + 3);
    gives_one("\033[11~", K_F1);
    gives_one("\033[15~", K_F1 + 4);
    gives_one("\033[17~", K_F1 + 5);
    gives_one("\033[24~", K_F12);
    gives_one("\033[[A", K_F1);
    gives_one("\033[[E", K_F1 + 4);
    gives_one("\033[[Z", 0);
    gives_one("\033[2~", K_INSERT);
    gives_one("\033[3~", K_DELETE);
    gives_one("\033[16~", 0);
}

static int mouse_of(const char *bytes)
{
    struct keys k = fresh();
    k.mouse = true;
    keys_add(&k, bytes, strlen(bytes));
    int key = keys_next(&k, true);
    assert_int_equal(keys_next(&k, true), 0);
    return key;
}

static void the_mouse_is_a_key_while_it_is_asked_for(void **state)
{
    (void)state;
    assert_int_equal(mouse_of("\033[<0;1;1M"), key_mouse(MOUSE_CLICK, 0, 0));
    assert_int_equal(mouse_of("\033[<0;300;200M"), key_mouse(MOUSE_CLICK, 299, 199));
    assert_int_equal(mouse_of("\033[<64;10;20M"), key_mouse(MOUSE_WHEEL_UP, 9, 19));
    assert_int_equal(mouse_of("\033[<65;10;20M"), key_mouse(MOUSE_WHEEL_DOWN, 9, 19));
    assert_int_equal(mouse_of("\033[<0;10;20m"), 0);  /* let go */
    assert_int_equal(mouse_of("\033[<2;10;20M"), 0);  /* another button */
    assert_int_equal(mouse_of("\033[<32;10;20M"), 0); /* moved */
    assert_int_equal(mouse_of("\033[<0;9999999999999999999999999999999999999;1M"), 0);
    assert_int_equal(mouse_of("\033[<0;-4;1M"), 0);
    assert_int_equal(mouse_of("\033[<0M"), 0);
    assert_int_equal(mouse_of("\033[Mq!!"), 0); /* an old report */
}

static void sequences_cut_in_pieces_wait_for_their_rest(void **state)
{
    (void)state;
    static const char all[] = "\033[6~\033OA\xC3\xA9q";
    static const int want[] = {K_PGDN, K_UP, 0xE9, 'q'};
    struct keys k = fresh();
    size_t got = 0;
    for (size_t i = 0; i < sizeof all - 1; i++) {
        keys_add(&k, &all[i], 1);
        for (int key; (key = keys_next(&k, false)) != 0; got++)
            assert_int_equal(key, want[got]);
    }
    assert_int_equal(got, 4);
}

static void a_lone_escape_is_a_key_once_nothing_follows(void **state)
{
    (void)state;
    struct keys k = fresh();
    keys_add(&k, "\033", 1);
    assert_int_equal(keys_next(&k, false), 0);
    assert_true(keys_waiting(&k));
    assert_int_equal(keys_next(&k, true), K_ESC);
    assert_false(keys_waiting(&k));
    keys_add(&k, "\033[", 2); /* half a sequence is none */
    assert_int_equal(keys_next(&k, true), 0);
    assert_false(keys_waiting(&k));
}

static void escape_and_the_next_key_may_arrive_together(void **state)
{
    (void)state;
    struct keys k = fresh();
    static const int want[] = {K_ESC, 'q'};
    gives(&k, "\033q", want, 2);
    static const int twice[] = {K_ESC, K_UP};
    gives(&k, "\033\033[A", twice, 2);
}

static void pasted_text_is_no_key(void **state)
{
    (void)state;
    static const int want[] = {'j', 'k'};
    struct keys k = fresh();
    gives(&k, "j\033[200~rm -rf / q q q\rq\033[201~k", want, 2);
    static const char all[] = "\033[200~qqq\033[20q\033[201~";
    k = fresh();
    for (size_t i = 0; i < sizeof all - 1; i++) {
        keys_add(&k, &all[i], 1);
        assert_int_equal(keys_next(&k, false), 0);
    }
    assert_false(k.pasting);
}

static void a_paste_larger_than_the_buffer_passes_by(void **state)
{
    (void)state;
    struct keys k = fresh();
    char block[512];
    memset(block, 'q', sizeof block);
    keys_add(&k, "\033[200~", 6);
    for (int i = 0; i < 2000; i++) {
        assert_true(keys_room(&k) >= sizeof block);
        keys_add(&k, block, sizeof block);
        assert_int_equal(keys_next(&k, false), 0);
    }
    int want = 'j';
    gives(&k, "\033[201~j", &want, 1);
}

static void a_burst_that_no_hand_can_type_is_a_paste_too(void **state)
{
    (void)state;
    struct keys k = fresh();
    char burst[KEYS_BURST + 1];
    memset(burst, 'q', KEYS_BURST);
    burst[KEYS_BURST] = '\0';
    gives(&k, burst, NULL, 0);
    gives(&k, "q", NULL, 0); /* its end */
    keys_quiet(&k);
    int want[KEYS_BURST - 1];
    for (int i = 0; i < KEYS_BURST - 1; i++)
        want[i] = 'q';
    gives(&k, burst + 1, want, KEYS_BURST - 1); /* held down over a slow line */
}

static void the_rest_of_a_sequence_that_comes_late_is_no_text(void **state)
{
    (void)state;
    static const char *const rest[] = {"OA", "[A", "[1;5A"};
    for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++) {
        struct keys k = fresh();
        keys_add(&k, "\033", 1);
        assert_int_equal(keys_next(&k, true), K_ESC); /* nothing followed for a while */
        int want = K_UP;
        gives(&k, rest[i], &want, 1);
        gives(&k, "[", (const int[]){'['}, 1);
    }
    struct keys k = fresh();
    keys_add(&k, "\033", 1);
    assert_int_equal(keys_next(&k, true), K_ESC);
    gives(&k, "j", (const int[]){'j'}, 1);
    gives(&k, "O", (const int[]){'O'}, 1); /* another key came between: text again */
}

static void random_bytes_come_to_an_end(void **state)
{
    (void)state;
    unsigned seed = 7;
    struct keys k = fresh();
    k.mouse = true;
    for (int i = 0; i < 200000; i++) {
        seed = seed * 1103515245u + 12345u;
        static const char likely[] = "\033[[]O;;~MPA0127<<\\\a\xC3\xA9\xF0";
        char byte = seed >> 31 ? likely[(seed >> 16) % (sizeof likely - 1)] : (char)(seed >> 20);
        if (keys_room(&k) == 0)
            k.len = 0;
        keys_add(&k, &byte, 1);
        for (int key; (key = keys_next(&k, (seed >> 24) % 8 == 0)) != 0;)
            assert_true((key > 0 && key <= K_F12) || (key >= K_MOUSE && key < key_mouse(MOUSE_WHEEL_DOWN + 1, 0, 0)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_and_known_sequences_are_keys),
        cmocka_unit_test(what_nobody_asked_for_is_no_key),
        cmocka_unit_test(function_keys_come_in_many_dialects),
        cmocka_unit_test(the_mouse_is_a_key_while_it_is_asked_for),
        cmocka_unit_test(sequences_cut_in_pieces_wait_for_their_rest),
        cmocka_unit_test(a_lone_escape_is_a_key_once_nothing_follows),
        cmocka_unit_test(escape_and_the_next_key_may_arrive_together),
        cmocka_unit_test(pasted_text_is_no_key),
        cmocka_unit_test(a_paste_larger_than_the_buffer_passes_by),
        cmocka_unit_test(a_burst_that_no_hand_can_type_is_a_paste_too),
        cmocka_unit_test(the_rest_of_a_sequence_that_comes_late_is_no_text),
        cmocka_unit_test(random_bytes_come_to_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
