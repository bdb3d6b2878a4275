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
    struct metrics_doc metrics;
    int lines;
};

static int setup(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    s->history = history_new(NULL);
    s->settings.success_threshold = 0.6;
    s->metrics.tao_7d = NAN;
    s->metrics.tokens_7d = s->metrics.updated_ms = s->metrics.tao_ms = NOT_KNOWN;
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

static void put_line(struct scene *s, const char *id, int64_t t_ms, const char *score, const char *more)
{
    char line[256];
    s->lines++;
    snprintf(line, sizeof line,
             "{\"timestamp\":%lld,\"task_id\":\"%s\",\"validator_score\":%s,\"tokens_spent\":100%s}\n", (long long)t_ms,
             id, score, more);
    history_feed(s->history, bytes_of(line));
}

static void put_score(struct scene *s, int64_t t_ms, double score, const char *more)
{
    char id[32], text[32];
    snprintf(id, sizeof id, "t%d", s->lines);
    snprintf(text, sizeof text, "%.17g", score);
    put_line(s, id, t_ms, text, more);
}

static void put_scores(struct scene *s, int count, int64_t first_ms, int64_t step_ms, double score, const char *more)
{
    for (int i = 0; i < count; i++)
        put_score(s, first_ms + i * step_ms, score, more);
}

static const struct scores *look(struct scene *s, int64_t now_ms)
{
    struct docs docs = {.history = s->history, .metrics_doc = &s->metrics};
    return scores_at(&s->arena, &docs, &s->settings, now_ms);
}

static void assert_near(double got, double want)
{
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) < 1e-9))
        fail_msg("%.12g is not %.12g", got, want);
}

static void without_a_file_nothing_is_known_and_nothing_is_zero(void **state)
{
    struct scene *s = *state;
    struct docs docs = {0};
    const struct scores *k = scores_at(&s->arena, &docs, &s->settings, NOW);
    assert_false(k->known);
    assert_near(k->h24.mean, NAN);
    assert_near(k->h24.success, NAN);
    assert_near(k->drop_last10, NAN);
    assert_near(k->roi, NAN);
    assert_int_equal(k->roi_word, ROI_UNKNOWN);
    assert_null(k->roi_source);
    assert_int_equal(k->llm_count, 0);
    assert_true(k->oldest_pending_ms == NOT_KNOWN);
    assert_true(k->last_ms == NOT_KNOWN);
    assert_non_null(k->hour);
    assert_near(k->hour[SCORE_HOURS - 1].mean, NAN);
}

static void windows_hold_now_but_not_their_far_edge(void **state)
{
    struct scene *s = *state;
    static const int64_t widths[] = {HOUR, DAY, 7 * DAY, 14 * DAY};
    for (size_t i = 0; i < 4; i++) {
        put_score(s, NOW - widths[i], 0.5, "");
        put_score(s, NOW - widths[i] + 1, 0.5, "");
    }
    put_score(s, NOW, 0.5, "");
    put_score(s, NOW + 1, 0.5, ""); /* not future yet, but no window of time holds it */
    const struct scores *k = look(s, NOW);
    assert_int_equal(k->h1.count, 2);
    assert_int_equal(k->h24.count, 4);
    assert_int_equal(k->d7.count, 6);
    assert_int_equal(k->prev7d.count, 2); /* now - 7 d belongs to the week before */
    assert_int_equal(k->last20.count, 10);
    assert_int_equal(k->last_ms, NOW + 1);
}

static void today_is_the_day_of_utc(void **state)
{
    struct scene *s = *state;
    int64_t midnight = NOW - 12 * HOUR;
    put_score(s, midnight - DAY - 1, 0.1, "");
    put_score(s, midnight - DAY, 0.2, "");
    put_score(s, midnight - 1, 0.4, "");
    put_score(s, midnight, 0.7, "");
    put_line(s, "p", NOW, "null", "");
    const struct scores *k = look(s, NOW);
    assert_int_equal(k->today.count, 1);
    assert_near(k->today.mean, 0.7);
    assert_int_equal(k->today.records, 2);
    assert_int_equal(k->tasks_today, 2);
    assert_int_equal(k->yesterday.count, 2);
    assert_near(k->yesterday.mean, 0.3);
}

static void a_score_of_exactly_the_threshold_is_no_success(void **state)
{
    struct scene *s = *state;
    put_score(s, NOW - 2, 0.6, "");
    put_score(s, NOW - 1, 0.61, "");
    assert_near(look(s, NOW)->h24.success, 0.5);
    s->settings.success_threshold = 0.5;
    assert_near(look(s, NOW)->h24.success, 1);
}

static void tokens_count_for_every_record_and_scores_only_for_scored(void **state)
{
    struct scene *s = *state;
    put_score(s, NOW - 5, 0.5, "");
    put_line(s, "p", NOW - 4, "null", "");
    put_line(s, "i", NOW - 3, "90", "");
    put_line(s, "test_1", NOW - 2, "0.9", "");  /* self-test: nowhere */
    put_line(s, "f", NOW + 3600000, "0.9", ""); /* future: nowhere */
    put_line(s, "r", NOW - 1, "0.9", "");
    put_line(s, "r", NOW, "0.7", ""); /* replaces the line before */
    const struct scores *k = look(s, NOW);
    assert_int_equal(k->h24.count, 2);
    assert_near(k->h24.mean, 0.6);
    assert_int_equal(k->h24.tokens, 400);
    assert_int_equal(k->last10.count, 2);
    assert_int_equal(k->last10.tokens, 200);
    assert_int_equal(k->counts.duplicates, 1);
    assert_int_equal(k->oldest_pending_ms, NOW - 4);
    s->settings.count_synthetic = true;
    assert_int_equal(look(s, NOW)->h24.count, 3);
    assert_int_equal(look(s, NOW)->h24.tokens, 500);
}

static void sums_of_tokens_do_not_overflow(void **state)
{
    struct scene *s = *state;
    put_score(s, NOW - 2, 0.5, ",\"tokens_spent\":9223372036854775807");
    put_score(s, NOW - 1, 0.5, ",\"tokens_spent\":9223372036854775807");
    assert_true(look(s, NOW)->h24.tokens == INT64_MAX);
}

static void a_drop_needs_ten_tasks_on_each_side(void **state)
{
    struct scene *s = *state;
    put_scores(s, 9, NOW - 3 * HOUR, 1000, 0.8, "");
    put_scores(s, 10, NOW - 2 * HOUR, 1000, 0.6, "");
    assert_near(look(s, NOW)->drop_last10, NAN);
    put_score(s, NOW - 4 * HOUR, 0.8, "");
    const struct scores *k = look(s, NOW);
    assert_near(k->last10.mean, 0.6);
    assert_near(k->drop_last10, 0.25);
    assert_near(k->label, -0.25);
}

static void the_baseline_of_a_drop_is_fifty_tasks_at_most(void **state)
{
    struct scene *s = *state;
    put_scores(s, 30, NOW - 9 * HOUR, 1000, 0.1, ""); /* too old to matter */
    put_scores(s, 40, NOW - 8 * HOUR, 1000, 0.5, "");
    put_scores(s, 10, NOW - 7 * HOUR, 1000, 1.0, "");
    put_scores(s, 10, NOW - 6 * HOUR, 1000, 0.3, "");
    const struct scores *k = look(s, NOW);
    assert_int_equal(k->prev50.count, 50);
    assert_near(k->prev50.mean, 0.6);
    assert_near(k->drop_last10, 0.5);
    assert_near(k->prev10.mean, 1.0);
    assert_near(k->label, -0.7);
    assert_near(k->last20.mean, 0.65);
    assert_int_equal(k->recent_count, 90);
    assert_near(k->recent[0], 0.1);
    assert_near(k->recent[89], 0.3);
}

static void a_drop_from_zero_is_not_known(void **state)
{
    struct scene *s = *state;
    put_scores(s, 10, NOW - 3 * HOUR, 1000, 0, "");
    put_scores(s, 10, NOW - 2 * HOUR, 1000, 0.6, "");
    assert_near(look(s, NOW)->drop_last10, NAN);
}

static void the_trend_compares_two_weeks(void **state)
{
    struct scene *s = *state;
    put_scores(s, 10, NOW - 10 * DAY, 1000, 0.8, "");
    put_scores(s, 9, NOW - 3 * DAY, 1000, 0.6, "");
    assert_near(look(s, NOW)->trend_7d, NAN);
    put_score(s, NOW, 0.6, "");
    assert_near(look(s, NOW)->trend_7d, 0.25);
}

static void the_best_has_ten_tasks_and_ties_go_to_more_tasks_then_names(void **state)
{
    struct scene *s = *state;
    put_scores(s, 9, NOW - 5 * HOUR, 1000, 0.9, ",\"llm_used\":\"lucky\"");
    put_scores(s, 10, NOW - 4 * HOUR, 1000, 0.7, ",\"llm_used\":\"b\"");
    put_scores(s, 10, NOW - 3 * HOUR, 1000, 0.7, ",\"llm_used\":\"a\"");
    put_scores(s, 11, NOW - 2 * HOUR, 1000, 0.7, ",\"llm_used\":\"more\"");
    put_scores(s, 10, NOW - 1 * HOUR, 1000, 0.5, "");
    put_line(s, "p", NOW, "null", ",\"llm_used\":\"silent\"");
    const struct scores *k = look(s, NOW);
    static const char *const order[] = {"more", "a", "b", "unknown", "lucky", "silent"};
    assert_int_equal(k->llm_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(k->llm[i].name, order[i]);
        assert_int_equal(k->llm[i].best, i == 0);
    }
    assert_near(k->llm[0].share, 11.0 / 51);
    assert_near(k->llm[5].mean, NAN);
    assert_int_equal(k->llm[5].count, 0);
    assert_int_equal(k->llm[5].tokens, 100);
    assert_int_equal(k->subnet_count, 1);
    assert_string_equal(k->subnet[0].name, "unknown");
}

static void with_few_tasks_nobody_is_best(void **state)
{
    struct scene *s = *state;
    put_scores(s, 9, NOW - HOUR, 1000, 0.9, ",\"subnet_id\":18");
    const struct scores *k = look(s, NOW);
    assert_string_equal(k->subnet[0].name, "18");
    assert_false(k->subnet[0].best);
}

static void roi_prefers_the_history_to_the_metrics_file(void **state)
{
    struct scene *s = *state;
    s->metrics.tao_7d = 7.04;
    s->metrics.tokens_7d = 285000;
    s->metrics.tao_ms = NOW;
    put_score(s, NOW - HOUR, 0.5, "");
    const struct scores *k = look(s, NOW);
    assert_near(k->roi, 7.04 / 285);
    assert_string_equal(k->roi_source, "metrics file");
    assert_int_equal(k->roi_word, ROI_PROFITABLE);
    put_score(s, NOW, 0.5, ",\"tao_earned\":0.00015");
    k = look(s, NOW);
    assert_near(k->roi, 0.00075);
    assert_near(k->tao_7d, 0.00015);
    assert_string_equal(k->roi_source, "history");
    assert_int_equal(k->roi_word, ROI_MARGINAL);
}

static void roi_words_change_at_their_edges(void **state)
{
    struct scene *s = *state;
    static const struct {
        double tao;
        enum roi_word word;
    } rows[] = {{0, ROI_UNPROFITABLE},    {0.000499, ROI_UNPROFITABLE}, {0.0005, ROI_MARGINAL},
                {0.000999, ROI_MARGINAL}, {0.001, ROI_PROFITABLE},      {NAN, ROI_UNKNOWN}};
    s->metrics.tokens_7d = 1000;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        s->metrics.tao_7d = rows[i].tao;
        assert_int_equal(look(s, NOW)->roi_word, rows[i].word);
    }
}

static void an_absurd_amount_is_not_known_instead_of_infinite(void **state)
{
    struct scene *s = *state;
    s->metrics.tao_7d = 1e308;
    s->metrics.tokens_7d = 1;
    assert_near(look(s, NOW)->roi, NAN);
    put_score(s, NOW - 1, 0.5, ",\"tao_earned\":1e308");
    put_score(s, NOW, 0.5, ",\"tao_earned\":1e308");
    assert_near(look(s, NOW)->tao_7d, NAN);
    assert_near(look(s, NOW)->roi, NAN);
    assert_int_equal(look(s, NOW)->roi_word, ROI_UNKNOWN);
}

static void zeros_of_the_installer_are_a_placeholder(void **state)
{
    struct scene *s = *state;
    s->metrics.tao_7d = 0;
    s->metrics.tokens_7d = 0;
    assert_true(look(s, NOW)->roi_placeholder);
    assert_near(look(s, NOW)->roi, NAN);
    s->metrics.tokens_7d = 1000;
    s->metrics.tao_ms = NOW;
    assert_false(look(s, NOW)->roi_placeholder);
    assert_near(look(s, NOW)->roi, 0);
}

static void hours_stand_on_the_clock_and_the_last_holds_now(void **state)
{
    struct scene *s = *state;
    put_score(s, NOW, 0.9, "");
    put_score(s, NOW - 1, 0.5, "");
    put_score(s, NOW - HOUR, 0.7, "");
    put_line(s, "p", NOW - 2, "null", "");
    put_score(s, NOW - SCORE_HOURS * HOUR, 0.1, ""); /* before the first row */
    const struct scores *k = look(s, NOW);
    const struct score_hour *last = &k->hour[SCORE_HOURS - 1];
    assert_int_equal(last->start_ms, NOW);
    assert_int_equal(last->count, 1);
    assert_int_equal(last[-1].count, 2);
    assert_near(last[-1].mean, 0.6);
    assert_near(last[-1].low, 0.5);
    assert_near(last[-1].high, 0.7);
    assert_int_equal(last[-1].tokens, 300);
    assert_int_equal(k->hour[0].count, 0);
    assert_near(k->hour[0].mean, NAN);
    assert_int_equal(k->hour[0].start_ms, NOW - (SCORE_HOURS - 1) * HOUR);
}

static const struct score_span *span(struct scene *s, enum score_range range)
{
    struct docs docs = {.history = s->history, .range = range};
    return &scores_at(&s->arena, &docs, &s->settings, NOW)->span;
}

static void a_range_has_its_own_points_and_groups(void **state)
{
    struct scene *s = *state;
    put_score(s, NOW - 29 * DAY, 0.1, ",\"llm_used\":\"old\"");
    put_score(s, NOW - 3 * DAY, 0.3, ",\"llm_used\":\"week\"");
    put_score(s, NOW - 5 * HOUR, 0.5, ",\"llm_used\":\"day\"");
    put_score(s, NOW - HOUR + 1, 0.7, ",\"llm_used\":\"hour\"");
    put_score(s, NOW, 0.9, ",\"llm_used\":\"hour\"");
    static const struct {
        enum score_range range;
        int64_t ms, count;
        size_t llms;
    } wants[] = {
        {RANGE_1H, HOUR, 2, 1}, {RANGE_24H, DAY, 3, 2}, {RANGE_7D, 7 * DAY, 4, 3}, {RANGE_30D, 30 * DAY, 5, 4}};
    for (size_t i = 0; i < sizeof wants / sizeof wants[0]; i++) {
        const struct score_span *p = span(s, wants[i].range);
        int64_t counted = 0;
        for (int k = 0; k < p->points; k++)
            counted += p->point[k].count;
        assert_int_equal(p->after_ms, NOW - wants[i].ms);
        assert_int_equal(p->all.count, wants[i].count);
        assert_int_equal(counted, wants[i].count);
        assert_int_equal(p->groups.llm_count, wants[i].llms);
        assert_true(p->point[0].start_ms <= p->after_ms + 1);
        assert_near(p->point[p->points - 1].mean, 0.9);
        assert_int_equal(p->oldest_ms, NOW - 29 * DAY);
    }
}

static void without_a_wish_there_is_no_range_and_the_week_is_as_ever(void **state)
{
    struct scene *s = *state;
    put_score(s, NOW - 3 * DAY, 0.3, ",\"llm_used\":\"week\"");
    put_score(s, NOW - 9 * DAY, 0.3, ",\"llm_used\":\"older\"");
    const struct score_span *p = span(s, RANGE_FIT);
    assert_int_equal(p->points, 0);
    assert_int_equal(p->groups.llm_count, 0);
    assert_int_equal(look(s, NOW)->llm_count, 1);
    struct docs docs = {.history = s->history, .range = RANGE_30D};
    assert_int_equal(scores_at(&s->arena, &docs, &s->settings, NOW)->llm_count, 1); /* the JSON's week stays a week */
}

enum { OLD_LINES = 140000 };

static double old_score(int i)
{
    return i % 101 / 100.0;
}

/* A task every half minute: 48 days, most of which are no records any more. */
static int64_t old_time(int i)
{
    return NOW - (int64_t)(OLD_LINES - 1 - i) * 30000;
}

static void put_old(struct scene *s)
{
    static const char *const llms[] = {"paid", "free", "odd"};
    for (int i = 0; i < OLD_LINES; i++) {
        char more[64];
        snprintf(more, sizeof more, ",\"llm_used\":\"%s\",\"subnet_id\":%d", llms[i % 3], i % 2);
        put_score(s, old_time(i), old_score(i), more);
    }
}

struct plain_sum {
    int64_t count, paid;
    double sum;
};

static struct plain_sum plain_sum(int64_t from_ms)
{
    struct plain_sum p = {0};
    for (int i = 0; i < OLD_LINES; i++) {
        if (old_time(i) < from_ms)
            continue;
        p.count++;
        p.sum += old_score(i);
        p.paid += i % 3 == 0;
    }
    return p;
}

static void assert_is_the_plain_sum(const struct score_span *p)
{
    struct plain_sum want = plain_sum(p->after_ms + 1);
    int64_t counted = 0;
    for (int i = 0; i < p->points; i++)
        counted += p->point[i].count;
    assert_int_equal(p->all.count, want.count);
    assert_int_equal(p->all.tokens, want.count * 100);
    assert_int_equal(counted, want.count);
    assert_near(p->all.mean, want.sum / (double)want.count);
    assert_true(fabs(p->p10 - 0.1) < 0.02 && fabs(p->p90 - 0.9) < 0.02);
    for (size_t i = 0; i < p->groups.llm_count; i++) {
        const struct score_group *g = &p->groups.llm[i];
        if (strcmp(g->name, "paid") == 0) {
            assert_int_equal(g->count, want.paid);
            assert_near(g->cost_usd, (double)want.paid * 100 / 1000 * 0.03);
        } else {
            assert_near(g->cost_usd, strcmp(g->name, "free") == 0 ? 0 : NAN);
        }
    }
    assert_int_equal(p->groups.subnet[0].count + p->groups.subnet[1].count, want.count);
    assert_near(p->groups.subnet[0].cost_usd, NAN); /* who spent it is not known any more */
}

static void days_that_are_no_records_any_more_count_whole_and_exactly(void **state)
{
    struct scene *s = *state;
    static const struct budget_row rows[] = {{.api = "paid", .cost_per_1k = 0.03}, {.api = "free", .cost_per_1k = 0}};
    static const struct budgets_doc budgets = {.row = rows, .count = 2};
    put_old(s);
    assert_true(history_record_count(s->history) < OLD_LINES);
    struct docs docs = {.history = s->history, .budgets_doc = &budgets, .range = RANGE_30D};
    const struct score_span *p = &scores_at(&s->arena, &docs, &s->settings, NOW)->span;
    assert_true(p->after_ms + 1 == NOW - 30 * DAY); /* an hour that is summed up is there whole or not at all */
    assert_is_the_plain_sum(p);
    assert_int_equal(p->groups.llm_count, 3);
    docs.range = RANGE_ALL;
    p = &scores_at(&s->arena, &docs, &s->settings, NOW)->span;
    assert_is_the_plain_sum(p);
    assert_int_equal(p->all.count, OLD_LINES);
}

enum { DENSE_LINES = 400000 };

/* A task every three seconds for a fortnight: records of a few days, before that hours. */
static void a_fortnight_of_very_many_tasks_is_all_there(void **state)
{
    struct scene *s = *state;
    for (int i = 0; i < DENSE_LINES; i++)
        put_score(s, NOW - (int64_t)(DENSE_LINES - 1 - i) * 3000, old_score(i), ",\"llm_used\":\"x\"");
    assert_in_range(history_record_count(s->history), 131072, 200000);
    const struct scores *k = look(s, NOW);
    assert_int_equal(k->d7.count + k->prev7d.count, DENSE_LINES);
    assert_int_equal(k->d7.count, 7 * 24 * 1200 + 1); /* it begins with a whole hour */
    assert_int_equal(k->d7.from_ms, NOW - 7 * DAY); /* and says so */
    assert_int_equal(k->prev7d.from_ms, k->prev7d.count > 0 ? NOW - 14 * DAY + 1 : 0);
    assert_int_equal(k->h24.count, 24 * 1200);
    assert_int_equal(k->h24.from_ms, 0);
    assert_int_equal(k->yesterday.count, 24 * 1200);
    assert_int_equal(k->llm[0].count, k->d7.count);
    assert_int_equal(k->d7.tokens, k->d7.count * 100);
    struct docs docs = {.history = s->history, .range = RANGE_7D};
    const struct score_span *p = &scores_at(&s->arena, &docs, &s->settings, NOW)->span;
    assert_int_equal(p->step_ms, HOUR);
    assert_int_equal(p->all.count, k->d7.count);
    assert_int_equal(p->point[24].count, 1200);
}

static void a_window_that_begins_within_an_hour_of_which_only_sums_are_known_says_from_when_it_counts(void **state)
{
    struct scene *s = *state;
    for (int i = 0; i < DENSE_LINES; i++)
        put_score(s, NOW - (int64_t)(DENSE_LINES - 1 - i) * 3000, 0.5, "");
    const struct scores *k = look(s, NOW + HOUR / 4);
    assert_int_equal(k->d7.from_ms, NOW - 7 * DAY);
    assert_int_equal(k->d7.count, 7 * 24 * 1200 + 1);
    assert_int_equal(k->h24.from_ms, 0); /* of these each one is kept */
    assert_int_equal(k->h24.count, 24 * 1200 - 300);
    assert_int_equal(k->h1.from_ms, 0);
    assert_int_equal(k->today.from_ms, 0);
}

static void a_price_is_known_for_all_or_not_at_all(void **state)
{
    struct scene *s = *state;
    static const struct budget_row rows[] = {{.api = "a", .cost_per_1k = 0.5}, {.api = "b", .cost_per_1k = NAN}};
    static const struct budgets_doc budgets = {.row = rows, .count = 2};
    struct docs docs = {.history = s->history, .budgets_doc = &budgets};
    put_line(s, "x", NOW - 3, "0.5", ",\"llm_used\":\"a\",\"tao_earned\":0.2,\"prompt_strategy\":\"p\"");
    const struct scores *k = scores_at(&s->arena, &docs, &s->settings, NOW);
    assert_near(k->h24.cost_usd, 0.05);
    assert_near(k->h24.roi, 2);
    assert_near(k->strategy[0].cost_usd, 0.05);
    assert_near(k->yesterday.cost_usd, 0); /* nothing was spent */
    put_line(s, "y", NOW - 2, "0.5", ",\"llm_used\":\"b\"");
    k = scores_at(&s->arena, &docs, &s->settings, NOW);
    assert_near(k->h24.cost_usd, NAN);
    assert_int_equal(k->llm_count, 2);
    assert_near(k->llm[0].cost_usd, 0.05);
    assert_near(k->llm[1].cost_usd, NAN);
    assert_near(k->llm[1].roi, NAN);
}

static void percentiles_lie_within_a_fiftieth(void **state)
{
    struct scene *s = *state;
    for (int i = 0; i <= 100; i++)
        put_score(s, NOW - 101 + i, i / 100.0, "");
    const struct score_hour *last = &look(s, NOW)->hour[SCORE_HOURS - 2]; /* now is a whole hour */
    assert_int_equal(last->count, 101);
    assert_true(fabs(last->p10 - 0.1) <= 0.02);
    assert_true(fabs(last->p90 - 0.9) <= 0.02);
    assert_near(last[-1].p10, NAN);
}

static void before_all_is_read_only_the_newest_tasks_are_known(void **state)
{
    struct scene *s = *state;
    put_scores(s, 80, NOW - HOUR, 1000, 0.5, ",\"tao_earned\":1");
    s->metrics.tao_7d = 3;
    s->metrics.tokens_7d = 1000;
    struct docs docs = {.newest = s->history, .metrics_doc = &s->metrics};
    const struct scores *k = scores_at(&s->arena, &docs, &s->settings, NOW);
    assert_false(k->known);
    assert_true(k->early);
    assert_int_equal(k->last10.count, 10);
    assert_int_equal(k->task_count, 80);
    assert_near(k->h24.mean, NAN);
    assert_near(k->roi, NAN);
    assert_null(k->roi_source);
    assert_true(k->tasks_today == NOT_KNOWN && k->h24.tokens == NOT_KNOWN && k->oldest_pending_ms == NOT_KNOWN);
    assert_int_equal(k->counts.lines, 0);
    docs.history = s->history;
    assert_false(scores_at(&s->arena, &docs, &s->settings, NOW)->early);
}

static void the_task_list_is_newest_first_without_future_and_replaced(void **state)
{
    struct scene *s = *state;
    put_scores(s, 250, NOW - HOUR, 1000, 0.5, ",\"llm_used\":\"m\",\"prompt_strategy\":\"p\",\"subnet_id\":3");
    put_line(s, "test_7", NOW - 2, "0.9", "");
    put_line(s, "r", NOW - 1, "0.1", "");
    put_line(s, "r", NOW, "null", ""); /* joins the scored line, does not show again */
    put_line(s, "f", NOW + DAY, "0.9", "");
    const struct scores *k = look(s, NOW);
    assert_int_equal(k->task_count, TASK_LINES);
    assert_int_equal(k->task[0].t_ms, NOW - 1);
    assert_near(k->task[0].score, 0.1);
    assert_int_equal(k->task[1].kind, RECORD_SYNTHETIC);
    assert_string_equal(k->task[2].llm, "m");
    assert_string_equal(k->task[2].strategy, "p");
    assert_int_equal(k->task[2].subnet, 3);
    assert_int_equal(k->recent_count, SPARK_SCORES);
    assert_int_equal(k->counts.future, 1);
}

static void bad_lines_and_waiting_tasks_are_named(void **state)
{
    struct scene *s = *state;
    history_feed(s->history, bytes_of("[1]\n{\"task_id\":\"w\",\"llm\":\"m\"}\n"));
    const struct scores *k = look(s, NOW);
    history_free(s->history); /* the part owns its copies */
    s->history = history_new(NULL);
    assert_int_equal(k->note_count, 1);
    assert_int_equal(k->note[0].line, 1);
    assert_string_equal(k->note[0].why, "it is not a JSON object");
    assert_int_equal(k->awaiting, 1);
    assert_int_equal(k->waiting_count, 1);
    assert_string_equal(k->waiting[0].task_id, "w");
}

static const struct metrics_doc *decode(struct scene *s, const char *text, struct err *e)
{
    struct decode_in in = {.bytes = bytes_of(text), .name = "performance-metrics.json"};
    return metrics_decode(&s->arena, &in, e);
}

static void both_shapes_of_metrics_are_read(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    const struct metrics_doc *d =
        decode(s,
               "{\"performance_24h\":{\"average_score\":0.7,\"success_rate\":0.9,\"tasks_completed\":3},"
               "\"performance_7day\":{\"tao_earned\":1.5,\"token_spend\":1000},\"last_updated\":null}",
               &e);
    assert_non_null(d);
    assert_true(d->shape1 && !d->shape2);
    assert_near(d->tao_7d, 1.5);
    assert_int_equal(d->tokens_7d, 1000);
    assert_near(d->average, 0.7);
    assert_near(d->success, 0.9);
    assert_int_equal(d->tasks, 3);
    assert_true(d->updated_ms == NOT_KNOWN);
    d = decode(s,
               "{\"period_days\":7,\"average_score\":NaN,\"success_rate\":0.5,\"tasks_completed\":2,"
               "\"last_updated\":\"2026-11-22T12:00:00.5\"}",
               &e);
    assert_non_null(d);
    assert_true(d->shape2 && !d->shape1);
    assert_near(d->average, NAN);
    assert_near(d->tao_7d, NAN);
    assert_int_equal(d->period_days, 7);
    assert_int_equal(d->updated_ms, NOW + 500);
}

static void metrics_of_another_shape_are_refused_with_a_sentence(void **state)
{
    struct scene *s = *state;
    static const char *const bad[] = {
        "", "{}", "[]", "{\"hashrate\":5}", "{\"performance_7day\":5}", "{\"period_days\":7"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        assert_null(decode(s, bad[i], &e));
        assert_non_null(strstr(e.text, "performance-metrics.json"));
    }
}

static void what_was_earned_survives_the_flip_to_shape_2_with_its_time(void **state)
{
    struct scene *s = *state;
    struct err e = {0};
    const struct metrics_doc *first = decode(
        s, "{\"performance_7day\":{\"tao_earned\":1.5,\"token_spend\":1000},\"last_updated\":\"2026-11-20T00:00:00\"}",
        &e);
    struct decode_in in = {
        .bytes = bytes_of("{\"period_days\":1,\"average_score\":0.5,\"last_updated\":\"2026-11-22T00:00:00\"}"),
        .name = "performance-metrics.json",
        .before = first};
    const struct metrics_doc *d = metrics_decode(&s->arena, &in, &e);
    assert_true(d->shape2 && !d->shape1);
    assert_near(d->tao_7d, 1.5);
    assert_int_equal(d->tokens_7d, 1000);
    assert_int_equal(d->tao_ms, INT64_C(1795132800000));
    assert_int_equal(d->updated_ms, INT64_C(1795305600000));
    in.before = NULL;
    d = metrics_decode(&s->arena, &in, &e);
    assert_near(d->tao_7d, NAN);
    /* The installer's zeros stay a placeholder. */
    in.before = decode(s, "{\"performance_7day\":{\"tao_earned\":0,\"token_spend\":0},\"last_updated\":null}", &e);
    d = metrics_decode(&s->arena, &in, &e);
    assert_true(d->tao_7d == 0 && d->tao_ms == NOT_KNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_drop_from_zero_is_not_known, setup, teardown),
        cmocka_unit_test_setup_teardown(a_drop_needs_ten_tasks_on_each_side, setup, teardown),
        cmocka_unit_test_setup_teardown(a_score_of_exactly_the_threshold_is_no_success, setup, teardown),
        cmocka_unit_test_setup_teardown(an_absurd_amount_is_not_known_instead_of_infinite, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_lines_and_waiting_tasks_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(both_shapes_of_metrics_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(hours_stand_on_the_clock_and_the_last_holds_now, setup, teardown),
        cmocka_unit_test_setup_teardown(metrics_of_another_shape_are_refused_with_a_sentence, setup, teardown),
        cmocka_unit_test_setup_teardown(roi_prefers_the_history_to_the_metrics_file, setup, teardown),
        cmocka_unit_test_setup_teardown(roi_words_change_at_their_edges, setup, teardown),
        cmocka_unit_test_setup_teardown(sums_of_tokens_do_not_overflow, setup, teardown),
        cmocka_unit_test_setup_teardown(the_baseline_of_a_drop_is_fifty_tasks_at_most, setup, teardown),
        cmocka_unit_test_setup_teardown(the_best_has_ten_tasks_and_ties_go_to_more_tasks_then_names, setup, teardown),
        cmocka_unit_test_setup_teardown(a_range_has_its_own_points_and_groups, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_wish_there_is_no_range_and_the_week_is_as_ever, setup, teardown),
        cmocka_unit_test_setup_teardown(a_fortnight_of_very_many_tasks_is_all_there, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_window_that_begins_within_an_hour_of_which_only_sums_are_known_says_from_when_it_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(days_that_are_no_records_any_more_count_whole_and_exactly, setup, teardown),
        cmocka_unit_test_setup_teardown(a_price_is_known_for_all_or_not_at_all, setup, teardown),
        cmocka_unit_test_setup_teardown(percentiles_lie_within_a_fiftieth, setup, teardown),
        cmocka_unit_test_setup_teardown(before_all_is_read_only_the_newest_tasks_are_known, setup, teardown),
        cmocka_unit_test_setup_teardown(the_task_list_is_newest_first_without_future_and_replaced, setup, teardown),
        cmocka_unit_test_setup_teardown(the_trend_compares_two_weeks, setup, teardown),
        cmocka_unit_test_setup_teardown(today_is_the_day_of_utc, setup, teardown),
        cmocka_unit_test_setup_teardown(tokens_count_for_every_record_and_scores_only_for_scored, setup, teardown),
        cmocka_unit_test_setup_teardown(windows_hold_now_but_not_their_far_edge, setup, teardown),
        cmocka_unit_test_setup_teardown(with_few_tasks_nobody_is_best, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_file_nothing_is_known_and_nothing_is_zero, setup, teardown),
        cmocka_unit_test_setup_teardown(zeros_of_the_installer_are_a_placeholder, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_earned_survives_the_flip_to_shape_2_with_its_time, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
