/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Typed lines: filter, palette, file name; and what the mouse does. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "action/action.h"
#include "action/moves.h"
#include "action/entry.h"
#include "base/utf8.h"
#include "sample_model.h"
#include "view/finder.h"
#include "view/key.h"
#include "view_screen.h"

static struct arena arena;
static struct ui ui;
static struct model *model;

static int setup(void **state)
{
    (void)state;
    ui = (struct ui){.w = 120, .h = 40};
    model = sample_trouble(&arena);
    action_hints(&arena, &ui, NULL);
    return 0;
}

static int clean(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static enum order press(int key)
{
    struct act act = {.ui = &ui, .model = model, .key = key};
    action_run(&act);
    return act.order;
}

static void type(const char *text)
{
    for (struct bytes rest = bytes_of(text); rest.len > 0;)
        press((int)utf8_next(&rest));
}

static int rows(const char *pane)
{
    int index = pane_by_name(pane);
    return panes[index]->rows(model, &ui);
}

static void a_line_is_typed_and_mended(void **state)
{
    (void)state;
    entry_open(&ui, UI_FILTER, "");
    struct entry *e = &ui.entry;
    assert_int_equal(entry_key(e, 'a'), ENTRY_TYPED);
    entry_key(e, 0xE9);
    entry_key(e, 0x65E5);
    assert_string_equal(e->text, "a\xC3\xA9\xE6\x97\xA5");
    entry_key(e, K_BACKSPACE);
    assert_string_equal(e->text, "a\xC3\xA9");
    for (const char *p = " two words"; *p != '\0'; p++)
        entry_key(e, *p);
    entry_key(e, K_CTRL_W);
    assert_string_equal(e->text, "a\xC3\xA9 two ");
    entry_key(e, K_CTRL_W);
    assert_string_equal(e->text, "a\xC3\xA9 ");
    entry_key(e, K_CTRL_U);
    assert_string_equal(e->text, "");
    assert_int_equal(entry_key(e, K_BACKSPACE), ENTRY_TYPED); /* of nothing: nothing */
    assert_string_equal(e->text, "");
    assert_int_equal(entry_key(e, K_ENTER), ENTRY_KEPT);
    assert_int_equal(entry_key(e, K_ESC), ENTRY_LEFT);
    assert_int_equal(entry_key(e, K_F1), ENTRY_OTHER);
}

static void what_fills_no_cell_is_not_typed_and_a_line_ends(void **state)
{
    (void)state;
    static const int odd[] = {0x300, 0x200B, 0x202E, 0x85, 0x9B};
    entry_open(&ui, UI_FILTER, "");
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        entry_key(&ui.entry, odd[i]);
    assert_string_equal(ui.entry.text, "");
    for (int i = 0; i < 500; i++)
        entry_key(&ui.entry, 0x65E5);
    assert_true(strlen(ui.entry.text) < ENTRY_MOST);
    assert_int_equal(strlen(ui.entry.text) % 3, 0);
}

static void a_filter_narrows_while_it_is_typed(void **state)
{
    (void)state;
    ui.focus = pane_by_name("tasks");
    int all = rows("tasks");
    press('/');
    assert_int_equal(ui.mode, UI_FILTER);
    type("CLAUDE"); /* capitals: none is written so */
    assert_int_equal(rows("tasks"), 0);
    press(K_CTRL_U);
    assert_int_equal(rows("tasks"), all);
    type("claude");
    int found = rows("tasks");
    assert_true(found > 0 && found < all);
    press(K_DOWN); /* moving goes on meanwhile */
    assert_int_equal(ui.cursor[ui.focus], 1);
    press(K_ENTER);
    assert_int_equal(ui.mode, UI_KEYS);
    assert_int_equal(rows("tasks"), found);
    assert_true(rows("log") > 0); /* each pane has its own */
    press(K_ESC);
    assert_int_equal(rows("tasks"), all);
}

static void leaving_the_line_brings_the_filter_before_back(void **state)
{
    (void)state;
    ui.focus = pane_by_name("tasks");
    press('/');
    type("claude");
    press(K_ENTER);
    int found = rows("tasks");
    press('/');
    assert_string_equal(ui.entry.text, "claude");
    type("zzz");
    assert_int_equal(rows("tasks"), 0);
    press(K_ESC);
    assert_int_equal(rows("tasks"), found);
    assert_int_equal(ui.mode, UI_KEYS);
}

static void every_list_can_be_narrowed_to_nothing_and_drawn(void **state)
{
    (void)state;
    for (int i = 0; panes[i] != NULL; i++) {
        ui.focus = i;
        for (int zoom = 0; zoom < 2; zoom++) {
            ui.zoom = zoom;
            press('/');
            assert_int_equal(ui.mode, panes[i]->list != NULL ? UI_FILTER : UI_KEYS);
            if (ui.mode != UI_FILTER)
                continue;
            type("\xE6\x97\xA5 nothing has this");
            struct frame *f = frame_new(&arena, ui.w, ui.h);
            view_draw(f, model, &ui);
            press(K_DOWN);
            assert_int_equal(ui.cursor[i], 0);
            press(K_ESC);
        }
    }
}

static void n_goes_round_the_matches(void **state)
{
    (void)state;
    ui.focus = pane_by_name("tasks");
    press('n');
    assert_non_null(ui.message);
    press('/');
    type("claude");
    press(K_ENTER);
    int found = rows("tasks");
    for (int i = 1; i < found; i++) {
        press('n');
        assert_int_equal(ui.cursor[ui.focus], i);
    }
    press('n');
    assert_int_equal(ui.cursor[ui.focus], 0);
    press('N');
    assert_int_equal(ui.cursor[ui.focus], found - 1);
}

static void the_help_is_searched_by_itself(void **state)
{
    (void)state;
    press('?');
    int all = view_help_rows(&ui);
    press('/');
    type("clipboard");
    assert_true(view_help_rows(&ui) < all / 4);
    press(K_ENTER);
    press(K_ESC);
    assert_true(ui.help);
    assert_int_equal(view_help_rows(&ui), all);
    press(K_ESC);
    assert_false(ui.help);
}

static void a_broken_picture_and_the_shell_are_in_reach_while_one_types(void **state)
{
    (void)state;
    static const int openers[] = {'/', ':', 'w'};
    ui.focus = pane_by_name("tasks");
    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++) {
        press(openers[i]);
        enum ui_mode mode = ui.mode;
        assert_int_equal(press(K_CTRL_L), ORDER_REPAINT);
        assert_int_equal(press(K_CTRL_Z), ORDER_SUSPEND);
        assert_int_equal(ui.mode, mode);
        press(K_ESC);
        assert_int_equal(ui.mode, UI_KEYS);
    }
}

static const char *picked(void)
{
    struct finds f;
    finder_look(&f, &ui);
    return f.count == 0 ? "" : ui.hint[f.row[ui.entry.pick].hint].id;
}

static void the_palette_finds_by_letters_in_their_order(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *id;
    } wants[] = {{"quit", "quit"},     {"rl", "range-longer"}, {"range", "range"},   {"nm", "next-match"},
                 {"pgd", "page-down"}, {"mous", "mouse"},      {"clipboard", "copy"}};
    for (size_t i = 0; i < sizeof wants / sizeof wants[0]; i++) {
        press(':');
        type(wants[i].typed);
        assert_string_equal(picked(), wants[i].id);
        press(K_ESC);
    }
    press(':');
    struct finds f;
    finder_look(&f, &ui);
    assert_int_equal(f.count, ui.hint_count); /* nothing typed: all there is */
}

static void the_palette_runs_what_is_marked(void **state)
{
    (void)state;
    press(':');
    type("quit");
    assert_int_equal(press(K_ENTER), ORDER_QUIT);
    assert_int_equal(ui.mode, UI_KEYS);
    press(':');
    press(K_DOWN);
    press(K_UP);
    press(K_UP); /* round to the last one */
    struct finds f;
    finder_look(&f, &ui);
    assert_int_equal(ui.entry.pick, f.count - 1);
    press(K_ESC);
    press(':');
    type("zzzz");
    assert_int_equal(press(K_ENTER), ORDER_NONE);
    assert_int_equal(ui.mode, UI_PALETTE); /* nothing of that name: the line stays */
    press(K_ESC);
}

static void the_palette_hands_words_on(void **state)
{
    (void)state;
    press(':');
    type("pan log");
    press(K_ENTER);
    assert_int_equal(ui.focus, pane_by_name("log"));
    press(':');
    type("range 24h");
    assert_int_equal(press(K_ENTER), ORDER_RANGE);
    assert_int_equal(ui.range, RANGE_24H);
    press(':');
    type("range soon");
    press(K_ENTER);
    assert_non_null(strstr(ui.message, "1h 24h 7d 30d all fit"));
    assert_int_equal(ui.range, RANGE_24H);
    press(':');
    type("quit now");
    assert_int_equal(press(K_ENTER), ORDER_NONE);
    assert_non_null(strstr(ui.message, "takes nothing"));
    press(':');
    type("pane Log");
    press(K_ENTER);
    assert_string_equal(panes[ui.focus]->name, "log");
    press(':');
    type("pane 2");
    press(K_ENTER);
    assert_int_equal(ui.focus, 1);
    press(':');
    type("pane zz");
    press(K_ENTER);
    assert_non_null(strstr(ui.message, "no pane is called zz; there are alerts to heartbeat, 1 to 8"));
    assert_int_equal(ui.focus, 1);
    press(':');
    type("ran");
    press(K_TAB);
    assert_string_equal(ui.entry.text, "range ");
}

static void a_moment_is_jumped_to_instead_of_searched_for(void **state)
{
    (void)state;
    struct ui tasks = {.focus = pane_by_name("tasks")};
    snprintf(tasks.entry.text, ENTRY_MOST, "@2026-11-20 14:00");
    assert_true(jump_is_typed(&tasks));
    struct model m = {.now_ms = INT64_C(1795348800000)};
    struct act act = {.ui = &tasks, .model = &m};
    jump_to_typed(&act);
    assert_int_equal(act.order, ORDER_JUMP);
    assert_int_equal(tasks.jump_ms, INT64_C(1795183200000));
    snprintf(tasks.entry.text, ENTRY_MOST, "@-3d");
    jump_to_typed(&act);
    assert_int_equal(tasks.jump_ms, m.now_ms - 3 * INT64_C(86400000));
    act.order = ORDER_NONE;
    snprintf(tasks.entry.text, ENTRY_MOST, "@whenever");
    jump_to_typed(&act);
    assert_int_equal(act.order, ORDER_NONE);
    assert_non_null(strstr(tasks.message, "wants a moment"));
    tasks.focus = pane_by_name("log"); /* there it is a text as any other */
    assert_false(jump_is_typed(&tasks));
}

static void ranges_go_from_short_to_long_and_stop_there(void **state)
{
    (void)state;
    static const int down[] = {RANGE_7D, RANGE_24H, RANGE_1H, RANGE_1H};
    static const int up[] = {RANGE_24H, RANGE_7D, RANGE_FIT, RANGE_30D, RANGE_ALL, RANGE_ALL};
    assert_int_equal(ui.range, RANGE_FIT);
    for (size_t i = 0; i < sizeof down / sizeof down[0]; i++) {
        assert_int_equal(press('['), ORDER_RANGE);
        assert_int_equal(ui.range, down[i]);
    }
    for (size_t i = 0; i < sizeof up / sizeof up[0]; i++) {
        press(']');
        assert_int_equal(ui.range, up[i]);
    }
}

static void writing_proposes_a_name_and_never_when_read_only(void **state)
{
    (void)state;
    press('w');
    assert_int_equal(ui.mode, UI_WRITE);
    assert_string_equal(ui.entry.text, "davy-2026-11-22-0448.txt");
    assert_int_equal(press(K_ENTER), ORDER_WRITE);
    assert_int_equal(ui.mode, UI_WRITE); /* until it is written */
    ui.entry.pick = 1;
    press('x'); /* another name: the question is asked anew */
    assert_int_equal(ui.entry.pick, 0);
    press(K_ESC);
    assert_int_equal(ui.mode, UI_KEYS);
    ui.read_only = true;
    press('w');
    assert_int_equal(ui.mode, UI_KEYS);
    assert_non_null(strstr(ui.message, "read-only"));
}

/* The first cell of the screen that begins with that text, and a mouse key for it. */
static int at(enum mouse_kind kind, const char *text)
{
    struct frame *f = frame_new(&arena, ui.w, ui.h);
    view_draw(f, model, &ui);
    for (int i = 0; i < ui.w * ui.h; i++) {
        int n = 0;
        while (text[n] != '\0' && f->cell[i + n].ch == (char32_t)text[n])
            n++;
        if (text[n] == '\0')
            return key_mouse(kind, i % ui.w, i / ui.w);
    }
    fail_msg("nowhere: %s", text);
    return 0;
}

static void a_click_focuses_and_selects(void **state)
{
    (void)state;
    press(at(MOUSE_CLICK, "7 Log"));
    assert_int_equal(ui.focus, pane_by_name("log"));
    ui.focus = 0;
    ui.zoom = false;
    char net[32];
    ui.focus = pane_by_name("tasks");
    ui.zoom = true;
    ui.cursor[ui.focus] = 0;
    time_clock_s(net, model->scores->task[5].t_ms);
    press(at(MOUSE_CLICK, net));
    assert_int_equal(ui.cursor[ui.focus], 5);
    press(key_mouse(MOUSE_CLICK, 119, 39)); /* where nothing is */
    assert_int_equal(ui.cursor[ui.focus], 5);
    press(key_mouse(MOUSE_CLICK, 1000, 1000));
}

static void a_click_on_a_hint_presses_it(void **state)
{
    (void)state;
    press(at(MOUSE_CLICK, "? help"));
    assert_true(ui.help);
    ui.help = false;
    assert_int_equal(press(at(MOUSE_CLICK, "q quit")), ORDER_QUIT);
}

static void the_wheel_moves_the_list_under_it(void **state)
{
    (void)state;
    press(at(MOUSE_WHEEL_DOWN, "6 Tasks"));
    assert_int_equal(ui.focus, pane_by_name("tasks"));
    assert_int_equal(ui.cursor[ui.focus], 3);
    press(at(MOUSE_WHEEL_UP, "6 Tasks"));
    assert_int_equal(ui.cursor[ui.focus], 0);
    press('?');
    press(key_mouse(MOUSE_WHEEL_DOWN, 5, 5));
    assert_int_equal(ui.help_scroll, 3);
}

static void in_the_palette_a_click_runs_what_is_under_it(void **state)
{
    (void)state;
    press(':');
    press(at(MOUSE_WHEEL_DOWN, "next-pane   "));
    assert_int_equal(ui.mode, UI_PALETTE);
    assert_int_equal(ui.entry.pick, 1);
    type("mouse");
    press(at(MOUSE_CLICK, "mouse   "));
    assert_int_equal(ui.mode, UI_KEYS);
    assert_true(ui.mouse);
    press('/'); /* while a filter is typed a click does nothing */
    press(key_mouse(MOUSE_CLICK, 5, 5));
    assert_int_equal(ui.mode, UI_FILTER);
}

static void a_question_is_not_answered_by_the_mouse(void **state)
{
    (void)state;
    ui.mode = UI_ASK;
    struct ui before = ui;
    press(key_mouse(MOUSE_CLICK, 5, 5));
    press(key_mouse(MOUSE_WHEEL_UP, 5, 5));
    assert_memory_equal(&ui, &before, sizeof ui);
}

static int random_key(unsigned *seed)
{
    static const int likely[] = {'/',         ':',      '?',      'w',      'y',  'm',    'z',    'n',     'N',
                                 '[',         ']',      'j',      'k',      'G',  'g',    'p',    't',     'a',
                                 'e',         's',      ' ',      '1',      '6',  '7',    K_TAB,  K_ENTER, K_ESC,
                                 K_BACKSPACE, K_CTRL_U, K_CTRL_W, K_CTRL_L, K_UP, K_DOWN, K_PGUP, K_PGDN,  K_HOME,
                                 K_END,       K_F1,     0x65E5,   0x300,    0xE9};
    *seed = *seed * 1103515245u + 12345u;
    unsigned r = *seed >> 8;
    if (r % 11 == 0)
        return key_mouse((enum mouse_kind)(r / 11 % 3), (int)(r / 37 % 140), (int)(r / 6007 % 50));
    return likely[r / 11 % (sizeof likely / sizeof likely[0])];
}

static void any_keys_on_any_screen_leave_a_whole_picture(void **state)
{
    (void)state;
    static const int sizes[][2] = {{120, 40}, {80, 24}, {40, 12}, {200, 60}, {20, 5}, {3, 2}, {1, 1}};
    struct model *models[] = {model, sample_well(&arena), sample_empty(&arena), sample_wide(&arena),
                              sample_broken(&arena)};
    unsigned seed = 11;
    for (int i = 0; i < 20000; i++) {
        model = models[i / 97 % 5];
        ui.w = sizes[i / 31 % 7][0];
        ui.h = sizes[i / 31 % 7][1];
        press(random_key(&seed));
        ui.range = RANGE_FIT; /* the samples know no other */
        if (i % 4 != 0)
            continue;
        struct arena a = {0};
        struct frame *f = frame_new(&a, ui.w, ui.h);
        view_draw(f, model, &ui);
        assert_int_equal(broken_cell(f), -1);
        assert_non_null(view_copy(&a, model, &ui));
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_is_typed_and_mended, setup, clean),
        cmocka_unit_test_setup_teardown(what_fills_no_cell_is_not_typed_and_a_line_ends, setup, clean),
        cmocka_unit_test_setup_teardown(a_filter_narrows_while_it_is_typed, setup, clean),
        cmocka_unit_test_setup_teardown(leaving_the_line_brings_the_filter_before_back, setup, clean),
        cmocka_unit_test_setup_teardown(every_list_can_be_narrowed_to_nothing_and_drawn, setup, clean),
        cmocka_unit_test_setup_teardown(n_goes_round_the_matches, setup, clean),
        cmocka_unit_test_setup_teardown(the_help_is_searched_by_itself, setup, clean),
        cmocka_unit_test_setup_teardown(a_broken_picture_and_the_shell_are_in_reach_while_one_types, setup, clean),
        cmocka_unit_test_setup_teardown(the_palette_finds_by_letters_in_their_order, setup, clean),
        cmocka_unit_test_setup_teardown(the_palette_runs_what_is_marked, setup, clean),
        cmocka_unit_test_setup_teardown(the_palette_hands_words_on, setup, clean),
        cmocka_unit_test(a_moment_is_jumped_to_instead_of_searched_for),
        cmocka_unit_test_setup_teardown(ranges_go_from_short_to_long_and_stop_there, setup, clean),
        cmocka_unit_test_setup_teardown(writing_proposes_a_name_and_never_when_read_only, setup, clean),
        cmocka_unit_test_setup_teardown(a_click_focuses_and_selects, setup, clean),
        cmocka_unit_test_setup_teardown(a_click_on_a_hint_presses_it, setup, clean),
        cmocka_unit_test_setup_teardown(the_wheel_moves_the_list_under_it, setup, clean),
        cmocka_unit_test_setup_teardown(in_the_palette_a_click_runs_what_is_under_it, setup, clean),
        cmocka_unit_test_setup_teardown(any_keys_on_any_screen_leave_a_whole_picture, setup, clean),
        cmocka_unit_test_setup_teardown(a_question_is_not_answered_by_the_mouse, setup, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
