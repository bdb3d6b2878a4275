/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole screen: what must be readable at which size. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "sample_model.h"
#include "view_screen.h"

static struct arena arena;
static struct screen shown;

static int setup(void **state)
{
    (void)state;
    arena = (struct arena){0};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&shown.arena);
    arena_release(&arena);
    return 0;
}

static void show(const struct model *m, const struct ui *ui, int w, int h)
{
    arena_release(&shown.arena);
    shown = screen_draw(m, ui, w, h);
    shown.frame->arena = &shown.arena; /* where it lies now */
}

static void must_show(const char *const *texts)
{
    for (int i = 0; texts[i]; i++) {
        if (!screen_has(&shown, texts[i]))
            fail_msg("not on the screen: %s\n%s", texts[i], shown.text);
    }
}

static void the_worst_alert_is_complete_at_80x24_without_a_key(void **state)
{
    struct ui ui = {.w = 80};
    (void)state;
    show(sample_trouble(&arena), &ui, 80, 24);
    must_show((const char *const[]){
        "CRIT 2", "WARN 2", "The miner's daemon is down", "12m", "since 2026-11-22 04:36 UTC", "DOWN, should be UP",
        "written 12 min ago and its socket is stale.", "tail -n 50 logs/miner.log", "./scripts/start-miner.sh", NULL});
}

static void everything_essential_is_at_80x24(void **state)
{
    struct ui ui = {.w = 80};
    (void)state;
    show(sample_trouble(&arena), &ui, 80, 24);
    must_show((const char *const[]){"rig-01", "daemon DOWN", "data 2s", "04:48 UTC", "! Vector", "✓ Scrape", "13:07",
                                    "3 Vector Database", "Indexing 50 posts", "24h 0.46", "OpenAI", "REFUSING",
                                    "window 3/6", "4:05", "estimated", NULL});
}

static void all_panes_are_open_at_120x40(void **state)
{
    struct ui ui = {.focus = 0};
    (void)state;
    show(sample_well(&arena), &ui, 120, 40);
    must_show((const char *const[]){"─ 1 Alerts ─", "─ 2 Stages ─", "─ 3 Scores ─", "─ 4 Budgets ─", "─ 5 Auction ─",
                                    "─ 6 Tasks ─", "─ 7 Log ─", "─ 8 Heartbeat ─", "all is well", "34 rules checked",
                                    "local-llama", "3 days ago", "published", "security_scan", "chain-of-th", NULL});
}

static void a_large_screen_names_the_stages_in_full_and_shows_runs(void **state)
{
    struct ui ui = {.focus = 0};
    (void)state;
    show(sample_well(&arena), &ui, 200, 60);
    must_show((const char *const[]){"✓ Data Scraping", "∙ Time Series Analysis", "badusername",
                                    "Failed to scrape profile", "Rotate the log", "tokens 24h 142K", NULL});
}

static void a_side_pane_is_useful(void **state)
{
    struct ui ui = {.focus = 0};
    (void)state;
    show(sample_trouble(&arena), &ui, 40, 50);
    must_show((const char *const[]){"DOWN, should be UP", "./scripts/start-miner.sh", "!3", "stalled 13:07", "4:05",
                                    "0.5┤", "OpenAI", "no budget", "Tasks", "Log", "Heartbeat", NULL});
    show(sample_trouble(&arena), &ui, 36, 20);
    must_show((const char *const[]){"CRIT 2", "tail -n 50 logs/miner.log", "window 3/6", "4:05", "24h 0.46",
                                    "OpenAI 94%", NULL});
}

static void tiny_screens_keep_the_worst_alert_and_the_countdown(void **state)
{
    struct ui ui = {.focus = 0};
    (void)state;
    show(sample_trouble(&arena), &ui, 20, 5);
    must_show((const char *const[]){"CRIT", "The miner's daemon", "is down", "DOWN, not UP", "win ~4:05", NULL});
    show(sample_trouble(&arena), &ui, 80, 1);
    must_show(
        (const char *const[]){" CRIT ", "The miner's daemon is down", "0.46", "3 Vector stalled", "win ~4:05", NULL});
    show(sample_well(&arena), &ui, 20, 5);
    must_show((const char *const[]){"OK", "3 Vector", "win 4:05", NULL});
}

/* On a screen of 40x10 each word of each alert comes into sight while the cursor walks through the zoomed pane. */
static void every_alert_can_be_read_at_40x10(void **state)
{
    struct model *m = sample_trouble(&arena);
    struct ui ui = {.w = 40, .h = 10, .zoom = true};
    const struct pane *alerts = panes[pane_by_name("alerts")];
    bool seen[5][3] = {{false}};
    static const char *const words[5][3] = {{"The miner's daemon", "stale.", "start-miner.sh"},
                                            {"Score average 0.46 over", "the day before.", "--by llm"},
                                            {"94 %", "days are left.", "route to gemini"},
                                            {"6 IPC errors", " > 5", "since"},
                                            {"Earnings are not known", "unknown", "Neither file"}};
    (void)state;
    int rows = alerts->rows(m, &ui);
    assert_true(rows >= 5 && rows < 40);
    for (ui.cursor[0] = 0; ui.cursor[0] < rows; ui.cursor[0]++) {
        show(m, &ui, 40, 10);
        for (int i = 0; i < 15; i++)
            seen[i / 3][i % 3] |= screen_has(&shown, words[i / 3][i % 3]);
    }
    for (int i = 0; i < 15; i++) {
        if (!seen[i / 3][i % 3])
            fail_msg("never seen: %s", words[i / 3][i % 3]);
    }
}

static void an_alert_of_any_length_can_be_read_to_its_end(void **state)
{
    struct model *m = sample_trouble(&arena);
    struct alert *x = sample_alerts(&arena);
    struct ui ui = {.w = 40, .h = 10, .zoom = true};
    char *why = arena_alloc(&arena, 2000);
    (void)state;
    for (int i = 0; i < 100; i++)
        snprintf(why + strlen(why), 2000 - strlen(why), "word%d ", i);
    x[0].why = why;
    m->alert = x;
    m->alert_count = 1;
    bool seen[100] = {false};
    int rows = panes[0]->rows(m, &ui);
    for (ui.cursor[0] = 0; ui.cursor[0] < rows; ui.cursor[0]++) {
        show(m, &ui, 40, 10);
        for (int i = 0; i < 100; i++) {
            char word[16];
            snprintf(word, sizeof word, "word%d ", i);
            seen[i] |= screen_has(&shown, word);
        }
    }
    for (int i = 0; i < 100; i++)
        assert_true(seen[i]);
}

static void the_selected_alert_is_told_in_full(void **state)
{
    struct ui ui = {.cursor = {2}};
    (void)state;
    show(sample_trouble(&arena), &ui, 80, 24);
    must_show((const char *const[]){"1,880,000 of 2,000,000 tokens are used", "or route to gemini", NULL});
    assert_false(screen_has(&shown, "start-miner.sh"));
}

static void an_empty_rig_names_every_place_it_waits_for(void **state)
{
    struct model *m = sample_empty(&arena);
    struct ui ui = {.focus = 0};
    (void)state;
    show(m, &ui, 80, 24);
    for (int i = 0; i < DOC_COUNT; i++) {
        if (origin_expected((enum doc_id)i, &m->origin[i]))
            must_show((const char *const[]){m->origin[i].path + strlen("/rig/"), NULL});
    }
    must_show((const char *const[]){"no data", "davy -C DIR", NULL});
    assert_false(screen_has(&shown, " OK "));
    assert_null(strstr(view_line(&arena, m), "OK"));
}

static void an_empty_rig_says_why_its_settings_are_refused(void **state)
{
    static const struct alert bad = {.rule = "source_invalid",
                                     .severity = SEVERITY_WARNING,
                                     .state = "firing",
                                     .what = "davy.toml cannot be used",
                                     .why = "davy.toml line 2: rig.name must be a text",
                                     .value_text = "",
                                     .limit_text = ""};
    struct model *m = sample_empty(&arena);
    struct ui ui = {.focus = 0};
    (void)state;
    m->alert = &bad;
    m->alert_count = 1;
    show(m, &ui, 80, 24);
    must_show((const char *const[]){"WARN 1", "davy.toml line 2: rig.name must be a text", "Waiting for these files in",
                                    NULL});
}

static void nothing_known_is_never_fine(void **state)
{
    struct model *m = sample_empty(&arena);
    struct ui ui = {.focus = 0};
    (void)state;
    for (int h = 1; h < 30; h++) {
        for (int w = 10; w < 130; w += 17) {
            show(m, &ui, w, h);
            assert_false(screen_has(&shown, "OK"));
            assert_false(screen_has(&shown, "well"));
        }
    }
}

static void each_pane_waits_for_its_file_by_name(void **state)
{
    struct model *m = sample_empty(&arena);
    struct ui ui = {.zoom = true};
    static const char *const waits[] = {"nothing is known yet",
                                        "waiting for miner_status.json",
                                        "waiting for state/task-history.jsonl",
                                        "waiting for config/token-budgets.json",
                                        "waiting for config.toml",
                                        "waiting for state/task-history.jsonl",
                                        "waiting for logs/miner.log",
                                        "daemon not seen yet"};
    (void)state;
    for (ui.focus = 0; ui.focus < pane_count(); ui.focus++) {
        show(m, &ui, 80, 24);
        must_show((const char *const[]){waits[ui.focus], NULL});
    }
}

static void broken_files_say_what_is_wrong_and_how_old_the_value_is(void **state)
{
    struct ui ui = {.focus = 0};
    (void)state;
    show(sample_broken(&arena), &ui, 120, 40);
    must_show((const char *const[]){"invalid (3m old)", "! token-budgets.json line 3: expected a number", "OpenAI",
                                    "! miner_status.json: not a stage status file (keys: pools, uptime)",
                                    "gone (2s old)", "! state/task-history.jsonl", "24h 0.46",
                                    "waiting for logs/miner.log", "(9m old)", NULL});
    show(sample_broken(&arena), &ui, 80, 24);
    must_show((const char *const[]){"invalid (3m old)", "gone (2s old)", "! miner_status.json: not a stage", NULL});
}

static void the_header_marks_pause_and_read_only(void **state)
{
    struct ui ui = {.paused = true, .missed = 12, .read_only = true};
    (void)state;
    show(sample_well(&arena), &ui, 120, 40);
    must_show((const char *const[]){"PAUSED +12", "read-only", NULL});
}

static void the_notice_is_on_the_screen(void **state)
{
    struct ui ui = {.focus = 0};
    (void)state;
    show(sample_trouble(&arena), &ui, 80, 24);
    must_show((const char *const[]){"polling (inotify: no instances left)", NULL});
}

static void hints_that_do_not_fit_are_left_out_whole(void **state)
{
    static const struct key_hint hints[] = {
        {.key = "Tab", .name = "next", .help = "go on", .footer = true},
        {.key = "x", .name = "hidden", .help = "not in the footer"},
        {.key = "Enter", .name = "zoom in for detail", .help = "one pane", .footer = true},
        {.key = "q", .name = "quit", .help = "leave", .footer = true}};
    struct ui ui = {.hint = hints, .hint_count = 4};
    (void)state;
    show(sample_well(&arena), &ui, 30, 20);
    assert_string_equal(screen_row(&shown, 19), " Tab next  q quit             ");
    ui.message = "saved";
    show(sample_well(&arena), &ui, 30, 20);
    must_show((const char *const[]){" saved ", NULL});
}

static void the_help_shows_every_key_when_scrolled(void **state)
{
    struct key_hint hints[30];
    char help[30][16];
    struct ui ui = {.w = 40, .h = 10, .help = true, .hint = hints, .hint_count = 30};
    (void)state;
    for (int i = 0; i < 30; i++) {
        snprintf(help[i], sizeof help[i], "does %d.", i);
        hints[i] = (struct key_hint){.key = "k", .name = "name", .help = help[i]};
    }
    bool seen[30] = {false}, marks = false;
    int rows = view_help_rows(&ui);
    for (ui.help_scroll = 0; ui.help_scroll < rows; ui.help_scroll++) {
        show(sample_well(&arena), &ui, 40, 10);
        for (int i = 0; i < 30; i++)
            seen[i] |= screen_has(&shown, help[i]);
        marks |= screen_has(&shown, "~7,500,012");
    }
    for (int i = 0; i < 30; i++)
        assert_true(seen[i]);
    assert_true(marks);
}

static void the_log_turns_entries_round_but_not_their_lines(void **state)
{
    struct ui ui = {.focus = pane_by_name("log"), .zoom = true};
    (void)state;
    show(sample_trouble(&arena), &ui, 100, 30);
    const char *newest = strstr(shown.text, "04:48:40"), *error = strstr(shown.text, "Inference failed"),
               *file = strstr(shown.text, "File \"task_handler.py\""), *last = strstr(shown.text, "ConnectionError"),
               *older = strstr(shown.text, "04:47:56");
    assert_true(newest && error && file && last && older);
    assert_true(newest < error && error < file && file < last && last < older);
}

static void the_cursor_is_marked_and_always_in_sight(void **state)
{
    struct model *m = sample_well(&arena);
    struct ui ui = {.focus = pane_by_name("tasks"), .zoom = true, .w = 60, .h = 20};
    (void)state;
    for (int i = 0; i < 60; i++) {
        ui.cursor[ui.focus] = i;
        show(m, &ui, 60, 20);
        int marks = 0;
        for (int k = 0; k < 60 * 20; k++)
            marks += shown.frame->cell[k].style == STYLE_SELECT;
        assert_int_equal(marks, 1);
    }
    ui.cursor[ui.focus] = 1000;
    show(m, &ui, 60, 20);
    assert_true(screen_has(&shown, "▸"));
}

/* Neighbours of the selected row are seen on both sides, and marks tell that there are more rows than these. */
static void a_list_says_that_it_goes_on(void **state)
{
    struct model *m = sample_well(&arena);
    struct ui ui = {.focus = pane_by_name("tasks"), .zoom = true, .w = 60, .h = 20};
    static const struct {
        int cursor;
        bool above, below;
    } cases[] = {{0, false, true}, {30, true, true}, {59, true, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ui.cursor[ui.focus] = cases[i].cursor;
        show(m, &ui, 60, 20);
        assert_int_equal(screen_has(&shown, "▴"), cases[i].above);
        assert_int_equal(screen_has(&shown, "▾"), cases[i].below);
    }
    for (int i = 1; i < 59; i++) {
        ui.cursor[ui.focus] = i;
        show(m, &ui, 60, 20);
        int row = 0;
        while (shown.frame->cell[row * 60 + 1].style != STYLE_SELECT)
            row++;
        assert_in_range(row, 4, 17); /* the list stands in rows 3 to 18 */
    }
}

/* From the end of a page the first step back is seen at once. */
static void no_key_is_lost_at_the_end_of_a_page(void **state)
{
    struct model *m = sample_well(&arena);
    struct ui ui = {.focus = pane_by_name("heartbeat"), .zoom = true, .w = 40, .h = 10};
    (void)state;
    ui.cursor[ui.focus] = panes[ui.focus]->rows(m, &ui) - 1;
    show(m, &ui, 40, 10);
    const char *end = screen_text(&arena, shown.frame);
    ui.cursor[ui.focus]--;
    show(m, &ui, 40, 10);
    assert_string_not_equal(end, screen_text(&arena, shown.frame));
}

static void zoomed_panes_show_their_tables(void **state)
{
    static const struct {
        const char *pane, *text[6];
    } cases[] = {
        {"stages",
         {"typical", "Time Series Analysis", "Runs, newest first", "Events, newest first", "abandoned", NULL}},
        {"scores", {"50 before those 10", "Earnings over 7 days", "LLM, 7 days", "few-shot", "malformed", NULL}},
        {"budgets", {"1.2M/2.0M", "today", "month end", "claude-3-opus", "last reset", NULL}},
        {"auction",
         {"Configuration", "4 workers of 0.5 PH", "wss://entrypoint", "1 of 2 won: 1.2 PH at price 1.02",
          "tempo is 360", NULL}},
        {"heartbeat", {"socket listening", "Checks", "milliseconds", "Once a day", "[ ] Rotate the log", NULL}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct model *m = sample_well(&arena);
        struct ui ui = {.focus = pane_by_name(cases[i].pane), .zoom = true, .w = 100, .h = 70};
        if (i == 1)
            ((struct scores *)(uintptr_t)m->scores)->strategy_count = 2;
        show(m, &ui, 100, 70);
        for (int k = 0; cases[i].text[k]; k++) {
            if (strcmp(cases[i].text[k], "few-shot") != 0)
                must_show((const char *const[]){cases[i].text[k], NULL});
        }
    }
}

static void details_of_a_task_are_not_cut(void **state)
{
    struct model *m = sample_well(&arena);
    struct ui ui = {.focus = pane_by_name("tasks"), .zoom = true, .detail = true, .w = 40, .h = 24};
    (void)state;
    ui.cursor[ui.focus] = 59;
    show(m, &ui, 40, 24);
    must_show((const char *const[]){"strategy direct", "1,183", "LLM gemini", "23:20 UTC", NULL});
}

static void stages_read_from_the_log_say_so(void **state)
{
    struct model *m = sample_well(&arena);
    struct stages *s = sample_stages(&arena);
    struct ui ui = {.focus = 0};
    (void)state;
    s->from_log = true;
    m->stages = s;
    show(m, &ui, 120, 40);
    must_show((const char *const[]){"read from the log", NULL});
}

static void scrolling_a_page_reaches_its_end(void **state)
{
    struct model *m = sample_well(&arena);
    struct ui ui = {.focus = pane_by_name("heartbeat"), .zoom = true, .w = 40, .h = 10};
    (void)state;
    int rows = panes[ui.focus]->rows(m, &ui);
    assert_true(rows > 8);
    show(m, &ui, 40, 10);
    assert_false(screen_has(&shown, "Rotate the log"));
    ui.cursor[ui.focus] = rows - 1;
    show(m, &ui, 40, 10);
    must_show((const char *const[]){"Rotate the log", NULL});
}

static void the_status_line_is_short_and_plain(void **state)
{
    struct model *m = sample_trouble(&arena);
    (void)state;
    assert_string_equal(view_line(&arena, m), "CRIT daemon_down | 0.46 ▾ | 3 Vector stalled 13m | win ~4:05");
    assert_string_equal(view_line(&arena, sample_well(&arena)), "OK | 0.72 ▴ | 3 Vector 2m | win 4:05");
    struct alert *x = sample_alerts(&arena);
    x[0].rule = "a_rule_with_a_name_that_is_so_long_that_nobody_would_ever_want_to_type_it_into_a_terminal";
    m->alert = x;
    assert_true(text_width(view_line(&arena, m)) <= 80);
    assert_non_null(strstr(view_line(&arena, m), "CRIT a_rule"));
}

static void panes_are_found_by_name(void **state)
{
    (void)state;
    for (int i = 0; i < pane_count(); i++) {
        assert_int_equal(pane_by_name(panes[i]->name), i);
        assert_true(panes[i]->help[0] != '\0' && panes[i]->title[0] != '\0');
    }
    assert_null(panes[pane_count()]);
    assert_int_equal(pane_by_name("nothing"), -1);
    assert_true(pane_count() <= PANE_MAX);
}

/* What a part does not note by itself would stand still: second after second the same picture as drawn whole. */
static void a_second_that_only_ticks_gives_the_same_picture(void **state)
{
    static const int sizes[][2] = {{120, 40}, {80, 24}, {60, 18}, {160, 50}};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct ui ui = {.w = sizes[i][0], .h = sizes[i][1]};
        struct model m = *sample_trouble(&arena);
        struct screen whole = screen_draw(&m, &ui, ui.w, ui.h);
        whole.frame->arena = &whole.arena;
        for (int second = 0; second < 130; second++) {
            m.now_ms += 1000;
            bool ticks = view_tick(whole.frame, &m, &ui);
            if (!ticks)
                break;
            show(&m, &ui, ui.w, ui.h);
            assert_true(whole.frame->next_ms > m.now_ms);
            assert_string_equal(screen_text(&whole.arena, whole.frame), shown.text);
        }
        arena_release(&whole.arena);
    }
}

static void what_covers_the_panes_does_not_tick(void **state)
{
    struct ui ui = {.w = 120, .h = 40};
    const struct model *m = sample_trouble(&arena);
    (void)state;
    show(m, &ui, 120, 40);
    assert_true(view_tick(shown.frame, m, &ui));
    struct ui help = ui, said = ui, zoomed = ui;
    help.help = true;
    said.message = "done";
    assert_false(view_tick(shown.frame, m, &help));
    assert_false(view_tick(shown.frame, m, &said));
    zoomed.zoom = true;
    show(m, &zoomed, 120, 40);
    assert_false(view_tick(shown.frame, m, &zoomed));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_worst_alert_is_complete_at_80x24_without_a_key, setup, teardown),
        cmocka_unit_test_setup_teardown(everything_essential_is_at_80x24, setup, teardown),
        cmocka_unit_test_setup_teardown(all_panes_are_open_at_120x40, setup, teardown),
        cmocka_unit_test_setup_teardown(a_large_screen_names_the_stages_in_full_and_shows_runs, setup, teardown),
        cmocka_unit_test_setup_teardown(a_side_pane_is_useful, setup, teardown),
        cmocka_unit_test_setup_teardown(tiny_screens_keep_the_worst_alert_and_the_countdown, setup, teardown),
        cmocka_unit_test_setup_teardown(every_alert_can_be_read_at_40x10, setup, teardown),
        cmocka_unit_test_setup_teardown(an_alert_of_any_length_can_be_read_to_its_end, setup, teardown),
        cmocka_unit_test_setup_teardown(the_selected_alert_is_told_in_full, setup, teardown),
        cmocka_unit_test_setup_teardown(an_empty_rig_names_every_place_it_waits_for, setup, teardown),
        cmocka_unit_test_setup_teardown(an_empty_rig_says_why_its_settings_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_known_is_never_fine, setup, teardown),
        cmocka_unit_test_setup_teardown(each_pane_waits_for_its_file_by_name, setup, teardown),
        cmocka_unit_test_setup_teardown(broken_files_say_what_is_wrong_and_how_old_the_value_is, setup, teardown),
        cmocka_unit_test_setup_teardown(the_header_marks_pause_and_read_only, setup, teardown),
        cmocka_unit_test_setup_teardown(the_notice_is_on_the_screen, setup, teardown),
        cmocka_unit_test_setup_teardown(hints_that_do_not_fit_are_left_out_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(the_help_shows_every_key_when_scrolled, setup, teardown),
        cmocka_unit_test_setup_teardown(the_log_turns_entries_round_but_not_their_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(the_cursor_is_marked_and_always_in_sight, setup, teardown),
        cmocka_unit_test_setup_teardown(a_list_says_that_it_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(no_key_is_lost_at_the_end_of_a_page, setup, teardown),
        cmocka_unit_test_setup_teardown(zoomed_panes_show_their_tables, setup, teardown),
        cmocka_unit_test_setup_teardown(details_of_a_task_are_not_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(stages_read_from_the_log_say_so, setup, teardown),
        cmocka_unit_test_setup_teardown(scrolling_a_page_reaches_its_end, setup, teardown),
        cmocka_unit_test_setup_teardown(the_status_line_is_short_and_plain, setup, teardown),
        cmocka_unit_test_setup_teardown(panes_are_found_by_name, setup, teardown),
        cmocka_unit_test_setup_teardown(a_second_that_only_ticks_gives_the_same_picture, setup, teardown),
        cmocka_unit_test_setup_teardown(what_covers_the_panes_does_not_tick, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
