/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "action/action.h"
#include "base/timetext.h"
#include "view/key.h"
#include "view/view.h"

#include <string.h>

struct yard {
    struct arena a;
    struct ui ui;
    struct model *m;
    struct alert alert[30];
};

static void open_yard(struct yard *y, size_t alerts)
{
    *y = (struct yard){.ui = {.w = 120, .h = 40}};
    struct docs docs = {.settings = settings_default()};
    struct origin *origin = arena_array(&y->a, DOC_COUNT, sizeof *origin);
    for (int i = 0; i < DOC_COUNT; i++)
        origin[i] = (struct origin){.key = doc_rows[i].key, .path = "x", .read_ms = NOT_KNOWN, .mtime_ms = NOT_KNOWN};
    struct model_in in = {
        .now_ms = 1763787600000, .rig_name = "r", .rig_dir = "/r", .host = "h", .docs = &docs, .origin = origin};
    y->m = model_build(&y->a, &in);
    for (size_t i = 0; i < alerts; i++)
        y->alert[i] = (struct alert){.rule = "r",
                                     .subject = "",
                                     .severity = SEVERITY_WARNING,
                                     .state = "firing",
                                     .since_ms = NOT_KNOWN,
                                     .value_text = "",
                                     .limit_text = "",
                                     .what = "w",
                                     .why = "y"};
    y->m->alert = y->alert;
    y->m->alert_count = alerts;
}

static enum order press(struct yard *y, int key)
{
    struct act act = {.ui = &y->ui, .model = y->m, .key = key};
    assert_true(action_run(&act));
    return act.order;
}

static void close_yard(struct yard *y)
{
    arena_release(&y->a);
}

static void every_row_has_words_and_no_key_stands_in_two_rows(void **state)
{
    (void)state;
    for (const struct action *a = actions; a->run != NULL; a++) {
        assert_true(a->id[0] != '\0' && a->id[strspn(a->id, "abcdefghijklmnopqrstuvwxyz-")] == '\0' &&
                    a->name[0] != '\0' && a->help[0] != '\0');
        for (int i = 0; i < 4 && a->key[i] != 0; i++) {
            assert_false(a->key[i] >= '1' && a->key[i] <= '9');
            for (const struct action *b = a + 1; b->run != NULL; b++)
                for (int k = 0; k < 4 && b->key[k] != 0; k++)
                    assert_int_not_equal(a->key[i], b->key[k]);
        }
    }
}

static void the_hints_are_the_rows(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, 0);
    action_hints(&y.a, &y.ui, NULL);
    int i = 0;
    for (const struct action *a = actions; a->run != NULL; a++, i++)
        assert_string_equal(y.ui.hint[i].id, a->id);
    assert_int_equal(y.ui.hint_count, i);
    close_yard(&y);
}

static void tab_goes_round_and_shift_tab_back(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, 0);
    for (int i = 0; i < pane_count(); i++)
        press(&y, K_TAB);
    assert_int_equal(y.ui.focus, 0);
    press(&y, K_BACKTAB);
    assert_int_equal(y.ui.focus, pane_count() - 1);
    press(&y, '2');
    assert_int_equal(y.ui.focus, 1);
    press(&y, '9'); /* there are fewer panes */
    assert_int_equal(y.ui.focus, pane_count() >= 9 ? 8 : 1);
    close_yard(&y);
}

static void enter_goes_in_and_escape_comes_back(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, 0);
    press(&y, K_ENTER);
    press(&y, K_ENTER); /* an alert has no details: one Esc must bring it back */
    press(&y, K_ESC);
    assert_false(y.ui.zoom || y.ui.detail);
    y.ui.focus = pane_by_name("tasks");
    press(&y, K_ENTER);
    assert_true(y.ui.zoom && !y.ui.detail);
    press(&y, K_ENTER);
    assert_true(y.ui.zoom && y.ui.detail);
    press(&y, K_ESC);
    assert_true(y.ui.zoom && !y.ui.detail);
    press(&y, K_ESC);
    assert_false(y.ui.zoom);
    press(&y, K_ESC);
    assert_false(y.ui.zoom || y.ui.detail || y.ui.help);
    close_yard(&y);
}

static void rows_are_clamped_to_what_the_pane_has_now(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, 30);
    y.ui.focus = pane_by_name("alerts");
    int rows = panes[y.ui.focus]->rows(y.m, &y.ui), *at = &y.ui.cursor[y.ui.focus];
    assert_true(rows > 11);
    press(&y, K_UP);
    assert_int_equal(*at, 0);
    press(&y, 'j');
    assert_int_equal(*at, 1);
    press(&y, K_PGDN);
    assert_int_equal(*at, 11);
    press(&y, 'G');
    assert_int_equal(*at, rows - 1);
    press(&y, K_DOWN);
    assert_int_equal(*at, rows - 1);
    y.m->alert_count = 3; /* the others were resolved meanwhile */
    press(&y, 'k');
    assert_int_equal(*at, panes[y.ui.focus]->rows(y.m, &y.ui) - 1);
    y.m->alert_count = 0;
    press(&y, 'j');
    assert_true(*at >= 0);
    press(&y, 'g');
    assert_int_equal(*at, 0);
    close_yard(&y);
}

static void while_help_is_open_the_keys_move_the_help(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, 30);
    action_hints(&y.a, &y.ui, NULL);
    y.ui.focus = pane_by_name("alerts");
    press(&y, '?');
    assert_true(y.ui.help);
    press(&y, 'j');
    assert_int_equal(y.ui.help_scroll, 1);
    assert_int_equal(y.ui.cursor[y.ui.focus], 0);
    press(&y, K_ESC);
    assert_false(y.ui.help);
    press(&y, '?');
    assert_int_equal(y.ui.help_scroll, 0);
    press(&y, '?');
    assert_false(y.ui.help);
    close_yard(&y);
}

static void pause_holds_and_forgets_the_count(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, 0);
    press(&y, 'p');
    assert_true(y.ui.paused);
    y.ui.missed = 12;
    press(&y, 'p');
    assert_false(y.ui.paused);
    assert_int_equal(y.ui.missed, 0);
    close_yard(&y);
}

static void orders_are_given_to_whoever_owns_the_screen(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, 0);
    assert_int_equal(press(&y, 'q'), ORDER_QUIT);
    assert_int_equal(press(&y, K_CTRL_C), ORDER_QUIT);
    assert_int_equal(press(&y, K_CTRL_L), ORDER_REPAINT);
    assert_int_equal(press(&y, K_CTRL_Z), ORDER_SUSPEND);
    assert_int_equal(press(&y, 'j'), ORDER_NONE);
    close_yard(&y);
}

static void a_key_that_means_nothing_changes_nothing(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, 0);
    struct ui before = y.ui;
    static const int none[] = {'X', '0', K_BACKTAB + 1, 0x1F600, 0};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        struct act act = {.ui = &y.ui, .model = y.m, .key = none[i], .order = ORDER_QUIT};
        assert_false(action_run(&act));
        assert_int_equal(act.order, ORDER_NONE);
    }
    assert_memory_equal(&before, &y.ui, sizeof before);
    close_yard(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_words_and_no_key_stands_in_two_rows),
        cmocka_unit_test(the_hints_are_the_rows),
        cmocka_unit_test(tab_goes_round_and_shift_tab_back),
        cmocka_unit_test(enter_goes_in_and_escape_comes_back),
        cmocka_unit_test(rows_are_clamped_to_what_the_pane_has_now),
        cmocka_unit_test(while_help_is_open_the_keys_move_the_help),
        cmocka_unit_test(pause_holds_and_forgets_the_count),
        cmocka_unit_test(orders_are_given_to_whoever_owns_the_screen),
        cmocka_unit_test(a_key_that_means_nothing_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
