/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "auction/schedule.h"

static void a_job_runs_at_once_and_then_on_the_grid_of_its_first_run(void **state)
{
    struct schedule s = schedule_every(60000, 1234);
    (void)state;
    assert_int_equal(schedule_due(&s, 1233), DUE_NOT);
    assert_int_equal(schedule_due(&s, 1234), DUE_RUN);
    assert_int_equal(s.next_ms, 61234);
    assert_int_equal(schedule_due(&s, 61233), DUE_NOT);
    assert_int_equal(schedule_due(&s, 61300), DUE_RUN); /* late by some milliseconds: the grid stays */
    assert_int_equal(s.next_ms, 121234);
}

static void times_that_were_missed_are_one_run_however_late(void **state)
{
    struct schedule s = schedule_every(60000, 0);
    (void)state;
    assert_int_equal(schedule_due(&s, 0), DUE_RUN);
    assert_int_equal(schedule_due(&s, 3600000 + 15000), DUE_RUN); /* an hour asleep, and later than the grace of 10 s */
    assert_int_equal(s.next_ms, 3660000);
    assert_int_equal(schedule_due(&s, 3600000 + 15001), DUE_NOT);
}

static void a_run_that_still_lives_is_never_joined_by_another(void **state)
{
    struct schedule s = schedule_every(60000, 0);
    (void)state;
    s.running = true;
    assert_int_equal(schedule_due(&s, 0), DUE_SKIP);
    assert_int_equal(s.next_ms, 60000); /* its next time advances all the same */
    s.running = false;
    assert_int_equal(schedule_due(&s, 59999), DUE_NOT);
    assert_int_equal(schedule_due(&s, 60000), DUE_RUN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_runs_at_once_and_then_on_the_grid_of_its_first_run),
        cmocka_unit_test(times_that_were_missed_are_one_run_however_late),
        cmocka_unit_test(a_run_that_still_lives_is_never_joined_by_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
