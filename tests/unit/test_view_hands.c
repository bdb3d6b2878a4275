/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hands see of their work: filters, the typed line, the palette, hints, the help, what is copied. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sample_model.h"
#include "view/finder.h"
#include "view/hits.h"
#include "view/shown.h"
#include "view_screen.h"

#include <stdio.h>

static const struct key_hint hints[] = {
    {.key = "Tab", .name = "next", .help = "focus the next pane", .footer = true, .id = "next-pane", .rank = 60},
    {.key = "Enter, z", .name = "zoom", .help = "the focused pane alone", .footer = true, .id = "zoom", .rank = 90},
    {.key = "Down, j", .name = "down", .help = "the next row", .id = "down", .where = WHERE_ROWS},
    {.key = "/",
     .name = "filter",
     .help = "rows with a text",
     .footer = true,
     .id = "filter",
     .where = WHERE_FILTER,
     .rank = 70},
    {.key = "[",
     .name = "shorter",
     .help = "a shorter time",
     .footer = true,
     .id = "range-shorter",
     .where = WHERE_RANGE,
     .rank = 30},
    {.key = "", .name = "range", .help = "the time", .id = "range", .where = WHERE_RANGE, .takes = "1h 24h"},
    {.key = "p", .name = "pause", .help = "hold the picture", .footer = true, .id = "pause", .rank = 40},
    {.key = "?", .name = "help", .help = "all keys", .footer = true, .id = "help", .rank = 95},
    {.key = "q, ^C", .name = "quit", .help = "leave", .footer = true, .id = "quit", .rank = 100},
};
enum { COUNT = sizeof hints / sizeof hints[0] };
static struct arena arena;
static struct screen shown;
static struct ui ui;

static int setup(void **state)
{
    (void)state;
    ui = (struct ui){.hint = hints, .hint_count = COUNT};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&shown.arena);
    arena_release(&arena);
    return 0;
}

static void show(const struct model *m, int w, int h)
{
    arena_release(&shown.arena);
    ui.w = w;
    ui.h = h;
    shown = screen_draw(m, &ui, w, h);
    assert_int_equal(broken_cell(shown.frame), -1);
}

static void filter(const char *pane, const char *text)
{
    snprintf(ui.filter[pane_by_name(pane)], ENTRY_MOST, "%s", text);
}

static void letters_fit_in_their_order_only(void **state)
{
    (void)state;
    uint32_t mark;
    assert_int_equal(fuzzy_score("range-longer", "xr", 2, &mark), -1);
    assert_int_equal(fuzzy_score("range-longer", "lr-", 3, &mark), -1);
    assert_true(fuzzy_score("range-longer", "rl", 2, &mark) > 0);
    assert_int_equal(mark, 1u << 0 | 1u << 6); /* the starts of its words */
    assert_true(fuzzy_score("range-longer", "NGE", 3, &mark) > 0);
    assert_int_equal(mark, 1u << 2 | 1u << 3 | 1u << 4);
    assert_int_equal(fuzzy_score("", "a", 1, &mark), -1);
    assert_int_equal(fuzzy_score("quit", "quits", 5, &mark), -1);
    assert_int_equal(fuzzy_score("quit", "", 0, &mark), 0);
}

static void starts_of_words_and_neighbours_count_most(void **state)
{
    (void)state;
    int words = fuzzy_score("next-match", "nm", 2, NULL), inside = fuzzy_score("xnxxmx", "nm", 2, NULL);
    int together = fuzzy_score("page-down", "age", 3, NULL), apart = fuzzy_score("panguine", "age", 3, NULL);
    assert_true(words > inside);
    assert_true(together > apart);
}

/* The best placing is found, not the first one: all placings of short words, tried by hand. */
static int slow(const char *name, int at, const char *letters, int last)
{
    if (*letters == '\0')
        return 0;
    int best = -1000;
    for (int k = at; name[k] != '\0'; k++) {
        if (name[k] != *letters)
            continue;
        bool start = k == 0 || name[k - 1] == '-';
        int worth = 1 + (start ? 12 : 0) + (k == 0 ? 4 : 0) + (last >= 0 && k == last + 1 ? 8 : 0);
        int rest = slow(name, k + 1, letters + 1, k);
        best = rest >= 0 && worth + rest > best ? worth + rest : best;
    }
    return best < 0 ? -1 : best;
}

static void no_placing_is_better_than_the_one_found(void **state)
{
    (void)state;
    unsigned seed = 3;
    for (int round = 0; round < 20000; round++) {
        char name[12] = "", letters[5] = "";
        for (int i = 0; i < 11; i++)
            name[i] = "aab-"[(seed = seed * 1103515245u + 12345u) >> 16 & 3];
        name[1 + round % 11] = '\0';
        for (int i = 0; i < 1 + round % 4; i++)
            letters[i] = "ab"[(seed = seed * 1103515245u + 12345u) >> 16 & 1];
        assert_int_equal(fuzzy_score(name, letters, strlen(letters), NULL), slow(name, 0, letters, -1));
    }
}

static void a_filter_stands_in_the_frame_with_its_count(void **state)
{
    (void)state;
    for (int boxed = 0; boxed < 2; boxed++) {
        ui.focus = pane_by_name("tasks");
        ui.zoom = true;
        filter("tasks", "claude");
        show(sample_trouble(&arena), boxed ? 120 : 80, boxed ? 40 : 24);
        assert_true(screen_has(&shown, "Tasks /claude 20 of 60"));
        assert_false(screen_has(&shown, "gemini"));
    }
}

/* What a search through the file has found so far: three of the newest, 400 behind them, of which some rows are read. */
static struct model *searching(bool done)
{
    static const int16_t newest[] = {1, 4, 7};
    static struct task_line rows[60];
    static struct task_find find;
    struct model *m = arena_alloc(&arena, sizeof *m);
    *m = *sample_trouble(&arena);
    for (size_t i = 0; i < 60; i++)
        rows[i] = (struct task_line){.t_ms = m->now_ms - (int64_t)(100 + i) * 86400000,
                                     .score = 0.25,
                                     .tokens = (int64_t)i,
                                     .llm = "found-one",
                                     .strategy = "direct",
                                     .subnet = 3,
                                     .line = 1000 - i};
    find = (struct task_find){.text = "score<0.5",
                              .newest = newest,
                              .newest_count = 3,
                              .older = 400,
                              .row = rows,
                              .count = 60,
                              .done = done,
                              .searched = 70000,
                              .total = 100000,
                              .back_ms = m->now_ms - 300 * 86400000LL};
    m->find = &find;
    return m;
}

static void a_search_shows_what_it_found_and_how_far_it_is(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}};
    ui.focus = pane_by_name("tasks");
    ui.zoom = true;
    filter("tasks", "score<0.5");
    for (size_t i = 0; i < 3; i++) {
        show(searching(false), sizes[i][0], sizes[i][1]);
        assert_true(screen_has(&shown, "/score<0.5 403+ of "));
        assert_true(screen_has(&shown, ", row 1"));
        assert_true(screen_has(&shown, "70 %: 403 found"));
        assert_true(screen_has(&shown, "found-one"));
        show(searching(true), sizes[i][0], sizes[i][1]);
        assert_true(screen_has(&shown, "/score<0.5 403 of "));
        assert_false(screen_has(&shown, "searched back"));
    }
}

static void a_search_asks_for_what_it_shows_and_no_more(void **state)
{
    (void)state;
    struct find_want want;
    ui.focus = pane_by_name("tasks");
    ui.w = 80;
    ui.h = 24;
    filter("tasks", "score<0.5");
    struct model *m = searching(true);
    assert_false(view_wants_find(m, &ui, &want));
    ui.cursor[ui.focus] = 300;
    assert_true(view_wants_find(m, &ui, &want));
    assert_true(want.first <= 300 - 3 - 24 && want.first + want.count >= 300 - 3 + 24 && want.count < 200);
    filter("tasks", "score<0.4");
    assert_true(view_wants_find(m, &ui, &want));
    assert_string_equal(want.text, "score<0.4");
    filter("tasks", "");
    assert_true(view_wants_find(m, &ui, &want));
    assert_string_equal(want.text, "");
    m->find = NULL;
    assert_false(view_wants_find(m, &ui, &want));
}

static void before_the_history_is_read_only_the_newest_are_searched(void **state)
{
    (void)state;
    struct model *m = searching(true);
    struct scores early = *m->scores;
    struct task_find few = *m->find;
    early.known = false;
    early.early = true;
    few.older = 0;
    m->scores = &early;
    m->find = &few;
    ui.focus = pane_by_name("tasks");
    ui.zoom = true;
    filter("tasks", "score<0.5");
    show(m, 80, 24);
    assert_true(screen_has(&shown, "/score<0.5 3 of "));
    assert_true(screen_has(&shown, "among the newest; the others as soon as the history is read"));
    few.newest_count = 0;
    show(m, 80, 24);
    assert_true(screen_has(&shown, "among the newest"));
    assert_false(screen_has(&shown, "no task with"));
}

static void a_condition_that_is_none_says_why(void **state)
{
    (void)state;
    struct model *m = searching(true);
    struct task_find wrong = {.text = "score<", .error = "column 7: a value is missing at the end", .done = true};
    m->find = &wrong;
    ui.focus = pane_by_name("tasks");
    filter("tasks", "score<");
    show(m, 120, 40);
    assert_true(screen_has(&shown, "column 7: a value is missing at the end"));
}

static void what_was_found_is_marked(void **state)
{
    (void)state;
    ui.focus = pane_by_name("log");
    ui.zoom = true;
    filter("log", "inference");
    show(sample_trouble(&arena), 100, 30);
    int marked = 0;
    for (int i = 100 * 2; i < 100 * 28; i++)
        marked += shown.frame->cell[i].style == STYLE_ACCENT;
    assert_true(marked > 0 && marked % 9 == 0);
}

static void a_traceback_line_is_found_by_itself(void **state)
{
    (void)state;
    ui.focus = pane_by_name("log");
    ui.zoom = true;
    filter("log", "ConnectionError");
    show(sample_trouble(&arena), 100, 30);
    assert_true(screen_has(&shown, "ConnectionError"));
    assert_true(screen_has(&shown, "Log /ConnectionError 1 of "));
}

static void no_alert_found_is_not_all_is_well(void **state)
{
    (void)state;
    filter("alerts", "nothing like this");
    show(sample_trouble(&arena), 120, 40);
    assert_true(screen_has(&shown, "no alert with /nothing like this"));
    assert_false(screen_has(&shown, "all is well"));
}

static void the_typed_line_shows_its_end_on_every_screen(void **state)
{
    (void)state;
    static const int widths[] = {200, 80, 40, 20, 10, 3, 1};
    ui.mode = UI_FILTER;
    snprintf(ui.entry.text, ENTRY_MOST, "a long text that nobody types \xE6\x97\xA5\xE6\x9C\xAC END");
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        for (int h = 1; h < 30; h += 7) {
            show(sample_well(&arena), widths[i], h);
            if (widths[i] >= 10)
                assert_non_null(strstr(screen_row(&shown, h - 1), "END_"));
        }
    }
}

/* Its words in their order, whatever rows they stand in. */
static void expect_words(const char *text)
{
    const char *at = shown.text;
    char word[64];
    for (int used = 0; sscanf(text, " %63s%n", word, &used) == 1; text += used) {
        at = strstr(at, word);
        assert_non_null(at);
    }
}

static void nothing_of_a_message_is_lost_where_there_is_room(void **state)
{
    static const char text[] = "mouse on: the wheel scrolls, a click selects; with Shift the terminal's own selection";
    (void)state;
    ui.message = text;
    for (int w = 30; w <= 200; w++) {
        show(sample_trouble(&arena), w, 24);
        expect_words(text);
    }
    show(sample_trouble(&arena), 120, 24);
    assert_non_null(strstr(screen_row(&shown, 23), text));
    show(sample_trouble(&arena), 40, 3);
    assert_int_equal(broken_cell(shown.frame), -1);
}

static void the_smallest_screens_answer_too(void **state)
{
    (void)state;
    ui.message = "read-only: nothing can be started";
    show(sample_trouble(&arena), 20, 5);
    expect_words(ui.message);
    assert_true(screen_has(&shown, "CRIT"));
    show(sample_trouble(&arena), 12, 1); /* what is wrong is more important */
    assert_false(screen_has(&shown, "read"));
}

static void a_message_to_a_typed_line_is_whole_beside_it_or_above_it(void **state)
{
    static const char text[] = "x.txt cannot be written: No such file or directory";
    (void)state;
    ui.mode = UI_WRITE;
    ui.message = text;
    snprintf(ui.entry.text, sizeof ui.entry.text, "/nonexistent/x.txt");
    for (int w = 30; w <= 160; w++) {
        show(sample_trouble(&arena), w, 24);
        expect_words(text);
    }
    show(sample_trouble(&arena), 80, 24);
    assert_non_null(strstr(screen_row(&shown, 22), text));
    assert_non_null(strstr(screen_row(&shown, 23), "/nonexistent/x.txt_"));
}

static void hints_of_the_highest_rank_stay_in_the_order_of_the_table(void **state)
{
    (void)state;
    ui.focus = pane_by_name("tasks");
    static const struct {
        int w;
        const char *row;
    } wants[] = {
        {100, " Tab next  Enter zoom  / filter  [ shorter  p pause  ? help  q quit"},
        {60, " Tab next  Enter zoom  / filter  p pause  ? help  q quit"},
        {40, " Enter zoom  / filter  ? help  q quit"},
        {30, " Enter zoom  ? help  q quit"},
    };
    for (size_t i = 0; i < sizeof wants / sizeof wants[0]; i++) {
        show(sample_well(&arena), wants[i].w, 20);
        const char *row = screen_row(&shown, 19);
        assert_memory_equal(row, wants[i].row, strlen(wants[i].row));
        assert_int_equal(strspn(row + strlen(wants[i].row), " "), wants[i].w - (int)strlen(wants[i].row));
    }
    ui.focus = pane_by_name("stages"); /* neither a list nor a time */
    show(sample_well(&arena), 100, 20);
    assert_null(strstr(screen_row(&shown, 19), "filter"));
    assert_null(strstr(screen_row(&shown, 19), "shorter"));
}

static void the_help_begins_with_the_pane(void **state)
{
    (void)state;
    ui.help = true;
    ui.focus = pane_by_name("tasks");
    show(sample_well(&arena), 100, 40);
    const char *pane = strstr(shown.text, "This pane"), *tasks = strstr(shown.text, "all tasks, newest first"),
               *own = strstr(shown.text, "a shorter time"), *all = strstr(shown.text, "Keys everywhere"),
               *quit = strstr(shown.text, "leave");
    assert_true(pane && tasks && own && all && quit);
    assert_true(pane < tasks && tasks < own && own < all && all < quit);
    ui.focus = pane_by_name("auction");
    show(sample_well(&arena), 100, 40);
    assert_false(screen_has(&shown, "a shorter time"));
}

static void the_help_shows_only_what_is_searched(void **state)
{
    (void)state;
    ui.help = true;
    snprintf(ui.filter[PANE_MAX], ENTRY_MOST, "picture");
    show(sample_well(&arena), 100, 40);
    assert_true(screen_has(&shown, "hold the picture"));
    assert_true(screen_has(&shown, "Help /picture 1 of "));
    assert_false(screen_has(&shown, "all keys"));
    assert_false(screen_has(&shown, "Marks"));
}

static void the_palette_draws_at_every_size(void **state)
{
    (void)state;
    ui.mode = UI_PALETTE;
    for (int w = 1; w < 130; w += 9)
        for (int h = 1; h < 45; h += 4)
            for (ui.entry.pick = 0; ui.entry.pick < COUNT; ui.entry.pick += 4)
                show(sample_well(&arena), w, h);
    ui.entry.pick = 0;
    snprintf(ui.entry.text, ENTRY_MOST, "ra");
    show(sample_well(&arena), 100, 30);
    assert_true(screen_has(&shown, "range             1h 24h the time"));
    assert_true(screen_has(&shown, "Commands"));
    snprintf(ui.entry.text, ENTRY_MOST, "zzz");
    show(sample_well(&arena), 100, 30);
    assert_true(screen_has(&shown, "no action is called so"));
}

static void a_range_is_named_where_it_counts(void **state)
{
    (void)state;
    struct model *m = sample_well(&arena);
    struct scores s = *m->scores;
    struct score_hour *point = arena_array(&arena, 49, sizeof *point);
    point[40] = (struct score_hour){.count = 2, .mean = 0.7};
    s.span = (struct score_span){.range = RANGE_24H,
                                 .oldest_ms = SAMPLE_NOW - INT64_C(4000000),
                                 .after_ms = SAMPLE_NOW - INT64_C(86400000),
                                 .point = point,
                                 .points = 49};
    m->scores = &s;
    show(m, 120, 50);
    assert_true(screen_has(&shown, "Scores last 24 h"));
    assert_true(screen_has(&shown, "Tasks last 24 h"));
    assert_true(screen_has(&shown, "24 h ago"));
    assert_false(screen_has(&shown, "Log last"));
    ui.zoom = true;
    ui.focus = pane_by_name("scores");
    show(m, 120, 60);
    assert_true(screen_has(&shown, "what is known begins"));
}

static void an_alert_is_copied_with_its_steps(void **state)
{
    (void)state;
    struct model *m = sample_trouble(&arena);
    ui.w = 120;
    ui.h = 40;
    const char *text = view_copy(&arena, m, &ui);
    assert_non_null(strstr(text, m->alert[0].what));
    assert_non_null(strstr(text, m->alert[0].why));
    for (int i = 0; i < ALERT_DO && m->alert[0].todo[i]; i++)
        assert_non_null(strstr(text, m->alert[0].todo[i]));
    assert_non_null(strstr(text, "\ndo: "));
    ui.cursor[0] = 1;
    assert_non_null(strstr(view_copy(&arena, m, &ui), m->alert[1].what));
    filter("alerts", m->alert[2].what); /* the first that is found */
    ui.cursor[0] = 0;
    assert_non_null(strstr(view_copy(&arena, m, &ui), m->alert[2].what));
}

static void a_pane_without_rows_is_copied_as_it_looks(void **state)
{
    (void)state;
    ui.w = 100;
    ui.h = 30;
    struct model *m = sample_well(&arena);
    for (int i = 0; panes[i]; i++) {
        ui.focus = i;
        const char *text = view_copy(&arena, m, &ui);
        assert_true(text[0] != '\0');
        assert_null(strstr(text, " \n"));
        assert_null(strstr(text, "\n\n\n"));
    }
    ui.focus = pane_by_name("auction");
    assert_non_null(strstr(view_copy(&arena, m, &ui), "window"));
}

static void places_are_noted_only_when_asked_for(void **state)
{
    (void)state;
    struct model *m = sample_well(&arena);
    struct frame *f = frame_new(&arena, 120, 40);
    ui.w = 120;
    ui.h = 40;
    view_draw(f, m, &ui);
    assert_null(f->hits);
    f->hits = arena_alloc(&arena, sizeof *f->hits);
    view_draw(f, m, &ui);
    assert_true(f->hits->count > pane_count() && f->hits->count < HITS_MOST);
    for (int i = 0; panes[i]; i++) {
        bool seen = false;
        for (int k = 0; k < f->hits->count; k++)
            seen |= f->hits->hit[k].kind == HIT_PANE && f->hits->hit[k].what == i;
        assert_true(seen);
    }
    assert_int_equal(hits_at(f->hits, HIT_PANE, -1, 0).kind, HIT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_fit_in_their_order_only),
        cmocka_unit_test(starts_of_words_and_neighbours_count_most),
        cmocka_unit_test(no_placing_is_better_than_the_one_found),
        cmocka_unit_test_setup_teardown(a_filter_stands_in_the_frame_with_its_count, setup, teardown),
        cmocka_unit_test_setup_teardown(a_search_shows_what_it_found_and_how_far_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(a_search_asks_for_what_it_shows_and_no_more, setup, teardown),
        cmocka_unit_test_setup_teardown(before_the_history_is_read_only_the_newest_are_searched, setup, teardown),
        cmocka_unit_test_setup_teardown(a_condition_that_is_none_says_why, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_found_is_marked, setup, teardown),
        cmocka_unit_test_setup_teardown(a_traceback_line_is_found_by_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(no_alert_found_is_not_all_is_well, setup, teardown),
        cmocka_unit_test_setup_teardown(the_typed_line_shows_its_end_on_every_screen, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_of_a_message_is_lost_where_there_is_room, setup, teardown),
        cmocka_unit_test_setup_teardown(the_smallest_screens_answer_too, setup, teardown),
        cmocka_unit_test_setup_teardown(a_message_to_a_typed_line_is_whole_beside_it_or_above_it, setup, teardown),
        cmocka_unit_test_setup_teardown(hints_of_the_highest_rank_stay_in_the_order_of_the_table, setup, teardown),
        cmocka_unit_test_setup_teardown(the_help_begins_with_the_pane, setup, teardown),
        cmocka_unit_test_setup_teardown(the_help_shows_only_what_is_searched, setup, teardown),
        cmocka_unit_test_setup_teardown(the_palette_draws_at_every_size, setup, teardown),
        cmocka_unit_test_setup_teardown(a_range_is_named_where_it_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(an_alert_is_copied_with_its_steps, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pane_without_rows_is_copied_as_it_looks, setup, teardown),
        cmocka_unit_test_setup_teardown(places_are_noted_only_when_asked_for, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
