/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/random.h"
#include "sim/rig.h"
#include "sim/text.h"

static void repr_is(double v, const char *want)
{
    struct arena a = {0};
    struct sim_text t = {.arena = &a};
    put_real(&t, v);
    assert_string_equal(t.at, want);
    arena_release(&a);
}

static void numbers_are_python_s_repr(void **state)
{
    (void)state;
    repr_is(0.7, "0.7");
    repr_is(0.7 + 4 * 0.02, "0.7799999999999999");
    repr_is(1, "1.0");
    repr_is(0, "0.0");
    repr_is(200, "200.0");
    repr_is(1795322975.703535, "1795322975.703535");
    repr_is(1796083200, "1796083200.0");
    repr_is(-0.25, "-0.25");
    repr_is(1e-5, "1e-05");
    repr_is(1.5e16, "1.5e+16");
    repr_is(1234567890123456, "1234567890123456.0");
    repr_is(NAN, "NaN");
    repr_is(-INFINITY, "-Infinity");
}

static void dumps_to(const char *text, const char *want)
{
    struct arena a = {0};
    struct sim_text t = {.arena = &a};
    put_string(&t, text);
    assert_string_equal(t.at, want);
    arena_release(&a);
}

static void strings_are_escaped_as_json_dumps_does(void **state)
{
    (void)state;
    dumps_to("plain", "\"plain\"");
    dumps_to("a\"b\\c\nd", "\"a\\\"b\\\\c\\nd\"");
    dumps_to("é", "\"\\u00e9\"");
    dumps_to("📈", "\"\\ud83d\\udcc8\"");
    dumps_to("\b\f\r\t\x7f/", "\"\\b\\f\\r\\t\\u007f/\"");
    dumps_to("\x1b[m", "\"\\u001b[m\"");
}

static void epoch_is(int64_t at_ms, const char *want)
{
    struct arena a = {0};
    struct sim_text t = {.arena = &a}, slow = {.arena = &a};
    put_epoch(&t, at_ms);
    put_real(&slow, (double)at_ms / 1000);
    assert_string_equal(t.at, want);
    assert_string_equal(slow.at, want);
    arena_release(&a);
}

static void epochs_are_the_repr_of_the_float(void **state)
{
    (void)state;
    epoch_is(1795322975703, "1795322975.703");
    epoch_is(1795322975700, "1795322975.7");
    epoch_is(1795322975050, "1795322975.05");
    epoch_is(1795322970000, "1795322970.0");
}

static void times_are_as_the_writers_put_them(void **state)
{
    (void)state;
    struct arena a = {0};
    struct sim_text t = {.arena = &a};
    put_utc(&t, 1795322931214860);
    assert_string_equal(t.at, "2026-11-22T04:48:51.214860");
    t.len = 0;
    put_utc(&t, 1795322931000000); /* isoformat() leaves a fraction of 0 out */
    assert_string_equal(t.at, "2026-11-22T04:48:51");
    t.len = 0;
    put_log_time(&t, 1795322906955, 11 * 3600);
    assert_string_equal(t.at, "2026-11-22 15:48:26,955");
    arena_release(&a);
}

static void the_state_file_is_byte_for_byte_the_real_one(void **state)
{
    (void)state;
    char real[512];
    FILE *f = fopen(FIXTURES "/miner-state-running.json", "rb");
    assert_non_null(f);
    size_t len = fread(real, 1, sizeof real, f);
    fclose(f);
    struct arena a = {0};
    struct bytes b = daemon_state_text(&a, "running", 25217, "/tmp/openclawd-bittensor.sock", 1795322856999);
    assert_int_equal(b.len, len);
    assert_memory_equal(b.at, real, len); /* the epoch in uptime_seconds is the real writer's bug */
    arena_release(&a);
}

static void chance_is_fair_enough(void **state)
{
    (void)state;
    struct sim_random r;
    random_seed(&r, 3);
    double sum = 0, normal = 0, square = 0;
    int low = 0, high = 0, hits = 0;
    for (int i = 0; i < 20000; i++) {
        sum += random_unit(&r);
        double n = random_normal(&r);
        normal += n;
        square += n * n;
        int64_t v = random_between(&r, 1, 6);
        assert_in_range(v, 1, 6);
        low += v == 1;
        high += v == 6;
        hits += random_chance(&r, 0.25);
    }
    assert_in_range((int)(sum / 20), 490, 510);
    assert_true(fabs(normal / 20000) < 0.03 && fabs(square / 20000 - 1) < 0.05);
    assert_in_range(low, 3000, 3700);
    assert_in_range(high, 3000, 3700);
    assert_in_range(hits, 4700, 5300);
}

static void no_seed_is_a_dead_one(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct sim_random r;
        random_seed(&r, seed);
        assert_int_not_equal(r.state, 0);
        assert_int_not_equal(random_next(&r), random_next(&r));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_python_s_repr),
        cmocka_unit_test(strings_are_escaped_as_json_dumps_does),
        cmocka_unit_test(epochs_are_the_repr_of_the_float),
        cmocka_unit_test(times_are_as_the_writers_put_them),
        cmocka_unit_test(the_state_file_is_byte_for_byte_the_real_one),
        cmocka_unit_test(chance_is_fair_enough),
        cmocka_unit_test(no_seed_is_a_dead_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
