/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/timetext.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#define DAY INT64_C(86400000)

struct parse_case {
    const char *text;
    int32_t offset_s;
    int64_t ms;
};

static void every_dialect_of_the_rigs_is_read(void **state)
{
    (void)state;
    static const struct parse_case cases[] = {
        {"2026-11-22T04:48:51Z", 3600, 1795322931000},
        {"2026-11-22T04:48:51z", 0, 1795322931000},
        {"2026-11-22 04:48:51", 0, 1795322931000},
        {"2026-11-22 04:48:51", 36000, 1795322931000 - 36000000},
        {"2026-11-22t04:48:51", -3600, 1795322931000 + 3600000},
        {"2026-11-22T14:48:51+10:00", 0, 1795322931000},
        {"2026-11-22T14:48:51+1000", 0, 1795322931000},
        {"2026-11-22T04:18:51-00:30", 7, 1795322931000},
        {"2026-11-22T04:48:51.7", 0, 1795322931700},
        {"2026-11-22 04:48:51,789", 0, 1795322931789},
        {"2026-11-22T04:48:51.703535+00:00", 0, 1795322931703},
        {"2026-11-22T04:48:51.123456789Z", 0, 1795322931123},
        {"1970-01-01T00:00:00Z", 0, 0},
        {"1969-12-31T23:59:59.999Z", 0, -1},
        {"2024-02-29T00:00:00Z", 0, 1709164800000},
        {"0001-01-01T00:00:00Z", 0, -62135596800000},
        {"9999-12-31T23:59:59.999Z", 0, 253402300799999},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = 1;
        if (!time_parse(bytes_of(cases[i].text), cases[i].offset_s, &ms) || ms != cases[i].ms)
            fail_msg("%s gives %lld", cases[i].text, (long long)ms);
    }
}

static void impossible_times_and_anything_behind_them_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026",
        "2026-11-22",
        "2026-11-22T04:48",
        "2026-02-29T00:00:00",
        "2100-02-29T00:00:00",
        "2026-00-10T00:00:00",
        "2026-13-10T00:00:00",
        "2026-04-31T00:00:00",
        "2026-01-00T00:00:00",
        "0000-01-01T00:00:00",
        "2026-11-22T24:00:00",
        "2026-11-22T00:60:00",
        "2026-11-22T00:00:60",
        "2026-11-22T04:48:51.",
        "2026-11-22T04:48:51.1234567890",
        "2026-11-22T04:48:51 ",
        "2026-11-22T04:48:51ZZ",
        "2026-11-22T04:48:51+24:00",
        "2026-11-22T04:48:51+10:60",
        "2026-11-22T04:48:51+10",
        "2026-11-22T04:48:51+1:00",
        " 2026-11-22T04:48:51",
        "2026-11-22_04:48:51",
        "26-11-22T04:48:51",
        "2026-1-22T04:48:51",
        "+2026-11-22T04:48:51",
        "2026-11-22T 4:48:51",
        "2026-11-22T-4:48:51",
        "soon",
        "1795322931",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t ms = 7;
        if (time_parse(bytes_of(bad[i]), 0, &ms) || ms != 7)
            fail_msg("accepted: %s", bad[i]);
    }
}

static void numbers_are_seconds_or_milliseconds_by_their_size(void **state)
{
    (void)state;
    int64_t ms = 0;
    assert_true(time_from_number(1795322975.703535, &ms) && ms == 1795322975704);
    assert_true(time_from_number(1795322975703.0, &ms) && ms == 1795322975703);
    assert_true(time_from_number(1, &ms) && ms == 1000);
    assert_true(time_from_number(99999999999.0, &ms) && ms == 99999999999000);
    assert_true(time_from_number(1e11, &ms) && ms == 100000000000);
    ms = 7;
    static const double bad[] = {0, -1, -1e12, 1.7953229e15, 1e300, INFINITY, -INFINITY, NAN};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(time_from_number(bad[i], &ms));
    assert_true(ms == 7);
}

/* Every day from the year 1 to 9999, against the C library. */
static void the_calendar_agrees_with_libc_on_every_day(void **state)
{
    (void)state;
    for (int64_t day = -719162; day <= 2932896; day++) {
        time_t t = (time_t)(day * 86400 + 86399);
        struct tm tm;
        gmtime_r(&t, &tm);
        struct civil c = civil_of(t * 1000 + 999);
        if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 || c.day != tm.tm_mday || c.weekday != tm.tm_wday ||
            c.hour != 23 || c.minute != 59 || c.second != 59)
            fail_msg("day %lld: %d-%d-%d", (long long)day, c.year, c.month, c.day);
        if (civil_ms(c.year, c.month, c.day) != day * DAY || day_start(t * 1000) != day * DAY)
            fail_msg("day %lld does not come back", (long long)day);
    }
}

static void text_and_back_is_the_same_time(void **state)
{
    (void)state;
    char out[TIME_TEXT];
    for (int64_t ms = -62135596800000; ms < 253402300799999; ms += 98765432000) {
        int64_t back;
        assert_true(time_parse(bytes_of(time_iso(out, ms)), 4242, &back));
        assert_true(back == ms);
    }
}

static void times_are_written_in_utc(void **state)
{
    (void)state;
    char out[TIME_TEXT];
    assert_string_equal(time_iso(out, 1795322931999), "2026-11-22T04:48:51Z");
    assert_string_equal(time_minute(out, 1795322931999), "2026-11-22 04:48 UTC");
    assert_string_equal(time_clock(out, 1795322931999), "04:48");
    assert_string_equal(time_clock_s(out, 1795322931999), "04:48:51");
    assert_string_equal(time_iso(out, -1), "1969-12-31T23:59:59Z");
}

typedef const char *writer(char out[TIME_TEXT], int64_t ms);

static void the_ends_of_the_number_range_fit_and_not_known_says_so(void **state)
{
    (void)state;
    static writer *const all[] = {time_iso, time_minute, time_clock, time_clock_s, duration_short, countdown, age_text};
    static const int64_t extreme[] = {INT64_MAX, INT64_MIN + 1, 0, -1, 1};
    char out[TIME_TEXT];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_string_equal(all[i](out, NOT_KNOWN), "n/a");
        for (size_t k = 0; k < sizeof extreme / sizeof *extreme; k++)
            assert_in_range(strlen(all[i](out, extreme[k])), 1, TIME_TEXT - 1);
    }
    assert_true(age_step_ms(INT64_MIN + 1) > 0 && age_step_ms(INT64_MAX) > 0);
    assert_true(countdown_step_ms(INT64_MIN + 1) > 0 && countdown_step_ms(INT64_MAX) > 0);
    assert_true(day_start(NOT_KNOWN) == NOT_KNOWN);
}

struct text_case {
    int64_t ms;
    const char *text;
};

static void check_texts(writer *write, const struct text_case *cases, size_t count)
{
    char out[TIME_TEXT];
    for (size_t i = 0; i < count; i++)
        assert_string_equal(write(out, cases[i].ms), cases[i].text);
}

static void durations_show_their_two_largest_units(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        {0, "0s"},
        {999, "0s"},
        {47000, "47s"},
        {59999, "59s"},
        {60000, "1m 00s"},
        {192000, "3m 12s"},
        {3599999, "59m 59s"},
        {7500000, "2h 05m"},
        {86399999, "23h 59m"},
        {86400000, "1d 0h"},
        {5 * DAY + 3 * 3600000, "5d 3h"},
        {-5000, "0s"},
    };
    check_texts(duration_short, cases, sizeof cases / sizeof *cases);
}

static void a_countdown_is_zero_only_when_it_is_over(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        {545000, "9:05"},    {544001, "9:05"},    {1, "0:01"},
        {0, "0:00"},         {-9000, "0:00"},     {3599000, "59:59"},
        {3599001, "1h 00m"}, {3900000, "1h 05m"}, {30 * 3600000, "30h 00m"},
    };
    check_texts(countdown, cases, sizeof cases / sizeof *cases);
}

static void ages_move_in_coarser_steps_the_older_they_are(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        {-1, "now"},      {0, "now"},      {1999, "now"},        {2000, "2s"},    {4999, "2s"},        {5000, "5s"},
        {9999, "5s"},     {10000, "10s"},  {14999, "10s"},       {15000, "15s"},  {59999, "55s"},      {60000, "1m"},
        {3599999, "59m"}, {3600000, "1h"}, {2 * DAY - 1, "47h"}, {2 * DAY, "2d"}, {400 * DAY, "400d"},
    };
    check_texts(age_text, cases, sizeof cases / sizeof *cases);
}

/* From each value to the next different text, one millisecond before and exactly there. */
static void the_announced_step_is_exactly_when_an_age_changes(void **state)
{
    (void)state;
    char was[TIME_TEXT], then[TIME_TEXT];
    for (int64_t ms = -5000; ms < 5 * DAY; ms += ms < 200000 ? 7 : 99991) {
        int64_t step = age_step_ms(ms);
        age_text(was, ms);
        if (step <= 0 || strcmp(was, age_text(then, ms + step - 1)) != 0 || strcmp(was, age_text(then, ms + step)) == 0)
            fail_msg("age %lld, step %lld", (long long)ms, (long long)step);
    }
}

static void the_announced_step_is_exactly_when_a_countdown_changes(void **state)
{
    (void)state;
    char was[TIME_TEXT], then[TIME_TEXT];
    for (int64_t ms = 1; ms < 5 * DAY; ms += ms < 200000 ? 7 : 9973) {
        int64_t step = countdown_step_ms(ms);
        countdown(was, ms);
        if (step <= 0 || strcmp(was, countdown(then, ms - step + 1)) != 0 ||
            strcmp(was, countdown(then, ms - step)) == 0)
            fail_msg("countdown %lld, step %lld", (long long)ms, (long long)step);
    }
    assert_true(countdown_step_ms(0) == INT64_MAX);
}

static void months_have_their_days(void **state)
{
    (void)state;
    assert_int_equal(days_in_month(2024, 2), 29);
    assert_int_equal(days_in_month(2026, 2), 28);
    assert_int_equal(days_in_month(2000, 2), 29);
    assert_int_equal(days_in_month(1900, 2), 28);
    assert_int_equal(days_in_month(2026, 12), 31);
    assert_int_equal(days_in_month(2026, 13), 0);
    assert_int_equal(days_in_month(2026, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_dialect_of_the_rigs_is_read),
        cmocka_unit_test(impossible_times_and_anything_behind_them_are_refused),
        cmocka_unit_test(numbers_are_seconds_or_milliseconds_by_their_size),
        cmocka_unit_test(the_calendar_agrees_with_libc_on_every_day),
        cmocka_unit_test(text_and_back_is_the_same_time),
        cmocka_unit_test(times_are_written_in_utc),
        cmocka_unit_test(the_ends_of_the_number_range_fit_and_not_known_says_so),
        cmocka_unit_test(durations_show_their_two_largest_units),
        cmocka_unit_test(a_countdown_is_zero_only_when_it_is_over),
        cmocka_unit_test(ages_move_in_coarser_steps_the_older_they_are),
        cmocka_unit_test(the_announced_step_is_exactly_when_an_age_changes),
        cmocka_unit_test(the_announced_step_is_exactly_when_a_countdown_changes),
        cmocka_unit_test(months_have_their_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
