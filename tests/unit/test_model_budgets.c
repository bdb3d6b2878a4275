/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timetext.h"
#include "model/budgets.h"

#define NOW INT64_C(1795348800000) /* 2026-11-22T12:00:00Z */
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

struct scene {
    struct arena arena;
    struct history *history;
    struct settings settings;
};

static int setup(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    s->history = history_new(NULL);
    s->settings.success_threshold = 0.6;
    s->settings.reset_day = 1;
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct scene *s = *state;
    history_free(s->history);
    arena_release(&s->arena);
    free(s);
    return 0;
}

static const struct budgets_doc *decode(struct scene *s, const char *text, struct err *e)
{
    struct decode_in in = {.bytes = bytes_of(text), .name = "token-budgets.json"};
    return budgets_decode(&s->arena, &in, e);
}

static const struct budgets *look_at(struct scene *s, const char *text, int64_t now_ms)
{
    struct err e = {0};
    struct docs docs = {.history = s->history, .budgets_doc = decode(s, text, &e)};
    if (!docs.budgets_doc)
        fail_msg("%s", e.text);
    const struct scores *scores = scores_at(&s->arena, &docs, &s->settings, now_ms);
    return budgets_at(&s->arena, &docs, scores, &s->settings, now_ms);
}

static const struct budgets *look(struct scene *s, const char *text)
{
    return look_at(s, text, NOW);
}

static void spend(struct scene *s, const char *llm, int64_t t_ms, int tokens)
{
    char line[160];
    snprintf(line, sizeof line, "{\"timestamp\":%lld,\"tokens_spent\":%d,\"llm_used\":\"%s\"}\n", (long long)t_ms,
             tokens, llm);
    history_feed(s->history, bytes_of(line));
}

static void assert_near(double got, double want)
{
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) < 1e-9))
        fail_msg("%.12g is not %.12g", got, want);
}

static char *fixture(struct scene *s, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", FIXTURES, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *text = arena_alloc(&s->arena, 65536);
    assert_true(fread(text, 1, 65535, f) > 0);
    fclose(f);
    return text;
}

static const struct budget *row_of(const struct budgets *b, const char *api)
{
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->row[i].api, api) == 0)
            return &b->row[i];
    fail_msg("no row %s", api);
    return NULL;
}

static void states_change_strictly_behind_their_limits(void **state)
{
    struct scene *s = *state;
    static const struct {
        int64_t used;
        enum budget_state state;
        bool refusing;
    } rows[] = {
        {0, BUDGET_OK, false},
        {800000, BUDGET_OK, false},
        {800001, BUDGET_WARNING, false},
        {900000, BUDGET_WARNING, false},
        {900001, BUDGET_WARNING, true},
        {950000, BUDGET_WARNING, true},
        {950001, BUDGET_CRITICAL, true},
        {999999, BUDGET_CRITICAL, true},
        {1000000, BUDGET_EXHAUSTED, true},
        {1399999, BUDGET_EXHAUSTED, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"budgets\":{\"x\":{\"monthly_allowance\":1000000,\"used_this_month\":%lld}}}",
                 (long long)rows[i].used);
        const struct budgets *b = look(s, text);
        assert_int_equal(b->row[0].state, rows[i].state);
        assert_int_equal(b->row[0].refusing, rows[i].refusing);
        assert_near(b->row[0].used_pct, (double)rows[i].used / 10000);
        assert_int_equal(b->row[0].remaining, rows[i].used < 1000000 ? 1000000 - rows[i].used : 0);
        assert_int_equal(b->worst, rows[i].state);
    }
}

static void every_odd_entry_has_its_own_verdict(void **state)
{
    struct scene *s = *state;
    static const struct {
        const char *api;
        enum budget_state state;
        const char *problem;
        bool used_known;
    } rows[] = {
        {"zero_unused", BUDGET_NONE, NULL, true},
        {"zero_used", BUDGET_CRITICAL, "spend without allowance", true},
        {"no_allowance", BUDGET_NONE, NULL, true},
        {"no_used", BUDGET_NONE, "used_this_month is missing", false},
        {"null", BUDGET_NONE, "used_this_month is missing", false},
        {"over", BUDGET_EXHAUSTED, NULL, true},
        {"exact80", BUDGET_OK, NULL, true},
        {"str", BUDGET_NONE, "monthly_allowance is not a whole number", false},
        {"neg", BUDGET_NONE, "used_this_month is negative", false},
        {"reset", BUDGET_OK, NULL, true},
    };
    const struct budgets *b = look(s, fixture(s, "budgets_edge.json"));
    assert_int_equal(b->count, 10);
    for (size_t i = 0; i < 10; i++) {
        const struct budget *row = &b->row[i];
        assert_string_equal(row->api, rows[i].api); /* in the file's order */
        assert_int_equal(row->state, rows[i].state);
        assert_int_equal(row->used != NOT_KNOWN, rows[i].used_known);
        assert_int_equal(row->problem != NULL, rows[i].problem != NULL);
        if (row->problem)
            assert_string_equal(row->problem, rows[i].problem);
    }
    assert_near(row_of(b, "zero_used")->used_pct, NAN);
    assert_near(row_of(b, "zero_used")->days_left, NAN);
    assert_int_equal(row_of(b, "no_allowance")->used, 5);
}

static void an_entry_of_another_type_costs_only_itself(void **state)
{
    struct scene *s = *state;
    const struct budgets *b =
        look(s, "{\"budgets\":{\"a\":5,\"b\":null,\"c\":{\"monthly_allowance\":10,\"used_this_month\":9.0,"
                "\"daily_limit\":\"x\",\"cost_per_1k_tokens\":-1}}}");
    assert_int_equal(b->count, 3);
    assert_string_equal(b->row[0].problem, "the entry is not an object");
    assert_string_equal(b->row[1].problem, "the entry is not an object");
    assert_int_equal(b->row[2].used, 9);
    assert_int_equal(b->row[2].state, BUDGET_WARNING);
    assert_true(b->row[2].daily_limit == NOT_KNOWN);
    assert_string_equal(b->row[2].problem, "daily_limit is not a whole number");
}

static void a_file_without_budgets_is_refused(void **state)
{
    struct scene *s = *state;
    static const char *const bad[] = {"", "[]", "5", "{}", "{\"budgets\":[]}", "{\"budgets\":{}", "{\"budgets\":{}} x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        assert_null(decode(s, bad[i], &e));
        assert_non_null(strstr(e.text, "token-budgets.json"));
    }
    struct err e = {0};
    const struct budgets_doc *d = decode(s, "{\"budgets\":{}}", &e);
    assert_non_null(d);
    assert_int_equal(d->count, 0);
}

static void names_are_short_where_they_stay_apart(void **state)
{
    struct scene *s = *state;
    const struct budgets *b = look(s, "{\"budgets\":{\"my-GPT\":{},\"OpenAI-x\":{},\"claude-sonnet\":{},\"gemini-pro\":"
                                      "{},\"mistral\\u001b[1m\":{}}}");
    static const char *const display[] = {"my-GPT", "OpenAI-x", "Claude", "Gemini", "mistral"};
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(b->row[i].display, display[i]);
}

static int64_t at(int year, int month, int day)
{
    return civil_ms(year, month, day);
}

static void the_cycle_follows_the_reset_day(void **state)
{
    struct scene *s = *state;
    static const struct {
        int day;
        int64_t days[3]; /* year, month, day of now */
        int64_t start[3], end[3];
    } rows[] = {
        {1, {2026, 11, 22}, {2026, 11, 1}, {2026, 12, 1}},   {1, {2026, 12, 1}, {2026, 12, 1}, {2027, 1, 1}},
        {15, {2026, 1, 14}, {2025, 12, 15}, {2026, 1, 15}},  {31, {2026, 2, 28}, {2026, 2, 28}, {2026, 3, 31}},
        {31, {2026, 3, 30}, {2026, 2, 28}, {2026, 3, 31}},   {30, {2028, 2, 29}, {2028, 2, 29}, {2028, 3, 30}},
        {31, {2026, 12, 31}, {2026, 12, 31}, {2027, 1, 31}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"budgets\":{},\"tracking\":{\"reset_day_of_month\":%d}}", rows[i].day);
        int64_t now = at((int)rows[i].days[0], (int)rows[i].days[1], (int)rows[i].days[2]);
        const struct budgets *b = look_at(s, text, now);
        assert_int_equal(b->cycle_start_ms, at((int)rows[i].start[0], (int)rows[i].start[1], (int)rows[i].start[2]));
        assert_int_equal(b->cycle_end_ms, at((int)rows[i].end[0], (int)rows[i].end[1], (int)rows[i].end[2]));
        assert_true(b->elapsed_fraction >= 0 && b->elapsed_fraction < 1);
    }
    s->settings.reset_day = 20;
    assert_int_equal(look(s, "{\"budgets\":{}}")->cycle_start_ms, at(2026, 11, 20));
    assert_int_equal(look(s, "{\"budgets\":{},\"tracking\":{\"reset_day_of_month\":32}}")->cycle_start_ms,
                     at(2026, 11, 20));
    assert_int_equal(look(s, "{\"budgets\":{},\"tracking\":{\"reset_day_of_month\":0}}")->cycle_start_ms,
                     at(2026, 11, 20));
}

static void without_history_the_counter_gives_the_burn(void **state)
{
    struct scene *s = *state;
    const struct budgets *b =
        look(s, "{\"budgets\":{\"x\":{\"monthly_allowance\":1000,\"used_this_month\":430,"
                "\"cost_per_1k_tokens\":0.5},\"y\":{\"monthly_allowance\":1000,\"used_this_month\":0}}}");
    assert_near(b->row[0].burn_per_day, 20); /* 21.5 days since the 1st */
    assert_false(b->row[0].burn_from_history);
    assert_near(b->row[0].days_left, 28.5);
    assert_int_equal(b->row[0].exhausted_ms, NOW + 28 * DAY + 12 * HOUR);
    assert_near(b->row[0].projected_pct, 60);
    assert_near(b->row[0].month_cost_usd, 0.215);
    assert_near(b->row[1].days_left, NAN);
    assert_true(b->row[1].exhausted_ms == NOT_KNOWN);
    assert_near(b->row[1].projected_pct, 0);
    assert_near(b->row[1].month_cost_usd, NAN);
    assert_false(b->row[0].unused); /* there is no history to say so */
}

static void a_reset_within_the_cycle_shortens_it_but_never_under_an_hour(void **state)
{
    struct scene *s = *state;
    char text[256];
    snprintf(text, sizeof text,
             "{\"budgets\":{\"x\":{\"monthly_allowance\":1000,\"used_this_month\":10,\"last_reset\":%lld},"
             "\"y\":{\"monthly_allowance\":1000,\"used_this_month\":10}},\"tracking\":{\"last_reset\":\"2026-11-12\"}}",
             (long long)NOW / 1000 - 60);
    const struct budgets *b = look(s, text);
    assert_near(b->row[0].burn_per_day, 240);
    assert_near(b->row[1].burn_per_day, 10 / 10.5);
    assert_int_equal(b->last_reset_ms, NOW - 60000);
    assert_false(b->not_reset);
}

static void the_history_gives_the_better_burn_and_the_day(void **state)
{
    struct scene *s = *state;
    static const char text[] = "{\"budgets\":{\"gpt\":{\"monthly_allowance\":10000,\"used_this_month\":3000},"
                               "\"idle\":{\"monthly_allowance\":10,\"used_this_month\":0}}}";
    spend(s, "gpt", NOW - 2 * DAY, 1000); /* the history covers two days */
    spend(s, "gpt", NOW - 12 * HOUR, 300);
    spend(s, "gpt", NOW - 12 * HOUR - 1, 200);
    spend(s, "gpt", NOW + 1, 5000); /* not yet */
    const struct budgets *b = look(s, text);
    assert_true(b->row[0].burn_from_history);
    assert_near(b->row[0].burn_per_day, 750);
    assert_near(b->row[0].days_left, 7000.0 / 750);
    assert_int_equal(b->row[0].daily_used, 300);
    assert_false(b->row[0].unused);
    assert_true(b->row[1].unused);
    spend(s, "gpt", NOW - 30 * DAY, 9999);
    assert_near(look(s, text)->row[0].burn_per_day, 1500.0 / 7);
}

static void an_llm_without_an_entry_is_listed_last(void **state)
{
    struct scene *s = *state;
    spend(s, "zeta", NOW - HOUR, 5);
    spend(s, "gemini-flash", NOW - HOUR, 700);
    spend(s, "gpt", NOW - HOUR, 10);
    spend(s, "", NOW - HOUR, 10);
    spend(s, "old", NOW - 8 * DAY, 10);
    const struct budgets *b = look(s, "{\"budgets\":{\"gpt\":{\"monthly_allowance\":10,\"used_this_month\":1}}}");
    assert_int_equal(b->count, 3);
    assert_false(b->row[0].unbudgeted);
    assert_string_equal(b->row[1].api, "gemini-flash");
    assert_string_equal(b->row[1].display, "Gemini");
    assert_true(b->row[1].unbudgeted);
    assert_int_equal(b->row[1].daily_used, 700);
    assert_near(b->row[1].burn_per_day, 100); /* old says: the history covers the week */
    assert_true(b->row[1].used == NOT_KNOWN);
    assert_int_equal(b->row[1].state, BUDGET_NONE);
    assert_string_equal(b->row[2].api, "zeta");
}

static void an_exhausted_budget_has_no_days_left(void **state)
{
    struct scene *s = *state;
    const struct budgets *b = look(s, "{\"budgets\":{\"x\":{\"monthly_allowance\":1000,\"used_this_month\":2000}}}");
    assert_near(b->row[0].days_left, 0);
    assert_true(b->row[0].exhausted_ms == NOT_KNOWN);
    assert_int_equal(b->row[0].remaining, 0);
}

static void a_month_without_reset_is_told_only_with_proof(void **state)
{
    struct scene *s = *state;
    static const struct {
        const char *used, *rest;
        bool not_reset;
    } rows[] = {
        {"5", ",\"tracking\":{\"last_reset\":\"2026-10-01\"}", true},
        {"0", ",\"tracking\":{\"last_reset\":\"2026-10-01\"}", false},
        {"5", ",\"tracking\":{\"last_reset\":\"2026-11-01\"}", false},
        {"5", ",\"last_reset\":\"2026-10-31T23:59:59\"", true},
        {"5", "", false}, /* nobody knows */
        {"5", ",\"last_updated\":\"2026-10-31T23:59:59\"", true},
        {"5", ",\"last_updated\":\"2026-11-02T00:00:00\"", false},
        {"5", ",\"last_updated\":\"2026-11-20T00:00:00\",\"tracking\":{\"last_reset\":\"2026-10-01\"}", true},
        {"5,\"last_reset\":1793491200", ",\"tracking\":{\"last_reset\":\"2026-10-01\"}", false}, /* 2026-11-01 */
        {"5,\"last_reset\":1999999999", ",\"tracking\":{\"last_reset\":\"2026-10-01\"}",
         true}, /* a reset to come is none */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        snprintf(text, sizeof text, "{\"budgets\":{\"x\":{\"monthly_allowance\":10,\"used_this_month\":%s}}%s}",
                 rows[i].used, rows[i].rest);
        const struct budgets *b = look(s, text);
        if (b->not_reset != rows[i].not_reset)
            fail_msg("row %zu", i);
        assert_true(b->overdue_reset_ms == (b->not_reset ? NOW - at(2026, 11, 1) : NOT_KNOWN));
    }
}

static void a_file_that_lost_its_tracking_still_works(void **state)
{
    struct scene *s = *state;
    const struct budgets *b = look(s, fixture(s, "budgets_after_save.json"));
    assert_true(b->known);
    assert_int_equal(b->count, 2);
    assert_near(b->row[0].used_pct, 89.9999);
    assert_int_equal(b->row[0].state, BUDGET_WARNING);
    assert_false(b->row[0].refusing);
    assert_false(b->not_reset);
    assert_int_equal(b->worst, BUDGET_WARNING);
}

static void without_a_file_there_is_only_the_calendar(void **state)
{
    struct scene *s = *state;
    struct docs docs = {.history = s->history};
    spend(s, "gpt", NOW - HOUR, 10);
    const struct budgets *b = budgets_at(&s->arena, &docs, NULL, &s->settings, NOW);
    assert_false(b->known);
    assert_int_equal(b->count, 0);
    assert_int_equal(b->cycle_start_ms, at(2026, 11, 1));
    assert_true(b->last_reset_ms == NOT_KNOWN);
    assert_false(b->not_reset);
}

static void a_counter_that_was_not_reset_gives_no_burn(void **state)
{
    struct scene *s = *state;
    const char *text = "{\"budgets\":{\"x\":{\"monthly_allowance\":1000,\"used_this_month\":800}},"
                       "\"tracking\":{\"last_reset\":\"2026-10-01\"}}";
    const struct budgets *b = look(s, text);
    assert_true(b->not_reset);
    assert_near(b->row[0].burn_per_day, NAN); /* the tokens are of seven weeks, not of three */
    assert_near(b->row[0].days_left, NAN);
    assert_near(b->row[0].projected_pct, NAN);
    assert_true(b->row[0].exhausted_ms == NOT_KNOWN);
    spend(s, "x", NOW - 10 * INT64_C(86400000), 1);
    spend(s, "x", NOW - INT64_C(86400000), 70);
    assert_near(look(s, text)->row[0].burn_per_day, 10); /* the history still knows */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_that_lost_its_tracking_still_works, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_without_budgets_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_month_without_reset_is_told_only_with_proof, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reset_within_the_cycle_shortens_it_but_never_under_an_hour, setup, teardown),
        cmocka_unit_test_setup_teardown(an_entry_of_another_type_costs_only_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(an_exhausted_budget_has_no_days_left, setup, teardown),
        cmocka_unit_test_setup_teardown(an_llm_without_an_entry_is_listed_last, setup, teardown),
        cmocka_unit_test_setup_teardown(every_odd_entry_has_its_own_verdict, setup, teardown),
        cmocka_unit_test_setup_teardown(names_are_short_where_they_stay_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(states_change_strictly_behind_their_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(the_cycle_follows_the_reset_day, setup, teardown),
        cmocka_unit_test_setup_teardown(the_history_gives_the_better_burn_and_the_day, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_file_there_is_only_the_calendar, setup, teardown),
        cmocka_unit_test_setup_teardown(without_history_the_counter_gives_the_burn, setup, teardown),
        cmocka_unit_test_setup_teardown(a_counter_that_was_not_reset_gives_no_burn, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
