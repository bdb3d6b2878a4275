/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pane with the output of a command, at every size and in every phase. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "sample_model.h"
#include "view/output.h"
#include "view_screen.h"

static struct arena arena;
static struct screen shown;
static struct output_lines *lines;
static struct output output;
static struct ui ui;

static int setup(void **state)
{
    (void)state;
    arena = (struct arena){0};
    lines = arena_alloc(&arena, sizeof *lines);
    output = (struct output){
        .title = "Restart",
        .command = {"scripts/stop-miner.sh", "scripts/start-miner.sh --name 'a b'"},
        .folder = "/srv/rig",
        .host = "rig7",
        .steps = 2,
        .limit_ms = 120000,
        .lines = lines,
    };
    ui = (struct ui){.mode = UI_OUTPUT, .output = &output};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&shown.arena);
    arena_release(&arena);
    return 0;
}

static void add(int count)
{
    for (int i = 0; i < count; i++, lines->count++)
        snprintf(lines->text[lines->count % OUTPUT_LINES], OUTPUT_LINE, "line %d.", (int)lines->count);
}

static const struct model *show(int w, int h)
{
    const struct model *m = sample_trouble(&arena);
    if (output.begun_ms == 0)
        output.begun_ms = m->now_ms - 12400;
    ui.w = w;
    ui.h = h;
    arena_release(&shown.arena);
    shown = screen_draw(m, &ui, w, h);
    return m;
}

static void must_show(const char *const *texts)
{
    for (int i = 0; texts[i]; i++)
        if (!screen_has(&shown, texts[i]))
            fail_msg("not on the screen: %s\n%s", texts[i], shown.text);
}

static void command_folder_and_time_stand_around_the_output(void **state)
{
    (void)state;
    add(3);
    snprintf(lines->part, sizeof lines->part, "and more ...");
    static const int sizes[][2] = {{120, 40}, {80, 24}, {40, 12}, {200, 60}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct model *m = show(sizes[i][0], sizes[i][1]);
        must_show((const char *const[]){"Restart", "▸ scripts/stop-miner.sh", "∙ scripts/start-miner.sh", "/srv/rig",
                                        "on rig7", "line 2.", "and more ...", "runs for 12s, at most 2m 00s",
                                        "Esc closes", NULL});
        assert_true(shown.frame->next_ms <= m->now_ms + 600);
    }
}

static void each_phase_is_told_in_words(void **state)
{
    (void)state;
    output.step = 1;
    show(80, 24);
    must_show((const char *const[]){"✓ scripts/stop-miner.sh", "▸ scripts/start-miner.sh", "no output yet", NULL});
    output.phase = OUTPUT_HEALTH;
    output.result = "exit 0 after 3.2s";
    output.good = true;
    output.health_ms = sample_trouble(&arena)->now_ms + 42000;
    show(80, 24);
    must_show((const char *const[]){"✓ scripts/start-miner.sh", "exit 0 after 3.2s",
                                    "waiting for what becomes of it, 0:42 more", NULL});
    output.phase = OUTPUT_DONE;
    output.health = "the daemon is UP, pid 4711";
    output.healthy = true;
    show(80, 24);
    must_show((const char *const[]){"exit 0 after 3.2s", "the daemon is UP, pid 4711", NULL});
    output.good = false;
    output.health = NULL;
    output.result = "exit 7 after 3.2s, step 2 of 2";
    const struct model *m = show(80, 24);
    must_show((const char *const[]){"✗ scripts/start-miner.sh", "exit 7 after 3.2s, step 2 of 2", NULL});
    assert_true(m != NULL && !screen_has(&shown, "waiting for what"));
}

static void the_newest_lines_are_seen_and_the_oldest_can_be_reached(void **state)
{
    (void)state;
    add(OUTPUT_LINES + 50);
    show(80, 24);
    must_show((const char *const[]){"line 449.", NULL});
    assert_false(screen_has(&shown, "line 50."));
    ui.output_scroll = output_most(&ui);
    show(80, 24);
    must_show((const char *const[]){"line 50.", NULL});
    ui.output_scroll = 100000;
    show(80, 24);
    must_show((const char *const[]){"line 50.", NULL});
    assert_false(screen_has(&shown, "line 49."));
}

static void alerts_stay_in_sight_while_there_is_little_output(void **state)
{
    (void)state;
    add(2);
    show(120, 40);
    must_show((const char *const[]){"The miner's daemon is down", "line 1.", NULL});
}

static void nothing_breaks_at_any_size(void **state)
{
    (void)state;
    add(5);
    snprintf(lines->text[2], OUTPUT_LINE,
             "a long one: 日本語のエラーメッセージがここにあります。日本語のエラーメッセージがここにあります。 %0100d",
             7);
    output.health =
        "the daemon is not UP after 1m 02s but DOWN: nobody knows why, and this sentence is long enough to wrap";
    output.result = "exit 0 after 3.2s";
    for (int h = 1; h < 45; h++)
        for (int w = 1; w < 130; w += w < 50 ? 1 : 7) {
            show(w, h);
            assert_int_equal(broken_cell(shown.frame), -1);
            ui.output_scroll = output_most(&ui);
            assert_in_range(ui.output_scroll, 0, 5);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(command_folder_and_time_stand_around_the_output, setup, teardown),
        cmocka_unit_test_setup_teardown(each_phase_is_told_in_words, setup, teardown),
        cmocka_unit_test_setup_teardown(the_newest_lines_are_seen_and_the_oldest_can_be_reached, setup, teardown),
        cmocka_unit_test_setup_teardown(alerts_stay_in_sight_while_there_is_little_output, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_breaks_at_any_size, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
