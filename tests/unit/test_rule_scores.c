/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule_rig.h"

struct row {
    double value;
    enum severity want;
};

static void a_drop_fires_above_20_and_50_percent_and_never_at_them(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {0.0, SEVERITY_OK},         {-0.3, SEVERITY_OK},       {0.1999, SEVERITY_OK},      {0.20, SEVERITY_OK},
        {0.2 + 5e-10, SEVERITY_OK}, {0.201, SEVERITY_WARNING}, {0.4999, SEVERITY_WARNING}, {0.5, SEVERITY_WARNING},
        {0.501, SEVERITY_CRITICAL}, {1.0, SEVERITY_CRITICAL},  {NAN, SEVERITY_OK},
    };
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    r.scores.last10 = window_of_mean(10, 0.5, 0.5);
    r.scores.prev50 = window_of_mean(50, 0.7, 0.5);
    r.scores.d7 = window_of_mean(10, 0.5, 0.5);
    r.scores.prev7d = window_of_mean(10, 0.7, 0.5);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r.scores.drop_last10 = r.scores.trend_7d = rows[i].value;
        assert_int_equal(rig_severity(&r, &rule_score_drop_10), rows[i].want);
        assert_int_equal(rig_severity(&r, &rule_score_trend_7d), rows[i].want);
    }
    rig_release(&r);
}

static void a_drop_of_fewer_than_ten_tasks_on_either_side_is_no_alert(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    r.scores.drop_last10 = r.scores.trend_7d = 0.9;
    r.scores.last10 = r.scores.d7 = window_of_mean(10, 0.1, 0.5);
    r.scores.prev50 = r.scores.prev7d = window_of_mean(9, 0.7, 0.5);
    assert_null(rig_ask(&r, &rule_score_drop_10));
    assert_null(rig_ask(&r, &rule_score_trend_7d));
    r.scores.prev50 = r.scores.prev7d = window_of_mean(10, 0.7, 0.5);
    assert_non_null(rig_ask(&r, &rule_score_drop_10));
    assert_non_null(rig_ask(&r, &rule_score_trend_7d));
    r.scores.last10 = r.scores.d7 = window_of_mean(9, 0.1, 0.5);
    assert_null(rig_ask(&r, &rule_score_drop_10));
    assert_null(rig_ask(&r, &rule_score_trend_7d));
    rig_release(&r);
}

static void a_drop_tells_both_means_and_the_file(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    r.scores.drop_last10 = 0.2534;
    r.scores.last10 = window_of_mean(10, 0.53, 0.5);
    r.scores.prev50 = window_of_mean(42, 0.71, 0.5);
    const struct alert *a = rig_ask(&r, &rule_score_drop_10);
    assert_complete(a);
    assert_string_equal(a->value_text, "25.3%");
    assert_string_equal(a->limit_text, "> 20%");
    assert_has(a->why, "0.53");
    assert_has(a->why, "42 before them 0.71");
    assert_has(a->why, "state/task-history.jsonl");
    assert_step(a, "tail -n 10 state/task-history.jsonl");
    rig_release(&r);
}

static void the_average_of_24_hours_below_a_half_is_a_warning(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    r.scores.h24 = window_of_mean(10, 0.5, 0.5);
    assert_null(rig_ask(&r, &rule_score_avg));
    r.scores.h24 = window_of_mean(10, 0.5 - 5e-10, 0.5);
    assert_null(rig_ask(&r, &rule_score_avg));
    r.scores.h24 = window_of_mean(10, 0.499, 0.5);
    const struct alert *a = rig_ask(&r, &rule_score_avg);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_string_equal(a->what, "Score average 0.499 over 24 h");
    r.scores.h24 = window_of_mean(9, 0.1, 0.5);
    assert_null(rig_ask(&r, &rule_score_avg));
    rig_release(&r);
}

static void the_average_of_the_last_twenty_below_a_fifth_is_critical(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    r.scores.last20 = window_of_mean(20, 0.2, 0);
    assert_null(rig_ask(&r, &rule_score_avg));
    r.scores.last20 = window_of_mean(20, 0.14, 0);
    const struct alert *a = rig_ask(&r, &rule_score_avg);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_CRITICAL);
    assert_string_equal(a->value_text, "0.14");
    assert_string_equal(a->limit_text, "< 0.20");
    assert_has(a->why, "no scored task");
    r.scores.h24 = window_of_mean(30, 0.3, 0);
    assert_int_equal(rig_severity(&r, &rule_score_avg), SEVERITY_CRITICAL);
    assert_int_equal(r.found.count, 1);
    r.scores.last20 = window_of_mean(9, 0.14, 0);
    assert_int_equal(rig_severity(&r, &rule_score_avg), SEVERITY_WARNING);
    rig_release(&r);
}

static void the_success_rate_fires_below_50_and_30_percent_of_ten_tasks(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {0.9, SEVERITY_OK},         {0.5, SEVERITY_OK},       {0.4999, SEVERITY_WARNING}, {0.3, SEVERITY_WARNING},
        {0.299, SEVERITY_CRITICAL}, {0.0, SEVERITY_CRITICAL}, {NAN, SEVERITY_OK},
    };
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r.scores.h24 = window_of_mean(10, 0.6, rows[i].value);
        assert_int_equal(rig_severity(&r, &rule_success_rate), rows[i].want);
    }
    r.scores.h24 = window_of_mean(9, 0.6, 0.0);
    assert_null(rig_ask(&r, &rule_success_rate));
    r.scores.h24 = window_of_mean(20, 0.6, 0.25);
    const struct alert *a = rig_ask(&r, &rule_success_rate);
    assert_complete(a);
    assert_has(a->why, "25.0% of 20 tasks scored above 0.60");
    rig_release(&r);
}

static void the_roi_fires_below_its_limit_but_not_for_placeholders(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    assert_null(rig_ask(&r, &rule_token_roi));
    r.scores.roi = 0.0005;
    assert_null(rig_ask(&r, &rule_token_roi));
    r.scores.roi = 0.00049;
    r.scores.tao_7d = 0.1;
    r.scores.roi_source = "metrics file";
    const struct alert *a = rig_ask(&r, &rule_token_roi);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_has(a->what, "0.00049");
    assert_has(a->why, "metrics file");
    r.scores.roi = 0;
    assert_int_equal(rig_severity(&r, &rule_token_roi), SEVERITY_WARNING);
    r.scores.roi_placeholder = true;
    assert_null(rig_ask(&r, &rule_token_roi));
    rig_release(&r);
}

static void bad_lines_are_information_with_the_last_note(void **state)
{
    (void)state;
    static const struct history_note notes[] = {{3, 100, "no JSON object"}, {9, 900, "score is the text \"0.9\""}};
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    r.scores.counts.lines = 100;
    assert_null(rig_ask(&r, &rule_history_bad_lines));
    r.scores.counts.malformed = 1;
    const struct alert *a = rig_ask(&r, &rule_history_bad_lines);
    assert_int_equal(a->severity, SEVERITY_INFO);
    assert_has(a->what, "1 unusable line in");
    r.scores.counts.invalid = 2;
    r.scores.note = notes;
    r.scores.note_count = 2;
    a = rig_ask(&r, &rule_history_bad_lines);
    assert_complete(a);
    assert_has(a->what, "3 unusable lines");
    assert_has(a->why, "line 9: score is the text");
    assert_step(a, "sed -n 9p state/task-history.jsonl");
    rig_release(&r);
}

static void synthetic_rows_are_information(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    assert_null(rig_ask(&r, &rule_synthetic));
    r.scores.counts.synthetic = 5;
    const struct alert *a = rig_ask(&r, &rule_synthetic);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_INFO);
    assert_string_equal(a->what, "5 synthetic rows ignored");
    r.settings.count_synthetic = true;
    assert_string_equal(rig_ask(&r, &rule_synthetic)->what, "5 synthetic rows counted");
    rig_release(&r);
}

static void records_of_the_future_are_information_and_from_ten_on_a_warning(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    assert_null(rig_ask(&r, &rule_clock));
    r.scores.counts.future = 1;
    assert_complete(rig_ask(&r, &rule_clock));
    assert_int_equal(rig_severity(&r, &rule_clock), SEVERITY_INFO);
    r.scores.counts.future = 9;
    assert_int_equal(rig_severity(&r, &rule_clock), SEVERITY_INFO);
    r.scores.counts.future = 10;
    assert_int_equal(rig_severity(&r, &rule_clock), SEVERITY_WARNING);
    rig_release(&r);
}

static void a_line_that_is_too_long_is_counted_once(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    r.scores.counts.malformed = 2;
    r.scores.counts.oversize = 1; /* one of the two */
    const struct alert *a = rig_ask(&r, &rule_history_bad_lines);
    assert_complete(a);
    assert_true(a->value == 2);
    assert_has(a->why, "2 malformed (1 of them too long), 0 with an invalid score or time");
    rig_release(&r);
}

static void a_value_never_reads_like_the_limit_that_it_broke(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    r.scores.last10 = r.scores.prev50 = window_of_mean(10, 0.5, 1);
    r.scores.drop_last10 = 0.2000001;
    assert_string_equal(rig_ask(&r, &rule_score_drop_10)->value_text, "20.00001%");
    r.scores.h24 = window_of_mean(1000, 0.9, 0.4999);
    assert_string_equal(rig_ask(&r, &rule_success_rate)->value_text, "49.99%");
    r.scores.roi = 0.000496;
    assert_string_equal(rig_ask(&r, &rule_token_roi)->value_text, "0.000496");
    rig_release(&r);
}

static void few_tasks_and_old_files_are_said_so(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.scores.known = true;
    r.scores.last20 = window_of_mean(12, 0.1, 0);
    r.scores.last_ms = NOW - 30 * (int64_t)DAY;
    const struct alert *a = rig_ask(&r, &rule_score_avg);
    assert_string_equal(a->what, "Score average 0.10 over the last 12 tasks");
    assert_has(a->why, "newest task 2026-10-23");
    r.scores.roi = 0;
    r.scores.roi_source = "history";
    r.scores.d7 = window_of_mean(9, 0.5, 0.5);
    assert_null(rig_ask(&r, &rule_token_roi)); /* too few */
    r.scores.d7 = window_of_mean(10, 0.5, 0.5);
    assert_has(rig_ask(&r, &rule_token_roi)->why, "In the 7 days to now");
    r.scores.roi_source = "metrics file";
    r.scores.roi_ms = NOW - 30 * (int64_t)DAY;
    assert_has(rig_ask(&r, &rule_token_roi)->why, "In the 7 days before 2026-10-23");
    rig_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_drop_fires_above_20_and_50_percent_and_never_at_them),
        cmocka_unit_test(a_drop_of_fewer_than_ten_tasks_on_either_side_is_no_alert),
        cmocka_unit_test(a_drop_tells_both_means_and_the_file),
        cmocka_unit_test(the_average_of_24_hours_below_a_half_is_a_warning),
        cmocka_unit_test(the_average_of_the_last_twenty_below_a_fifth_is_critical),
        cmocka_unit_test(the_success_rate_fires_below_50_and_30_percent_of_ten_tasks),
        cmocka_unit_test(the_roi_fires_below_its_limit_but_not_for_placeholders),
        cmocka_unit_test(bad_lines_are_information_with_the_last_note),
        cmocka_unit_test(synthetic_rows_are_information),
        cmocka_unit_test(records_of_the_future_are_information_and_from_ten_on_a_warning),
        cmocka_unit_test(a_line_that_is_too_long_is_counted_once),
        cmocka_unit_test(a_value_never_reads_like_the_limit_that_it_broke),
        cmocka_unit_test(few_tasks_and_old_files_are_said_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
