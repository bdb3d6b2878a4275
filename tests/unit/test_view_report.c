/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "sample_model.h"

static struct arena a;

static int clean(void **state)
{
    (void)state;
    arena_release(&a);
    return 0;
}

static const struct report_line *line(const struct report *r, const char *key)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->line[i].key, key) == 0)
            return &r->line[i];
    fail_msg("no line %s", key);
    return NULL;
}

static const char *text(const struct report *r, const char *key)
{
    return line(r, key)->text;
}

static double number(const struct report *r, const char *key, const char *name)
{
    const struct report_line *l = line(r, key);
    for (size_t i = 0; i < l->numbers; i++)
        if (strcmp(l->number[i].key, name) == 0)
            return l->number[i].value;
    fail_msg("no number %s", name);
    return 0;
}

static void has(const char *all, const char *part)
{
    if (!strstr(all, part))
        fail_msg("\"%s\" is not in: %s", part, all);
}

/* A model of ours with scores that a test may change. */
static struct model *rig(struct scores **scores)
{
    struct model *m = sample_well(&a);
    *scores = arena_alloc(&a, sizeof **scores);
    **scores = *m->scores;
    m->scores = *scores;
    return m;
}

static void a_change_below_one_percent_is_none(void **state)
{
    (void)state;
    struct scores *s;
    const struct model *m = rig(&s);
    s->yesterday.mean = 0.5;
    static const struct {
        double today;
        const char *want;
    } cases[] = {
        {0.5049, "\u2192 +1.0%"}, {0.51, "\u2191 +2.0%"}, {0.49, "\u2193 -2.0%"}, {NAN, "(n/a from yesterday)"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s->today.mean = cases[i].today;
        has(text(report_make(&a, m, REPORT_HEARTBEAT), "scores"), cases[i].want);
    }
    s->today.mean = 0.5;
    s->yesterday.mean = 0; /* nothing can be compared with it */
    has(text(report_make(&a, m, REPORT_HEARTBEAT), "scores"), "n/a");
}

static void a_calm_rig_needs_no_action(void **state)
{
    (void)state;
    const struct report *r = report_make(&a, sample_well(&a), REPORT_HEARTBEAT);
    assert_true(r->calm);
    assert_string_equal(r->end, "No action needed. Mining operating normally.");
    assert_string_equal(r->title, "Bittensor Miner Status (2026-11-22 04:48 UTC)");
}

static void nothing_known_is_not_called_normal(void **state)
{
    (void)state;
    const struct model *m = sample_empty(&a);
    for (int k = 0; k < REPORT_KINDS; k++) {
        const struct report *r = report_make(&a, m, (enum report_kind)k);
        assert_false(r->calm);
        assert_string_equal(text(r, "roi"), "n/a");
        assert_string_equal(r->advice[0].rule, "no-data");
        assert_int_equal(r->advice_count, 1);
        for (size_t i = 0; i < r->count; i++)
            for (size_t n = 0; n < r->line[i].numbers; n++)
                assert_true(isnan(r->line[i].number[n].value) && r->line[i].number[n].count == NOT_KNOWN);
    }
    assert_null(strstr(report_make(&a, m, REPORT_HEARTBEAT)->end, "normally"));
}

static void a_daemon_that_was_stopped_is_no_normal_mining(void **state)
{
    (void)state;
    struct model *m = sample_well(&a);
    struct daemon d = *m->daemon;
    d.state = DAEMON_STOPPED;
    m->daemon = &d;
    has(report_make(&a, m, REPORT_HEARTBEAT)->end, "was stopped");
}

static void zeros_of_the_setup_are_no_roi(void **state)
{
    (void)state;
    struct scores *s;
    const struct model *m = rig(&s);
    s->tao_7d = s->roi = 0;
    s->roi_placeholder = true;
    const struct report *r = report_make(&a, m, REPORT_WEEKLY);
    assert_string_equal(text(r, "roi"), "n/a");
    assert_string_equal(text(r, "tao"), "n/a");
    assert_true(isnan(number(r, "roi", "tao_per_1k_tokens")));
    s->roi_placeholder = false;
    s->roi_word = ROI_UNPROFITABLE;
    assert_string_equal(text(report_make(&a, m, REPORT_WEEKLY), "roi"),
                        "0.0000 TAO per 1K tokens (\u2193 unprofitable)");
}

static void a_week_names_its_seven_days(void **state)
{
    (void)state;
    struct model *m = sample_empty(&a);
    static const struct {
        int year, month, day;
        const char *want;
    } cases[] = {{2024, 1, 14, "(Jan 8-14)"}, {2024, 2, 4, "(Jan 29-Feb 4)"}, {2026, 1, 3, "(Dec 28-Jan 3)"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        m->now_ms = civil_ms(cases[i].year, cases[i].month, cases[i].day) + 10 * HOUR_MS;
        has(report_make(&a, m, REPORT_WEEKLY)->title, cases[i].want);
    }
}

static void few_samples_recommend_nothing(void **state)
{
    (void)state;
    struct scores *s;
    const struct model *m = rig(&s);
    s->h24.count = 9;
    s->h24.mean = 0.1;
    s->h24.success = 0;
    const struct report *r = report_make(&a, m, REPORT_DAILY);
    for (size_t i = 0; i < r->advice_count; i++)
        if (strcmp(r->advice[i].rule, "low-score") == 0 || strcmp(r->advice[i].rule, "low-success") == 0)
            fail_msg("9 tasks are too few for: %s", r->advice[i].text);
    s->h24.count = 10;
    r = report_make(&a, m, REPORT_DAILY);
    bool low = false;
    for (size_t i = 0; i < r->advice_count; i++)
        low = low || strcmp(r->advice[i].rule, "low-score") == 0;
    assert_true(low);
}

static void a_better_llm_is_recommended_only_when_it_is_better(void **state)
{
    (void)state;
    struct scores *s;
    const struct model *m = rig(&s);
    struct score_group two[] = {{.name = "fine", .count = 20, .mean = 0.8, .share = 0.5, .best = true, .roi = NAN},
                                {.name = "poor", .count = 20, .mean = 0.77, .share = 0.5, .roi = NAN}};
    s->llm = two;
    s->llm_count = 2;
    s->strategy_count = s->subnet_count = 0;
    for (int i = 0; i < 2; i++, two[1].mean = 0.6) {
        const struct report *r = report_make(&a, m, REPORT_WEEKLY);
        bool said = false;
        for (size_t k = 0; k < r->advice_count; k++)
            said = said || strstr(r->advice[k].text, "Use the LLM fine instead of poor");
        assert_int_equal(said, i == 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_change_below_one_percent_is_none, clean),
        cmocka_unit_test_teardown(a_calm_rig_needs_no_action, clean),
        cmocka_unit_test_teardown(nothing_known_is_not_called_normal, clean),
        cmocka_unit_test_teardown(a_daemon_that_was_stopped_is_no_normal_mining, clean),
        cmocka_unit_test_teardown(zeros_of_the_setup_are_no_roi, clean),
        cmocka_unit_test_teardown(a_week_names_its_seven_days, clean),
        cmocka_unit_test_teardown(few_samples_recommend_nothing, clean),
        cmocka_unit_test_teardown(a_better_llm_is_recommended_only_when_it_is_better, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
