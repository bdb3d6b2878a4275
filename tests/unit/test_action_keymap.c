/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "action/key_name.h"
#include "action/keymap.h"
#include "view/key.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;
static char said[1000];

static int clean(void **state)
{
    (void)state;
    arena_release(&arena);
    said[0] = '\0';
    return 0;
}

static void hear(void *ctx, const char *key, const char *sentence)
{
    assert_null(ctx);
    snprintf(said + strlen(said), sizeof said - strlen(said), "[%s] %s\n", key, sentence);
}

static struct keymap made(const struct key_setting *set, size_t count)
{
    struct keymap k;
    struct settings s = *settings_default();
    s.key = set;
    s.key_count = count;
    keymap_make(&k, &s, hear, NULL);
    return k;
}

static const struct action *by_id(const char *id)
{
    const struct action *a = actions;
    while (a->run != NULL && strcmp(a->id, id) != 0)
        a++;
    return a;
}

static bool is(const struct action *a, const char *id)
{
    return a != NULL && strcmp(a->id, id) == 0;
}

static void every_name_of_a_key_leads_back_to_it(void **state)
{
    (void)state;
    static const int keys[] = {'a',  'Z',       '?',      0xE9, K_TAB, K_ENTER,  K_ESC,    K_BACKSPACE, ' ',
                               K_UP, K_BACKTAB, K_DELETE, K_F1, K_F12, K_CTRL_L, K_CTRL_C, K_CTRL_Z};
    char name[KEY_NAME];
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        assert_int_equal(key_by_name(bytes_of(key_name(name, keys[i]))), keys[i]);
    assert_int_equal(key_by_name(bytes_of("Ctrl-x")), 'X' - '@');
    assert_int_equal(key_by_name(bytes_of("Comma")), ',');
    assert_int_equal(key_by_name(bytes_of("Click@12:3")), key_mouse(MOUSE_CLICK, 12, 3));
}

static void what_is_no_key_has_no_number(void **state)
{
    (void)state;
    static const char *const names[] = {"",           "F0",           "F13",  "Qux",  "^",
                                        "Ctrl-",      "Ctrl-1",       "ab",   "\xFF", "Click@1",
                                        "Click@-1:2", "Click@9999:2", "\x01", "F"};
    for (size_t i = 0; i + 1 < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], "^") != 0)
            assert_int_equal(key_by_name(bytes_of(names[i])), 0);
    assert_int_equal(key_by_name(bytes_of("F")), 'F');
    assert_int_equal(key_by_name(bytes_of("^")), '^');
}

static void every_action_has_an_id_of_its_own(void **state)
{
    (void)state;
    for (const struct action *a = actions; a->run != NULL; a++)
        assert_ptr_equal(by_id(a->id), a);
}

static void without_settings_the_keys_of_the_table_are_in_force(void **state)
{
    (void)state;
    struct keymap k = made(NULL, 0);
    size_t count = 0;
    for (const struct action *a = actions; a->run != NULL; a++) {
        for (int i = 0; i < ACTION_KEYS && a->key[i] != 0; i++, count++)
            assert_ptr_equal(keymap_find(&k, a->key[i]), a);
        count += a->digits ? 9 : 0;
    }
    assert_int_equal(k.count, count); /* nothing was left out for want of room */
    assert_true(is(keymap_find(&k, '7'), "pane"));
    assert_null(keymap_find(&k, K_F1 + 6));
    assert_string_equal(said, "");
}

static void a_setting_takes_the_place_of_all_keys_of_the_action(void **state)
{
    (void)state;
    static const struct key_setting set[] = {{"pause", {"F9", "P"}, 2, 4}, {"up", {NULL}, 0, 5}};
    struct keymap k = made(set, 2);
    assert_string_equal(said, "");
    assert_true(is(keymap_find(&k, K_F1 + 8), "pause") && is(keymap_find(&k, 'P'), "pause"));
    assert_null(keymap_find(&k, 'p'));
    assert_null(keymap_find(&k, K_UP));
    assert_string_equal(keymap_keys(&arena, &k, by_id("pause")), "F9, P");
    assert_string_equal(keymap_keys(&arena, &k, by_id("up")), "");
}

static void a_key_that_another_action_gave_up_is_free(void **state)
{
    (void)state;
    static const struct key_setting set[] = {{"help", {"p"}, 1, 2}, {"pause", {"?"}, 1, 3}};
    struct keymap k = made(set, 2);
    assert_string_equal(said, "");
    assert_true(is(keymap_find(&k, 'p'), "help") && is(keymap_find(&k, '?'), "pause"));
}

static void leaving_is_always_possible(void **state)
{
    (void)state;
    static const struct key_setting set[] = {{"quit", {NULL}, 0, 2}, {"copy", {"^C"}, 1, 3}};
    struct keymap k = made(set, 2);
    assert_true(is(keymap_find(&k, K_CTRL_C), "quit"));
    assert_non_null(strstr(said, "[keys.copy]"));
}

static void all_that_is_wrong_is_said_with_its_key(void **state)
{
    (void)state;
    static const struct key_setting set[] = {
        {"quti", {"F10"}, 1, 2}, {"pause", {"Tab"}, 1, 3}, {"zoom", {"Qux"}, 1, 4},
        {"help", {"F1"}, 1, 5},  {"top", {"F1"}, 1, 6},    {"pane", {"F2"}, 1, 7},
    };
    made(set, 6);
    assert_non_null(strstr(said, "[keys.quti] keys.quti: no action is called so; did you mean keys.quit?\n"));
    assert_non_null(strstr(said, "[keys.pause] keys.pause: the key Tab is that of next-pane"));
    assert_non_null(strstr(said, "[keys.zoom] keys.zoom: no key is called \"Qux\""));
    assert_non_null(strstr(said, "[keys.top] keys.top: the key F1 is already that of keys.help in line 5\n"));
    assert_non_null(strstr(said, "[keys.pane] keys.pane: its keys are the digits"));
}

static void hints_tell_the_keys_in_force(void **state)
{
    (void)state;
    static const struct key_setting set[] = {{"quit", {"F10"}, 1, 2}};
    struct keymap k = made(set, 1);
    struct ui ui = {.w = 80};
    action_hints(&arena, &ui, &k);
    for (int i = 0; i < ui.hint_count; i++)
        if (strcmp(ui.hint[i].id, "quit") == 0)
            assert_string_equal(ui.hint[i].key, "F10, ^C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_of_a_key_leads_back_to_it),
        cmocka_unit_test(what_is_no_key_has_no_number),
        cmocka_unit_test(every_action_has_an_id_of_its_own),
        cmocka_unit_test_teardown(without_settings_the_keys_of_the_table_are_in_force, clean),
        cmocka_unit_test_teardown(a_setting_takes_the_place_of_all_keys_of_the_action, clean),
        cmocka_unit_test_teardown(a_key_that_another_action_gave_up_is_free, clean),
        cmocka_unit_test_teardown(leaving_is_always_possible, clean),
        cmocka_unit_test_teardown(all_that_is_wrong_is_said_with_its_key, clean),
        cmocka_unit_test_teardown(hints_tell_the_keys_in_force, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
