/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Prometheus is told, and what of it survives a restart. promtool reads the same text in tests/live/test_node_metrics.py. */
#include "node/metrics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void has(struct bytes text, const char *line)
{
    if (bytes_find(text, line) == text.len)
        fail_msg("not there: %s\nin:\n%.*s", line, (int)text.len, text.at);
}

static void some(struct metrics *m)
{
    metrics_add(m, METRIC_JOBS, "cli", "ok", 2);
    metrics_add(m, METRIC_JOBS, "cli", "ok", 1);
    metrics_add(m, METRIC_EARNINGS, NULL, NULL, 0.1);
    metrics_observe(m, METRIC_JOB_TIME, "cli", 0.1);
    metrics_observe(m, METRIC_JOB_TIME, "cli", 9999);
    metrics_set(m, METRIC_UP, NULL, NULL, 1);
}

static void values_stand_below_their_heads(void **state)
{
    struct metrics m = {0};
    struct arena a = {0};
    (void)state;
    some(&m);
    metrics_set(&m, METRIC_GPU_POWER, "0", NULL, NAN);
    struct bytes text = metrics_text(&a, &m);
    has(text, "# TYPE aitbc_miner_jobs_total counter\naitbc_miner_jobs_total{runner=\"cli\",result=\"ok\"} 3\n");
    has(text, "aitbc_miner_earnings_aitbc_total 0.1\n");
    has(text, "aitbc_miner_job_duration_seconds_bucket{runner=\"cli\",le=\"0.1\"} 1\n");
    has(text, "aitbc_miner_job_duration_seconds_bucket{runner=\"cli\",le=\"3600\"} 1\n");
    has(text, "aitbc_miner_job_duration_seconds_bucket{runner=\"cli\",le=\"+Inf\"} 2\n");
    has(text, "aitbc_miner_job_duration_seconds_sum{runner=\"cli\"} 9999.1\n");
    assert_int_equal(bytes_find(text, "watts"), text.len); /* what is not known has no sample */
    arena_release(&a);
}

static void labels_are_escaped_and_cut(void **state)
{
    struct metrics m = {0};
    struct arena a = {0};
    char large[500];
    (void)state;
    memset(large, '"', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    metrics_set(&m, METRIC_INFO, "1\n\"2\\", "n", 1);
    metrics_set(&m, METRIC_STATE, large, NULL, 1);
    has(metrics_text(&a, &m), "aitbc_miner_info{version=\"1 \\\"2\\\\\",node_id=\"n\"} 1\n");
    assert_int_equal(m.cells, 2);
    arena_release(&a);
}

static void counters_survive_and_gauges_do_not(void **state)
{
    struct metrics m = {0}, back = {0};
    struct arena a = {0};
    struct err e;
    (void)state;
    some(&m);
    struct bytes kept = metrics_keep(&a, &m);
    assert_true(metrics_restore(&back, kept, &e));
    metrics_forget_gauges(&m);
    struct bytes one = metrics_text(&a, &m), two = metrics_text(&a, &back);
    assert_true(bytes_equal(one, two));
    assert_true(bytes_find(one, "aitbc_miner_up") == one.len);
    arena_release(&a);
}

static void a_file_that_was_changed_or_cut_counts_nothing(void **state)
{
    struct metrics m = {0}, back;
    struct arena a = {0};
    struct err e;
    (void)state;
    some(&m);
    struct bytes kept = metrics_keep(&a, &m);
    char *spoilt = arena_copy(&a, kept);
    for (size_t len = 0; len < kept.len; len++)
        assert_false(metrics_restore(&back, (struct bytes){spoilt, len}, &e));
    for (size_t at = 0; at < kept.len - 1; at++) {
        spoilt[at] ^= 1;
        assert_false(metrics_restore(&back, (struct bytes){spoilt, kept.len}, &e));
        assert_int_equal(back.cells, 0);
        spoilt[at] ^= 1;
    }
    arena_release(&a);
}

static void one_label_too_many_is_dropped(void **state)
{
    struct metrics m = {0};
    char label[16];
    (void)state;
    for (int i = 0; i < 2 * METRIC_CELLS; i++) {
        snprintf(label, sizeof label, "%d", i);
        metrics_add(&m, METRIC_FAILURES, label, NULL, 1);
    }
    assert_int_equal(m.cells, METRIC_CELLS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_below_their_heads),
        cmocka_unit_test(labels_are_escaped_and_cut),
        cmocka_unit_test(counters_survive_and_gauges_do_not),
        cmocka_unit_test(a_file_that_was_changed_or_cut_counts_nothing),
        cmocka_unit_test(one_label_too_many_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
