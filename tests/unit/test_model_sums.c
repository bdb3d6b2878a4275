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
#include "model/sums.h"

#define START INT64_C(1795305600000) /* 2026-11-22T00:00:00Z */
#define HOUR INT64_C(3600000)

/* A history that gives names to numbers: 1 "a" with a price, 2 "b" for nothing, 3 "c" nobody knows for how much. */
struct scene {
    struct arena arena;
    struct history *history;
    struct settings settings;
    struct budget_row row[2];
    struct budgets_doc prices;
};

static int setup(void **state)
{
    static const char lines[] = "{\"timestamp\":1795305600,\"llm_used\":\"a\",\"prompt_strategy\":\"b\"}\n"
                                "{\"timestamp\":1795305600,\"llm_used\":\"c\"}\n";
    struct scene *s = calloc(1, sizeof *s);
    s->history = history_new(NULL);
    history_feed(s->history, bytes_of(lines));
    s->settings.success_threshold = 0.6;
    s->row[0] = (struct budget_row){.api = "b", .cost_per_1k = 0};
    s->row[1] = (struct budget_row){.api = "a", .cost_per_1k = 0.03};
    s->prices = (struct budgets_doc){.row = s->row, .count = 2};
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

static struct record record(int64_t t_ms, double score)
{
    return (struct record){
        .t_ms = t_ms, .score = score, .tokens = 1000, .tao = NAN, .subnet = 1, .llm = 1, .strategy = 2};
}

static struct sums *begin(struct scene *s, enum sums_by by)
{
    return sums_new(&s->arena, by, &s->settings, &s->prices);
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) < 1e-9;
}

static void nothing_comes_to_nothing_known(void **state)
{
    struct scene *s = *state;
    const struct sums_row *row;
    struct sums *x = begin(s, SUMS_LLM);
    assert_int_equal(sums_rows(&s->arena, x, s->history, &row), 0);
    struct sums_row all = sums_total(&s->arena, x);
    assert_true(all.records == 0 && all.group.count == 0 && all.group.tokens == 0);
    assert_true(isnan(all.group.mean) && isnan(all.group.success) && isnan(all.group.share) && isnan(all.group.tao));
    assert_true(isnan(all.p10) && isnan(all.p50) && isnan(all.p90) && isnan(all.group.roi));
    assert_true(all.first_ms == NOT_KNOWN && all.last_ms == NOT_KNOWN);
}

static void records_without_a_score_have_tokens(void **state)
{
    struct scene *s = *state;
    struct sums *x = begin(s, SUMS_ALL);
    struct record r = record(START, 0.7), p = record(START - 5, (double)NAN);
    p.tao = 0.5;
    sums_add(x, s->history, &r);
    sums_add(x, s->history, &p);
    struct sums_row all = sums_total(&s->arena, x);
    assert_true(all.records == 2 && all.group.count == 1 && all.group.tokens == 2000);
    assert_true(same(all.group.mean, 0.7) && same(all.group.success, 1) && same(all.group.roi, 0.25));
    assert_true(same(all.group.cost_usd, 0.06) && all.first_ms == START - 5 && all.last_ms == START);
}

static void one_price_that_nobody_knows_makes_a_cost_unknown(void **state)
{
    struct scene *s = *state;
    const struct sums_row *row;
    struct sums *x = begin(s, SUMS_LLM);
    const uint16_t llm[] = {1, 2, 3, 0};
    for (size_t i = 0; i < sizeof llm / sizeof llm[0]; i++) {
        struct record r = record(START, 1 - (double)i / 10);
        r.llm = llm[i];
        sums_add(x, s->history, &r);
    }
    struct record free_of_charge = record(START, 0.8);
    free_of_charge.llm = 2;
    free_of_charge.tokens = 0;
    sums_add(x, s->history, &free_of_charge);
    assert_int_equal(sums_rows(&s->arena, x, s->history, &row), 4);
    assert_string_equal(row[0].group.name, "a");
    assert_true(same(row[0].group.cost_usd, 0.03));
    assert_string_equal(row[1].group.name, "b");
    assert_true(same(row[1].group.cost_usd, 0));
    assert_string_equal(row[2].group.name, "c");
    assert_true(isnan(row[2].group.cost_usd));
    assert_string_equal(row[3].group.name, "unknown");
    assert_true(isnan(row[3].group.cost_usd));
    assert_true(isnan(sums_total(&s->arena, x).group.cost_usd));
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Exact as long as it says so, then near. */
static void percentiles_are_of_the_nearest_rank(void **state)
{
    enum { MOST = 5000 };
    static double score[MOST], sorted[MOST];
    struct scene *s = *state;
    struct sums *x = begin(s, SUMS_ALL);
    uint64_t seed = 7;
    for (int n = 1; n <= MOST; n++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        score[n - 1] = n % 10 == 0 ? (double)(n % 20 / 10) : (double)(seed >> 40) / (1 << 24);
        struct record r = record(START, score[n - 1]);
        sums_add(x, s->history, &r);
        if (n > 300 && n % 97 != 0)
            continue;
        memcpy(sorted, score, sizeof sorted);
        qsort(sorted, (size_t)n, sizeof *sorted, by_size);
        struct sums_row all = sums_total(&s->arena, x);
        double got[] = {all.p10, all.p50, all.p90}, off = n <= SUMS_EXACT ? 0 : 0.5 / SUMS_STEPS + 1e-12;
        const int tenths[] = {1, 5, 9};
        for (int i = 0; i < 3; i++)
            assert_true(fabs(got[i] - sorted[(n * tenths[i] + 9) / 10 - 1]) <= off);
    }
}

/* Of any order, also before 1970, and as many as a table must grow for. */
static void hours_and_days_come_in_the_order_of_time(void **state)
{
    enum { HOURS = 3000 };
    struct scene *s = *state;
    const struct sums_row *row;
    struct sums *hours = begin(s, SUMS_HOUR), *days = begin(s, SUMS_DAY);
    for (int64_t i = 0; i < HOURS * 2; i++) {
        int64_t hour = i * 1999 % HOURS - HOURS / 2;
        struct record r = record(hour * HOUR + (i < HOURS ? 0 : HOUR - 1), 0.5);
        sums_add(hours, s->history, &r);
        sums_add(days, s->history, &r);
    }
    assert_int_equal(sums_rows(&s->arena, hours, s->history, &row), HOURS);
    for (int64_t i = 0; i < HOURS; i++)
        assert_true(row[i].start_ms == (i - HOURS / 2) * HOUR && row[i].records == 2);
    assert_string_equal(row[HOURS / 2].group.name, "1970-01-01T00:00:00Z");
    assert_int_equal(sums_rows(&s->arena, days, s->history, &row), HOURS / 24 + 1);
    assert_string_equal(row[HOURS / 48 + 1].group.name, "1970-01-01");
    assert_true(row[HOURS / 48 + 1].records == 48 && row[1].start_ms - row[0].start_ms == 24 * HOUR);
}

static void the_best_comes_first_and_few_tasks_are_not_called_best(void **state)
{
    struct scene *s = *state;
    const struct sums_row *row;
    for (int enough = 9; enough <= 10; enough++) {
        struct sums *x = begin(s, SUMS_SUBNET);
        for (int i = 0; i < enough + 1; i++) {
            struct record r = record(START, i < enough ? 0.4 : 0.9);
            r.subnet = i < enough ? 64 : -1;
            sums_add(x, s->history, &r);
        }
        assert_int_equal(sums_rows(&s->arena, x, s->history, &row), 2);
        assert_string_equal(row[0].group.name, enough == 10 ? "64" : "unknown");
        assert_true(row[0].group.best == (enough == 10) && !row[1].group.best);
        assert_true(same(row[0].group.share + row[1].group.share, 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_comes_to_nothing_known, setup, teardown),
        cmocka_unit_test_setup_teardown(records_without_a_score_have_tokens, setup, teardown),
        cmocka_unit_test_setup_teardown(one_price_that_nobody_knows_makes_a_cost_unknown, setup, teardown),
        cmocka_unit_test_setup_teardown(percentiles_are_of_the_nearest_rank, setup, teardown),
        cmocka_unit_test_setup_teardown(hours_and_days_come_in_the_order_of_time, setup, teardown),
        cmocka_unit_test_setup_teardown(the_best_comes_first_and_few_tasks_are_not_called_best, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
