/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done once per date, and how long the daemon was up: over steps of the clock (R27), changes of the hour and nights in
 * which nobody was there. */
#include "model/calendar.h"

#include "base/timetext.h"
#include "model/uptime.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const int64_t HOUR = 3600000, DAY = 86400000, MINUTE = 60000;
static const struct calendar nine = {540, CALENDAR_ANY}, sunday = {600, CALENDAR_SUNDAY}, three = {150, CALENDAR_ANY};

static int64_t at(int year, int month, int day, int hour, int minute)
{
    return civil_ms(year, month, day) + hour * HOUR + minute * MINUTE;
}

/* Minute by minute, as davy-watch does it; how often it was done. */
static int runs(const struct calendar *c, int64_t *last, int64_t from, int64_t until, int32_t offset_s)
{
    int count = 0;
    for (int64_t t = from; t < until; t += MINUTE) {
        struct calendar_verdict v = calendar_look(c, *last, t, offset_s);
        assert_true(v.next_ms > t);
        count += v.due;
        if (v.due || v.missed)
            *last = v.date;
    }
    return count;
}

static void each_date_once_at_its_time(void **state)
{
    (void)state;
    int64_t last = NOT_KNOWN;
    assert_int_equal(runs(&nine, &last, at(2026, 11, 1, 12, 0), at(2026, 11, 2, 8, 59), 0),
                     0); /* nothing is made up for */
    assert_int_equal(runs(&nine, &last, at(2026, 11, 2, 8, 59), at(2026, 11, 2, 9, 1), 0), 1);
    assert_int_equal(runs(&nine, &last, at(2026, 11, 2, 9, 1), at(2026, 11, 12, 8, 0), 0), 9);
    last = NOT_KNOWN;
    assert_int_equal(runs(&sunday, &last, at(2026, 11, 2, 0, 0), at(2026, 11, 30, 0, 0), 0), 4);
}

static void what_is_less_than_twelve_hours_late_is_made_up_for_once(void **state)
{
    (void)state;
    int64_t last = at(2026, 11, 1, 0, 0) / DAY, none = last;
    struct calendar_verdict v = calendar_look(&nine, last, at(2026, 11, 2, 20, 59), 0);
    assert_true(v.due && !v.missed);
    v = calendar_look(&nine, last, at(2026, 11, 2, 21, 0), 0);
    assert_true(!v.due && v.missed);
    assert_int_equal(runs(&nine, &last, at(2026, 11, 2, 18, 0), at(2026, 11, 2, 23, 0), 0), 1);
    assert_int_equal(runs(&nine, &none, at(2026, 11, 2, 21, 30), at(2026, 11, 3, 8, 0), 0), 0);
}

/* Berlin: 2026-10-25 03:00 becomes 02:00, 2026-03-29 02:00 becomes 03:00; 02:30 comes twice, and not at all. */
static void R27_a_change_of_the_hour_does_nothing_twice_and_leaves_nothing_out(void **state)
{
    (void)state;
    int64_t last = at(2026, 10, 24, 0, 0) / DAY;
    int count = runs(&three, &last, at(2026, 10, 24, 22, 0), at(2026, 10, 25, 1, 0), 7200);
    count += runs(&three, &last, at(2026, 10, 25, 1, 0), at(2026, 10, 25, 22, 0), 3600);
    assert_int_equal(count, 1);
    last = at(2026, 3, 28, 0, 0) / DAY;
    count = runs(&three, &last, at(2026, 3, 28, 23, 0), at(2026, 3, 29, 1, 0), 3600);
    count += runs(&three, &last, at(2026, 3, 29, 1, 0), at(2026, 3, 29, 20, 0), 7200);
    assert_int_equal(count, 1);
}

static void R27_a_clock_set_back_or_forth_by_up_to_a_day_does_nothing_twice_for_a_date(void **state)
{
    (void)state;
    for (int64_t jump = -24; jump <= 24; jump++) {
        int64_t last = at(2026, 11, 1, 0, 0) / DAY, seen[64] = {0}, could[64] = {0};
        for (int64_t t = 0; t < 5 * DAY; t += 10 * MINUTE) {
            bool jumped = t > DAY + 13 * HOUR && t < 3 * DAY;
            int64_t wall = at(2026, 11, 2, 0, 0) + t + (jumped ? jump * HOUR : 0);
            struct calendar_verdict v = calendar_look(&nine, last, wall, 0);
            int64_t nine_ms = v.date * DAY + 9 * HOUR;
            if (wall - nine_ms < CALENDAR_LATE_MS && v.date > at(2026, 11, 1, 0, 0) / DAY)
                could[v.date - at(2026, 11, 1, 0, 0) / DAY] = 1; /* somebody was there in time */
            if (v.due)
                seen[v.date - at(2026, 11, 1, 0, 0) / DAY]++;
            if (v.due || v.missed)
                last = v.date;
        }
        for (int i = 1; i < 64; i++)
            assert_int_equal(seen[i], could[i]);
    }
}

static void the_end_of_a_month_and_of_a_year_are_dates_as_others(void **state)
{
    (void)state;
    int64_t last = at(2027, 12, 30, 0, 0) / DAY;
    assert_int_equal(runs(&nine, &last, at(2027, 12, 31, 0, 0), at(2028, 3, 2, 0, 0), -5 * 3600),
                     31 + 29 + 1 + 1 - 0 - 0);
}

/* ---- uptime ---- */

static void a_minute_counts_once_and_what_nobody_saw_counts_nowhere(void **state)
{
    (void)state;
    struct uptime u = uptime_none;
    int64_t t = at(2026, 11, 2, 0, 0);
    assert_true(isnan(uptime_share(&u, 24, t)));
    for (int i = 0; i < 60; i++) {
        assert_true(uptime_note(&u, i < 30 ? UPTIME_UP : i < 40 ? UPTIME_DOWN : UPTIME_UNKNOWN, t + i * MINUTE));
        assert_false(uptime_note(&u, UPTIME_DOWN, t + i * MINUTE + 1000));
    }
    assert_true(fabs(uptime_share(&u, 24, t + HOUR) - 0.75) < 1e-9);
    assert_true(uptime_note(&u, UPTIME_UP, t + 30 * HOUR));
    assert_true(uptime_share(&u, 24, t + 30 * HOUR) == 1);
    assert_true(fabs(uptime_share(&u, 48, t + 30 * HOUR) - 31.0 / 41) < 1e-9);
}

static void hours_are_kept_for_eight_days_and_come_back_from_the_disk(void **state)
{
    (void)state;
    struct uptime u = uptime_none, back = uptime_none;
    int64_t t = at(2026, 11, 2, 0, 0);
    for (int i = 0; i < 400; i++)
        uptime_note(&u, i % 5 == 0 ? UPTIME_DOWN : UPTIME_UP, t + i * HOUR);
    assert_int_equal(u.count, UPTIME_HOURS);
    uptime_note(&u, UPTIME_UP, t); /* a clock that was set back */
    assert_int_equal(u.count, UPTIME_HOURS);
    json_t *o = uptime_to_json(&u);
    assert_true(uptime_from_json(o, &back));
    assert_memory_equal(&u, &back, sizeof u);
    json_array_set_new(json_array_get(json_object_get(o, "hours"), 3), 1, json_integer(-1));
    assert_false(uptime_from_json(o, &back));
    json_decref(o);
    assert_false(uptime_from_json(NULL, &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_date_once_at_its_time),
        cmocka_unit_test(what_is_less_than_twelve_hours_late_is_made_up_for_once),
        cmocka_unit_test(R27_a_change_of_the_hour_does_nothing_twice_and_leaves_nothing_out),
        cmocka_unit_test(R27_a_clock_set_back_or_forth_by_up_to_a_day_does_nothing_twice_for_a_date),
        cmocka_unit_test(the_end_of_a_month_and_of_a_year_are_dates_as_others),
        cmocka_unit_test(a_minute_counts_once_and_what_nobody_saw_counts_nowhere),
        cmocka_unit_test(hours_are_kept_for_eight_days_and_come_back_from_the_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
