/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule_rig.h"

static void used(struct rig *r, int64_t tokens, int64_t allowance)
{
    r->budgets.known = true;
    r->budgets.count = 1;
    r->budget[0].used = tokens;
    r->budget[0].allowance = allowance;
    r->budget[0].used_pct = allowance > 0 ? 100.0 * (double)tokens / (double)allowance : NAN;
}

static void a_budget_fires_above_80_and_95_percent_and_never_at_them(void **state)
{
    (void)state;
    static const struct {
        int64_t used;
        enum severity want;
    } rows[] = {
        {0, SEVERITY_OK},
        {799999, SEVERITY_OK},
        {800000, SEVERITY_OK},
        {800001, SEVERITY_WARNING},
        {950000, SEVERITY_WARNING},
        {950001, SEVERITY_CRITICAL},
        {999999, SEVERITY_CRITICAL},
        {1000000, SEVERITY_CRITICAL},
        {1400000, SEVERITY_CRITICAL},
    };
    struct rig r;
    rig_init(&r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        used(&r, rows[i].used, 1000000);
        assert_int_equal(rig_severity(&r, &rule_budget_high), rows[i].want);
    }
    rig_release(&r);
}

static void above_90_percent_the_text_says_that_the_miner_refuses_tasks(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    used(&r, 900000, 1000000);
    assert_null(strstr(rig_ask(&r, &rule_budget_high)->what, "refusing"));
    used(&r, 900001, 1000000);
    const struct alert *a = rig_ask(&r, &rule_budget_high);
    assert_complete(a);
    assert_string_equal(a->what, "Claude budget at 90.0%, miner refusing tasks");
    assert_int_equal(a->severity, SEVERITY_WARNING);
    rig_release(&r);
}

static void a_full_budget_is_exhausted(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    used(&r, 1000000, 1000000);
    const struct alert *a = rig_ask(&r, &rule_budget_high);
    assert_complete(a);
    assert_string_equal(a->what, "Claude budget exhausted, miner refusing tasks");
    assert_string_equal(a->limit_text, ">= 100%");
    assert_string_equal(a->subject, "claude-sonnet");
    used(&r, 999999, 1000000);
    assert_null(strstr(rig_ask(&r, &rule_budget_high)->what, "exhausted"));
    rig_release(&r);
}

static void the_outlook_says_when_it_runs_out_and_whether_the_reset_comes_first(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    used(&r, 820000, 1000000);
    r.budgets.cycle_end_ms = NOW + 9LL * DAY;
    r.budget[0].burn_per_day = 15000;
    r.budget[0].exhausted_ms = NOW + 5LL * DAY;
    assert_has(rig_ask(&r, &rule_budget_high)->why, "; at 15,000 tokens a day it is exhausted in 5d");
    assert_has(rig_ask(&r, &rule_budget_high)->why, "before the reset");
    r.budget[0].exhausted_ms = NOW + 12LL * DAY;
    assert_has(rig_ask(&r, &rule_budget_high)->why, "after the reset");
    rig_release(&r);
}

static void spend_without_allowance_is_critical_and_nothing_of_nothing_is_neutral(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    used(&r, 0, 0);
    assert_null(rig_ask(&r, &rule_budget_high));
    used(&r, 1, 0);
    const struct alert *a = rig_ask(&r, &rule_budget_high);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_CRITICAL);
    assert_has(a->what, "without allowance");
    rig_release(&r);
}

static void an_entry_that_cannot_be_read_is_unknown_and_one_without_numbers_is_silent(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    used(&r, NOT_KNOWN, NOT_KNOWN);
    assert_null(rig_ask(&r, &rule_budget_high));
    r.budget[0].problem = "used_this_month is not a number";
    const struct alert *a = rig_ask(&r, &rule_budget_high);
    assert_complete(a);
    assert_string_equal(a->state, "unknown");
    assert_has(a->why, "used_this_month is not a number");
    rig_release(&r);
}

static void each_api_is_judged_by_itself(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    used(&r, 810000, 1000000);
    r.budgets.count = 3;
    r.budget[1].api = "openai-gpt4";
    r.budget[1].allowance = 100;
    r.budget[1].used = 99;
    r.budget[1].used_pct = 99;
    r.budget[2].api = "gemini-flash";
    r.budget[2].unbudgeted = true;
    rig_ask(&r, &rule_budget_high);
    assert_int_equal(r.found.count, 2);
    assert_string_equal(r.found.alert[1].subject, "openai-gpt4");
    assert_int_equal(r.found.alert[1].severity, SEVERITY_CRITICAL);
    const struct alert *a = rig_ask(&r, &rule_unbudgeted_llm);
    assert_complete(a);
    assert_int_equal(r.found.count, 1);
    assert_int_equal(a->severity, SEVERITY_INFO);
    assert_string_equal(a->subject, "gemini-flash");
    rig_release(&r);
}

static void the_daily_limit_is_judged_strictly_and_only_where_there_is_one(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    used(&r, 10, 100);
    r.budget[0].daily_used = 1000000;
    assert_null(rig_ask(&r, &rule_daily_limit));
    r.budget[0].daily_limit = 40000;
    r.budget[0].daily_used = 40000;
    assert_null(rig_ask(&r, &rule_daily_limit));
    r.budget[0].daily_used = 40001;
    const struct alert *a = rig_ask(&r, &rule_daily_limit);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_has(a->why, "40,001");
    r.budget[0].daily_limit = 0;
    assert_null(rig_ask(&r, &rule_daily_limit));
    rig_release(&r);
}

static void a_missing_reset_is_information_for_six_hours_and_then_a_warning(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.budgets.known = true;
    assert_null(rig_ask(&r, &rule_budget_not_reset));
    r.budgets.not_reset = true;
    r.budgets.cycle_start_ms = NOW - 6LL * HOUR;
    r.budgets.overdue_reset_ms = 6LL * HOUR;
    const struct alert *a = rig_ask(&r, &rule_budget_not_reset);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_INFO);
    r.budgets.overdue_reset_ms = 6LL * HOUR + SECOND;
    a = rig_ask(&r, &rule_budget_not_reset);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_int_equal(a->since_ms, NOW - 6LL * HOUR - SECOND);
    assert_step(a, "config/token-budgets.json.new && mv config/token-budgets.json.new config/token-budgets.json");
    r.budgets.overdue_reset_ms = NOT_KNOWN;
    assert_int_equal(rig_severity(&r, &rule_budget_not_reset), SEVERITY_WARNING);
    rig_release(&r);
}

static void an_unreadable_counter_is_unknown_without_an_allowance_too(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    used(&r, NOT_KNOWN, 0);
    r.budget[0].problem = "used_this_month is not a whole number";
    const struct alert *a = rig_ask(&r, &rule_budget_high);
    assert_complete(a);
    assert_string_equal(a->state, "unknown");
    rig_release(&r);
}

static void the_percent_never_reads_like_the_limit(void **state)
{
    (void)state;
    static const struct {
        int64_t used;
        const char *text;
    } rows[] = {{800001, "80.0001%"}, {810000, "81.0%"},   {950001, "95.0001%"},
                {999999, "99.9999%"}, {1000000, "100.0%"}, {1000001, "100.0%"}};
    struct rig r;
    rig_init(&r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        used(&r, rows[i].used, 1000000);
        assert_string_equal(rig_ask(&r, &rule_budget_high)->value_text, rows[i].text);
    }
    rig_release(&r);
}

static void carried_over_tokens_are_not_called_this_months(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    used(&r, 850000, 1000000);
    assert_has(rig_ask(&r, &rule_budget_high)->why, "tokens this month (");
    r.budgets.not_reset = true;
    assert_has(rig_ask(&r, &rule_budget_high)->why, "and before it, since the counter was not reset");
    r.budgets.cycle_start_ms = NOW - HOUR;
    r.budgets.overdue_reset_ms = HOUR;
    r.budgets.updated_ms = NOW - 2 * HOUR;
    const struct alert *a = rig_ask(&r, &rule_budget_not_reset);
    assert_string_equal(a->limit_text, ""); /* an hour is not more than six */
    assert_true(isnan(a->limit));
    assert_has(a->why, "the last change of config/token-budgets.json is of 2026-11-22 02:47 UTC");
    r.budgets.last_reset_ms = NOW - DAY;
    assert_has(rig_ask(&r, &rule_budget_not_reset)->why,
               "the newest reset in config/token-budgets.json is of 2026-11-21");
    rig_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_budget_fires_above_80_and_95_percent_and_never_at_them),
        cmocka_unit_test(above_90_percent_the_text_says_that_the_miner_refuses_tasks),
        cmocka_unit_test(a_full_budget_is_exhausted),
        cmocka_unit_test(the_outlook_says_when_it_runs_out_and_whether_the_reset_comes_first),
        cmocka_unit_test(spend_without_allowance_is_critical_and_nothing_of_nothing_is_neutral),
        cmocka_unit_test(an_entry_that_cannot_be_read_is_unknown_and_one_without_numbers_is_silent),
        cmocka_unit_test(each_api_is_judged_by_itself),
        cmocka_unit_test(the_daily_limit_is_judged_strictly_and_only_where_there_is_one),
        cmocka_unit_test(a_missing_reset_is_information_for_six_hours_and_then_a_warning),
        cmocka_unit_test(an_unreadable_counter_is_unknown_without_an_allowance_too),
        cmocka_unit_test(the_percent_never_reads_like_the_limit),
        cmocka_unit_test(carried_over_tokens_are_not_called_this_months),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
