/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/timetext.h"
#include "model/log.h"

static struct arena arena;
static struct logfold *fold;
static const int64_t minute = 60000, hour = 3600000;

static int start(void **state)
{
    (void)state;
    fold = logfold_new(0);
    return 0;
}

static int tidy(void **state)
{
    (void)state;
    logfold_free(fold);
    arena_release(&arena);
    return 0;
}

static const struct log *seen(int64_t now_ms)
{
    struct docs docs = {.logfold = fold};
    return log_at(&arena, &docs, now_ms);
}

static const struct log *after(const char *text)
{
    logfold_feed(fold, bytes_of(text));
    return seen(0);
}

static struct bytes fixture(const char *path)
{
    struct bytes text;
    struct file_stat st;
    struct err e;
    assert_true(file_read(&arena, path, 1 << 20, &text, &st, &e));
    return text;
}

static const struct log_line *last(const struct log *l)
{
    assert_true(l->line_count > 0);
    return &l->line[l->line_count - 1];
}

/* ---- fixtures ----------------------------------------------------------------------------------------------------- */

static void the_nul_hole_is_skipped_and_the_doubled_lines_collapse(void **state)
{
    (void)state;
    logfold_feed(fold, fixture(FIXTURES "/miner_nul_hole.log"));
    const struct log *l = seen(INT64_C(1795322920000));
    assert_int_equal(l->lines, 4);
    assert_int_equal(l->line_count, 2);
    assert_int_equal(l->nul_runs, 1);
    assert_int_equal(l->count[LOG_INFO], 2);
    assert_string_equal(l->line[0].text, "Waiting for tasks...");
    assert_string_equal(l->line[0].source, "__main__");
    assert_int_equal(l->line[0].repeat, 2);
    assert_string_equal(l->line[1].text, "Received shutdown signal 15");
    assert_int_equal(l->line[1].repeat, 2);
    assert_int_equal(l->mark[LOG_MARK_SHUTDOWN].count, 1);
    assert_int_equal(l->last_ms, INT64_C(1795322913121));
    assert_int_equal(l->last_hour[LOG_INFO], 2);
}

static void check_story(const struct log *l)
{
    assert_int_equal(l->lines, 25);
    assert_int_equal(l->stage_count, 20);
    assert_int_equal(l->count[LOG_INFO], 24);
    assert_int_equal(l->count[LOG_ERROR], 1);
    assert_int_equal(l->count[LOG_NONE], 0);
    assert_int_equal(l->error_count, 1);
    assert_int_equal(l->mark[LOG_MARK_START].count, 1);
    assert_string_equal(l->stage[14].name, "Complete");
    assert_string_equal(l->stage[14].username, "elonmusk");
    assert_int_equal(l->stage[16].status, STAGE_STATUS_FAILED);
    assert_string_equal(l->stage[16].message, "Failed to scrape profile");
    assert_string_equal(l->module1, "Running");
    assert_string_equal(l->module2, "Running");
    assert_null(l->bittensor);
    assert_string_equal(l->status_line, "Mode: watchdog | Module 1: Running | Module 2: Running | "
                                        "Stage: Vector Database - running (elonmusk)");
    assert_string_equal(l->line[1].text, "🎯 Stage tracking system initialized");
}

static void the_documented_log_is_understood(void **state)
{
    (void)state;
    logfold_feed(fold, fixture(FIXTURES "/stage_log_doc.txt"));
    check_story(seen(0));
    assert_int_equal(seen(0)->last_ms, NOT_KNOWN);
    assert_int_equal(seen(0)->stage[0].at_ms, NOT_KNOWN);
}

static void the_bittensor_log_is_understood_through_colours_and_pm2(void **state)
{
    (void)state;
    logfold_feed(fold, fixture(FIXTURES "/stage_log_bt.txt"));
    const struct log *l = seen(0);
    check_story(l);
    assert_int_equal(l->stage[0].at_ms, INT64_C(1750473784148));
    assert_int_equal(l->last_ms, INT64_C(1750473804888));
    assert_int_equal(l->status_ms, INT64_C(1750473804888));
}

static void blocks_may_be_cut_anywhere(void **state)
{
    (void)state;
    struct bytes text = fixture(FIXTURES "/stage_log_bt.txt");
    for (size_t i = 0; i < text.len; i++)
        logfold_feed(fold, (struct bytes){text.at + i, 1});
    check_story(seen(0));
}

static void nul_runs_are_counted_once_across_blocks(void **state)
{
    (void)state;
    struct bytes text = fixture(FIXTURES "/miner_nul_hole.log");
    for (size_t i = 0; i < text.len; i++)
        logfold_feed(fold, (struct bytes){text.at + i, 1});
    assert_int_equal(seen(0)->nul_runs, 1);
    assert_int_equal(seen(0)->line_count, 2);
}

/* ---- families ----------------------------------------------------------------------------------------------------- */

static void every_family_gives_level_source_and_text(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum log_level level;
        const char *source, *text;
    } rows[] = {
        {"2026-11-22 04:48:26,955 - utils.token_budget - WARNING - low - very", LOG_WARNING, "utils.token_budget",
         "low - very"},
        {"2026-11-22 04:48:26 |     SUCCESS      | done", LOG_SUCCESS, "", "done"},
        {"2026-11-22 04:48:26.123 |      TRACE       | bt:file.py:12 | deep | text", LOG_DEBUG, "bt:file.py:12",
         "deep | text"},
        {"2026-11-22 04:48:26.123 | INFO     | app.mod:<module>:7 - ready - go", LOG_INFO, "app.mod:<module>:7",
         "ready - go"},
        {"2026-11-22 04:48:26 | ERROR    | no place - here", LOG_ERROR, "", "no place - here"},
        {"2026-11-22 04:48:26 | EVENT | {\"a\": 1}", LOG_INFO, "", "{\"a\": 1}"},
        {"[WARNING] beware", LOG_WARNING, "", "beware"},
        {"[2026-11-22 04:48:26] RESTARTING: bot mm_1h", LOG_WARNING, "", "RESTARTING: bot mm_1h"},
        {"[2026-11-22 04:48:26] STATUS CHECK COMPLETE", LOG_INFO, "", "STATUS CHECK COMPLETE"},
        {"HEARTBEAT_OK", LOG_INFO, "", "HEARTBEAT_OK"},
        {"⚠️ ALERTS:", LOG_WARNING, "", NULL},
        {"0|miner  | [ERROR] behind pm2", LOG_ERROR, "", "behind pm2"},
        {"\x1b[1;31m2026-11-22 04:48:26,955 - a - CRITICAL - red\x1b[0m", LOG_CRITICAL, "a", "red"},
        {"[NOTALEVEL] x", LOG_NONE, "", "[NOTALEVEL] x"},
        {"2026-13-45 99:99:99,000 - a - INFO - x", LOG_NONE, "", "2026-13-45 99:99:99,000 - a - INFO - x"},
        {"[2026-11-22 04:48:26] something else", LOG_NONE, "", "[2026-11-22 04:48:26] something else"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        logfold_feed(fold, bytes_of(rows[i].line));
        const struct log_line *l = last(after("\r\n"));
        assert_int_equal(l->level, rows[i].level);
        assert_string_equal(l->source, rows[i].source);
        if (rows[i].text)
            assert_string_equal(l->text, rows[i].text);
    }
}

static void tracebacks_are_continuations_with_their_indentation(void **state)
{
    (void)state;
    const struct log *l = after("2026-11-22 04:48:26,955 - a - ERROR - Daemon error: x\n"
                                "Traceback (most recent call last):\n  File \"x.py\"\n\tboom\n\nValueError: x\n");
    assert_int_equal(l->line_count, 5);
    assert_false(l->line[0].continuation);
    assert_true(l->line[1].continuation);
    assert_string_equal(l->line[2].text, "  File \"x.py\"");
    assert_string_equal(l->line[3].text, " boom");
    assert_int_equal(l->error_count, 1);
    assert_int_equal(l->count[LOG_NONE], 4);
    assert_int_equal(l->lines, 6);
}

static void log_times_are_the_rigs_local_times(void **state)
{
    (void)state;
    struct logfold *melbourne = logfold_new(11 * 3600);
    struct docs docs = {.logfold = melbourne};
    logfold_feed(melbourne, bytes_of("2026-11-22 15:48:26,955 - a - INFO - x\n"));
    assert_int_equal(log_at(&arena, &docs, 0)->last_ms, INT64_C(1795322906955));
    logfold_free(melbourne);
}

static void hostile_text_is_made_safe_and_cut(void **state)
{
    (void)state;
    char *wide = arena_text(&arena, "[INFO] %0900d\n", 0);
    after("[INFO] a\x1b]0;title\x07"
          "b\x01\xff\n");
    assert_null(strchr(last(seen(0))->text, '\x1b'));
    assert_null(strchr(last(seen(0))->text, '\x01'));
    after(wide);
    assert_true(strlen(last(seen(0))->text) < 512);
    logfold_feed(fold, bytes_of("[ERROR] "));
    for (int i = 0; i < 3000; i++)
        logfold_feed(fold, bytes_of("第第第第第第第第第第"));
    after("\n[INFO] next\n");
    assert_int_equal(seen(0)->error_count, 1);
    assert_true(strlen(seen(0)->error[0].text) < 512);
    assert_string_equal(last(seen(0))->text, "next");
}

/* ---- counting ----------------------------------------------------------------------------------------------------- */

static void adjacent_duplicates_collapse_and_others_do_not(void **state)
{
    (void)state;
    const struct log *l = after("[ERROR] a\n[ERROR] a\n[ERROR] a\n[ERROR] b\n[ERROR] a\n");
    assert_int_equal(l->line_count, 3);
    assert_int_equal(l->line[0].repeat, 3);
    assert_int_equal(l->count[LOG_ERROR], 3);
    assert_int_equal(l->error_count, 3);
    assert_string_equal(l->error[0].text, "a");
    assert_int_equal(l->error[0].repeat, 1);
    assert_int_equal(l->error[2].repeat, 3);
}

static void the_rings_keep_the_newest(void **state)
{
    (void)state;
    for (int i = 0; i < LOG_LINES + 20; i++)
        after(arena_text(&arena, "[ERROR] number %d\n", i));
    const struct log *l = seen(0);
    assert_int_equal(l->line_count, LOG_LINES);
    assert_string_equal(l->line[0].text, "number 20");
    assert_string_equal(last(l)->text, "number 519");
    assert_int_equal(l->error_count, LOG_ERRORS);
    assert_string_equal(l->error[0].text, "number 519");
    assert_int_equal(l->count[LOG_ERROR], LOG_LINES + 20);
}

static void the_last_hour_and_day_go_by_the_lines_own_time(void **state)
{
    (void)state;
    logfold_feed(fold, bytes_of("2026-11-20 23:00:00,000 - a - ERROR - two days ago\n"
                                "2026-11-22 00:00:00,000 - a - ERROR - at midnight\n"
                                "2026-11-22 04:00:00,000 - a - ERROR - at four\n"
                                "2026-11-22 04:10:00,000 - a - WARNING - warned\n"));
    int64_t four = INT64_C(1795320000000);
    assert_int_equal(seen(four + 20 * minute)->last_hour[LOG_ERROR], 1);
    assert_int_equal(seen(four + 20 * minute)->last_hour[LOG_WARNING], 1);
    assert_int_equal(seen(four + 20 * minute)->last_day[LOG_ERROR], 2);
    assert_int_equal(seen(four + 62 * minute)->last_hour[LOG_ERROR], 0);
    assert_int_equal(seen(four + 21 * hour)->last_day[LOG_ERROR], 1);
}

static void marks_are_recognised_by_their_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum log_mark mark;
    } rows[] = {
        {"ğŸ¤– BITTENSOR MINER DAEMON STARTED", LOG_MARK_START},
        {"Received shutdown signal 15", LOG_MARK_SHUTDOWN},
        {"Failed to setup IPC socket: [Errno 98]", LOG_MARK_IPC_ERROR},
        {"IPC socket setup failed", LOG_MARK_IPC_ERROR},
        {"Failed to start MCP server: x", LOG_MARK_WALLET_ERROR},
        {"Failed to get balance: x", LOG_MARK_WALLET_ERROR},
        {"Insufficient budget for openai-gpt4: need 5, have 3 (keeping 10.0% buffer)", LOG_MARK_BUDGET_REFUSED},
        {"Inference failed for task 7", LOG_MARK_INFERENCE_FAILED},
        {"Failed to save state: disk full", LOG_MARK_SAVE_FAILED},
        {"Wallet MCP server started", LOG_MARK_WALLET_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t before = seen(0)->mark[rows[i].mark].count;
        after(arena_text(&arena, "2026-11-22 04:%02zu:00,000 - x - INFO - %s\n", i, rows[i].text));
        assert_int_equal(seen(0)->mark[rows[i].mark].count, before + 1);
        assert_int_equal(seen(0)->mark[rows[i].mark].last_ms, INT64_C(1795320000000) + (int64_t)i * minute);
    }
}

static void a_wallet_is_broken_until_a_later_success(void **state)
{
    (void)state;
    after("[ERROR] Failed to get wallet balance: timeout\n");
    assert_true(seen(0)->wallet_broken);
    assert_string_equal(seen(0)->wallet_text, "Failed to get wallet balance: timeout");
    after("[INFO] Starting wallet MCP server...\n");
    assert_true(seen(0)->wallet_broken);
    after("2026-11-22 04:00:00,000 - wallet_manager - INFO - MCP server started\n");
    assert_false(seen(0)->wallet_broken);
}

static void a_stop_that_is_logged_twice_counts_once(void **state)
{
    (void)state;
    after("2026-11-22 04:00:00,000 - a - INFO - Received shutdown signal 15\n"
          "2026-11-22 04:00:04,000 - a - INFO - Received shutdown signal 15\n"
          "2026-11-22 04:01:00,000 - a - INFO - Received shutdown signal 2\n");
    assert_int_equal(seen(0)->mark[LOG_MARK_SHUTDOWN].count, 2);
}

static void ipc_errors_are_counted_over_a_rolling_hour(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++)
        after(arena_text(&arena, "2026-11-22 04:%02d:00,000 - a - ERROR - IPC socket setup failed\n", i));
    int64_t four = INT64_C(1795320000000);
    assert_int_equal(seen(four + 7 * minute)->ipc_errors_hour, 8);
    assert_int_equal(seen(four + 62 * minute)->ipc_errors_hour, 5);
    assert_int_equal(seen(four + 5 * hour)->ipc_errors_hour, 0);
}

static void a_restart_leaves_a_marker_and_keeps_the_counters(void **state)
{
    (void)state;
    after("[ERROR] same\n[ERROR] half");
    logfold_break(fold, "log restarted");
    const struct log *l = after("[ERROR] same\n");
    assert_int_equal(l->restarts, 1);
    assert_int_equal(l->line_count, 3);
    assert_string_equal(l->line[1].text, "log restarted");
    assert_int_equal(l->line[2].repeat, 1);
    assert_int_equal(l->count[LOG_ERROR], 2);
}

static void the_status_line_is_split_at_its_known_labels_only(void **state)
{
    (void)state;
    after("[INFO] Miner Status: Mode: watchdog | Bittensor: Failed | Module 1: Stopped | Module 2: Running | "
          "Stage: Data Scraping - running (x | Module 1: Running)\n");
    assert_string_equal(seen(0)->bittensor, "Failed");
    assert_string_equal(seen(0)->module1, "Stopped");
    assert_string_equal(seen(0)->module2, "Running");
    after("[INFO] Miner Status: Mode: direct\n");
    assert_null(seen(0)->module1);
}

static void an_unread_log_is_not_known(void **state)
{
    (void)state;
    struct docs none = {0};
    assert_false(log_at(&arena, &none, 0)->known);
    assert_false(seen(0)->known);
    assert_int_equal(seen(0)->last_ms, NOT_KNOWN);
    assert_true(after("x")->known);
    assert_int_equal(seen(0)->lines, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_nul_hole_is_skipped_and_the_doubled_lines_collapse, start, tidy),
        cmocka_unit_test_setup_teardown(the_documented_log_is_understood, start, tidy),
        cmocka_unit_test_setup_teardown(the_bittensor_log_is_understood_through_colours_and_pm2, start, tidy),
        cmocka_unit_test_setup_teardown(blocks_may_be_cut_anywhere, start, tidy),
        cmocka_unit_test_setup_teardown(nul_runs_are_counted_once_across_blocks, start, tidy),
        cmocka_unit_test_setup_teardown(every_family_gives_level_source_and_text, start, tidy),
        cmocka_unit_test_setup_teardown(tracebacks_are_continuations_with_their_indentation, start, tidy),
        cmocka_unit_test_setup_teardown(log_times_are_the_rigs_local_times, start, tidy),
        cmocka_unit_test_setup_teardown(hostile_text_is_made_safe_and_cut, start, tidy),
        cmocka_unit_test_setup_teardown(adjacent_duplicates_collapse_and_others_do_not, start, tidy),
        cmocka_unit_test_setup_teardown(the_rings_keep_the_newest, start, tidy),
        cmocka_unit_test_setup_teardown(the_last_hour_and_day_go_by_the_lines_own_time, start, tidy),
        cmocka_unit_test_setup_teardown(marks_are_recognised_by_their_words, start, tidy),
        cmocka_unit_test_setup_teardown(a_wallet_is_broken_until_a_later_success, start, tidy),
        cmocka_unit_test_setup_teardown(a_stop_that_is_logged_twice_counts_once, start, tidy),
        cmocka_unit_test_setup_teardown(ipc_errors_are_counted_over_a_rolling_hour, start, tidy),
        cmocka_unit_test_setup_teardown(a_restart_leaves_a_marker_and_keeps_the_counters, start, tidy),
        cmocka_unit_test_setup_teardown(the_status_line_is_split_at_its_known_labels_only, start, tidy),
        cmocka_unit_test_setup_teardown(an_unread_log_is_not_known, start, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
