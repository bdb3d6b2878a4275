/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "action/ask.h"
#include "base/timetext.h"
#include "view/key.h"
#include "view/output.h"
#include "view/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena a;
static char dir[64];

struct yard {
    struct ui ui;
    struct model *m;
    int64_t at_ms;
};

static void put(const char *name, const char *text, mode_t mode)
{
    const char *path = arena_text(&a, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(chmod(path, mode), 0);
}

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/davy-ask-XXXXXX");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(mkdir(arena_text(&a, "%s/scripts", dir), 0755), 0);
    put("scripts/start-miner.sh", "#!/bin/sh\n", 0755);
    put("scripts/stop-miner.sh", "#!/bin/sh\n", 0755);
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    static const char *const names[] = {"scripts/start-miner.sh",
                                        "scripts/stop-miner.sh",
                                        "scripts/real.sh",
                                        "scripts",
                                        "start-miner.sh",
                                        "davy.toml",
                                        "state/davy/audit.jsonl",
                                        "state/davy",
                                        "state",
                                        ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        remove(arena_text(&a, "%s/%s", dir, names[i]));
    arena_release(&a);
    return 0;
}

static struct settings settings;

static struct yard *yard(void)
{
    struct yard *y = arena_alloc(&a, sizeof *y);
    settings = *settings_default();
    struct docs docs = {.settings = &settings};
    struct origin *origin = arena_array(&a, DOC_COUNT, sizeof *origin);
    for (int i = 0; i < DOC_COUNT; i++)
        origin[i] =
            (struct origin){.key = doc_rows[i].key, .path = "davy.toml", .read_ms = NOT_KNOWN, .mtime_ms = NOT_KNOWN};
    struct model_in in = {
        .now_ms = 1763787600000, .rig_name = "r", .rig_dir = dir, .host = "h", .docs = &docs, .origin = origin};
    y->m = model_build(&a, &in);
    y->ui = (struct ui){.w = 120, .h = 40};
    y->at_ms = 1000;
    return y;
}

static enum order press(struct yard *y, int key)
{
    struct act act = {.ui = &y->ui, .model = y->m, .arena = &a, .dir = dir, .at_ms = y->at_ms, .key = key};
    action_run(&act);
    return act.order;
}

static void no_is_what_every_way_out_says(void **state)
{
    (void)state;
    struct yard *y = yard();
    static const int out[] = {K_ENTER, K_ESC, 'n', K_CTRL_C};
    for (size_t i = 0; i < sizeof out / sizeof *out; i++) {
        press(y, 'r');
        assert_true(y->ui.mode == UI_ASK && y->ui.ask.commands == 2 && !y->ui.ask.yes);
        y->at_ms += 1000;
        assert_int_equal(press(y, out[i]), ORDER_NONE);
        assert_true(y->ui.mode == UI_KEYS);
        assert_string_equal(y->ui.message, "nothing was started");
    }
}

static void yes_is_y_or_the_marked_button(void **state)
{
    (void)state;
    struct yard *y = yard();
    static const int ways[][3] = {{'y'}, {K_TAB, K_ENTER}, {K_RIGHT, K_ENTER}, {K_LEFT, 'y'}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        enum order order = ORDER_NONE;
        press(y, 'r');
        y->at_ms += 1000;
        for (int k = 0; ways[i][k]; k++)
            order = press(y, ways[i][k]);
        assert_int_equal(order, ORDER_ERRAND);
        assert_true(y->ui.mode == UI_KEYS);
    }
    press(y, 'r');
    y->at_ms += 1000;
    press(y, K_TAB);
    press(y, K_TAB);
    assert_int_equal(press(y, K_ENTER), ORDER_NONE);
}

static void every_other_key_does_nothing(void **state)
{
    (void)state;
    struct yard *y = yard();
    press(y, 'r');
    y->at_ms += 1000;
    struct ui before = y->ui;
    for (int key = 0; key < K_DELETE; key = key == 0x7f ? K_UP : key + 1) {
        static const int known[] = {'y',      'n',   K_ENTER,   '\n',   K_ESC,   K_CTRL_C, K_CTRL_L,
                                    K_CTRL_Z, K_TAB, K_BACKTAB, K_LEFT, K_RIGHT, 0x7f};
        bool skip = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            skip = skip || known[i] == key;
        if (!skip)
            assert_int_equal(press(y, key), ORDER_NONE);
        assert_memory_equal(&before, &y->ui, sizeof before);
    }
}

static void an_answer_that_is_quicker_than_a_reader_is_none(void **state)
{
    (void)state;
    struct yard *y = yard();
    press(y, 'r');
    y->at_ms += 100;
    assert_int_equal(press(y, 'y'), ORDER_NONE);
    assert_true(y->ui.mode == UI_ASK);
    assert_string_equal(y->ui.ask.hint, "too quick to have been read");
    y->at_ms += 250;
    assert_int_equal(press(y, 'y'), ORDER_ERRAND);
}

static void what_cannot_be_read_cannot_be_said_yes_to(void **state)
{
    (void)state;
    struct yard *y = yard();
    static const struct {
        int w, h;
        bool fits;
    } table[] = {{120, 40, true}, {80, 24, true},  {40, 12, true}, {40, 8, true},
                 {20, 5, false},  {16, 30, false}, {1, 1, false}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        y->ui.w = table[i].w;
        y->ui.h = table[i].h;
        press(y, 'r');
        y->at_ms += 1000;
        assert_int_equal(press(y, 'y'), table[i].fits ? ORDER_ERRAND : ORDER_NONE);
        if (!table[i].fits)
            press(y, K_ESC);
    }
}

static void where_nothing_can_be_started_it_is_said(void **state)
{
    (void)state;
    struct yard *y = yard();
    struct output runs = {.command = {"x"}, .steps = 1, .phase = OUTPUT_HEALTH};
    y->ui.read_only = true;
    press(y, 'r');
    assert_true(y->ui.mode == UI_KEYS && strstr(y->ui.message, "read-only"));
    y->ui.read_only = false;
    y->ui.paused = true;
    press(y, 'r');
    assert_true(y->ui.mode == UI_KEYS && strstr(y->ui.message, "held"));
    y->ui.paused = false;
    y->ui.output = &runs;
    press(y, 'r');
    assert_true(y->ui.mode == UI_KEYS && strstr(y->ui.message, "one command at a time"));
    runs.phase = OUTPUT_DONE;
    press(y, 'r');
    assert_true(y->ui.mode == UI_ASK);
}

static void a_question_without_a_command_has_no_yes(void **state)
{
    (void)state;
    struct yard *y = yard();
    put("scripts/start-miner.sh", "", 0644);
    press(y, 'r');
    assert_int_equal(y->ui.ask.commands, 0);
    assert_non_null(strstr(y->ui.ask.why, "not executable: chmod +x it"));
    assert_string_equal(y->ui.ask.set[0], "[actions]");
    y->at_ms += 1000;
    assert_int_equal(press(y, 'y'), ORDER_NONE);
    assert_int_equal(press(y, K_TAB), ORDER_NONE);
    assert_int_equal(press(y, K_ENTER), ORDER_NONE);
    assert_true(y->ui.mode == UI_KEYS);
}

static void above_the_limit_yes_is_a_word(void **state)
{
    (void)state;
    struct yard *y = yard();
    assert_true(mkdir(arena_text(&a, "%s/state", dir), 0755) == 0 &&
                mkdir(arena_text(&a, "%s/state/davy", dir), 0700) == 0);
    const char *line = "{\"event\":\"begun\",\"action\":\"restart\",\"begun\":1763787300000}\n";
    put("state/davy/audit.jsonl", arena_text(&a, "%s%s%s", line, line, line), 0600);
    press(y, 'r');
    assert_non_null(
        strstr(y->ui.ask.limit, "restart ran 3 times within 15 minutes already; one more is allowed in 10m 00s"));
    y->at_ms += 1000;
    for (const char *c = "yryfxorrcyef"; *c; c++)
        assert_int_equal(press(y, *c), ORDER_NONE);
    assert_string_equal(y->ui.ask.typed, "force");
    press(y, K_BACKSPACE);
    assert_int_equal(press(y, K_ENTER), ORDER_NONE);
    assert_true(y->ui.mode == UI_KEYS);
    press(y, 'r');
    y->at_ms += 1000;
    assert_string_equal(y->ui.ask.typed, "");
    for (const char *c = "force"; *c; c++)
        press(y, *c);
    assert_int_equal(press(y, K_ENTER), ORDER_ERRAND);
    press(y, 'c'); /* each of its own */
    assert_null(y->ui.ask.limit);
}

static void the_output_scrolls_and_closes(void **state)
{
    (void)state;
    struct yard *y = yard();
    struct output_lines *lines = arena_alloc(&a, sizeof *lines);
    struct output o = {.title = "Restart",
                       .command = {"x"},
                       .steps = 1,
                       .folder = "/",
                       .host = "h",
                       .phase = OUTPUT_RUNNING,
                       .lines = lines};
    for (; lines->count < 100; lines->count++)
        snprintf(lines->text[lines->count], OUTPUT_LINE, "line %d", (int)lines->count);
    press(y, 'o');
    assert_string_equal(y->ui.message, "nothing was started yet; r and c do");
    y->ui.output = &o;
    press(y, 'o');
    assert_true(y->ui.mode == UI_OUTPUT && y->ui.output_scroll == 0);
    press(y, 'k');
    assert_int_equal(y->ui.output_scroll, 1);
    press(y, 'g');
    int top = y->ui.output_scroll;
    assert_true(top > 50 && top < 100);
    press(y, K_PGUP);
    assert_int_equal(y->ui.output_scroll, top);
    press(y, 'j');
    assert_int_equal(y->ui.output_scroll, top - 1);
    press(y, 'G');
    assert_int_equal(y->ui.output_scroll, 0);
    for (const char *c = "ryryc\r?:/1"; *c; c++)
        press(y, *c);
    assert_true(y->ui.mode == UI_OUTPUT);
    press(y, K_ESC);
    assert_true(y->ui.mode == UI_KEYS);
    assert_string_equal(y->ui.message, "it goes on; o shows it again");
}

/* ---- plan_find(): what is on this machine ---- */

static const struct plan *find(struct yard *y)
{
    return plan_find(&a, PLAN_RESTART, y->m, dir);
}

static void scripts_are_found_beside_the_rig_s_files_too(void **state)
{
    (void)state;
    struct yard *y = yard();
    assert_string_equal(find(y)->step[1].argv[0], "scripts/start-miner.sh");
    assert_int_equal(rename(arena_text(&a, "%s/scripts/start-miner.sh", dir), arena_text(&a, "%s/start-miner.sh", dir)),
                     0);
    assert_string_equal(find(y)->step[1].argv[0], "start-miner.sh");
    assert_string_equal(find(y)->step[1].program, arena_text(&a, "%s/start-miner.sh", dir));
}

static void scripts_that_others_may_write_are_not_run(void **state)
{
    (void)state;
    struct yard *y = yard();
    const char *scripts = arena_text(&a, "%s/scripts", dir);
    put("scripts/stop-miner.sh", "", 0757);
    assert_non_null(strstr(find(y)->why, "everybody may write to"));
    put("scripts/stop-miner.sh", "", 0755);
    assert_int_equal(chmod(scripts, 0777), 0);
    assert_non_null(strstr(find(y)->why, "everybody may write to"));
    assert_int_equal(chmod(scripts, 0755), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(arena_text(&a, "%s/stop-miner.sh", scripts), 12345, 12345), 0);
        assert_non_null(strstr(find(y)->why, "belongs to user 12345, not to you or root"));
        setenv("SUDO_UID", "12345", 1);
        assert_true(find(y)->known);
        unsetenv("SUDO_UID");
    }
    remove(arena_text(&a, "%s/stop-miner.sh", scripts));
    assert_int_equal(mkdir(arena_text(&a, "%s/stop-miner.sh", scripts), 0755), 0);
    assert_non_null(strstr(find(y)->why, "is not a file"));
    remove(arena_text(&a, "%s/stop-miner.sh", scripts));
    assert_int_equal(symlink("nowhere", arena_text(&a, "%s/stop-miner.sh", scripts)), 0);
    assert_non_null(strstr(find(y)->why, "No such file"));
}

static void davy_toml_s_program_is_a_file_or_found_in_path(void **state)
{
    (void)state;
    struct yard *y = yard();
    static const char *const by_path[] = {"sh", "-c", "x", NULL}, *const relative[] = {"scripts/start-miner.sh", NULL},
                             *const nowhere[] = {"no-such-program-here", NULL},
                             *const absolute[] = {"/nonexistent/x", NULL};
    setenv("PATH", ":relative:/nonexistent:/bin:/usr/bin", 1);
    settings.restart_argv = by_path;
    assert_string_equal(find(y)->step[0].program, "/bin/sh");
    assert_string_equal(find(y)->from, "davy.toml (actions.restart); sh is /bin/sh");
    settings.restart_argv = relative;
    assert_string_equal(find(y)->step[0].program, arena_text(&a, "%s/scripts/start-miner.sh", dir));
    settings.restart_argv = nowhere;
    assert_non_null(strstr(find(y)->why, "no-such-program-here is not in PATH"));
    settings.restart_argv = absolute;
    assert_non_null(strstr(find(y)->why, "/nonexistent/x: No such file"));
    settings.restart_argv = by_path;
    settings.restart_dir = "nowhere";
    assert_non_null(strstr(find(y)->why, "davy.toml sets actions.restart_dir, but"));
    settings.restart_dir = "scripts";
    assert_string_equal(find(y)->folder, arena_text(&a, "%s/scripts", dir));
    put("davy.toml", "", 0666);
    assert_non_null(strstr(find(y)->why, "everybody may write to"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_is_what_every_way_out_says, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(yes_is_y_or_the_marked_button, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(every_other_key_does_nothing, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(an_answer_that_is_quicker_than_a_reader_is_none, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_cannot_be_said_yes_to, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(where_nothing_can_be_started_it_is_said, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_question_without_a_command_has_no_yes, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(above_the_limit_yes_is_a_word, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(the_output_scrolls_and_closes, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(scripts_are_found_beside_the_rig_s_files_too, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(scripts_that_others_may_write_are_not_run, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(davy_toml_s_program_is_a_file_or_found_in_path, make_dir, remove_dir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
