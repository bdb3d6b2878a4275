/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Gregorian calendar, both ways, without libc: gmtime() depends on nothing good and mktime() on the zone. */
#include "base/timetext.h"

#define DAY_MS INT64_C(86400000)
enum { DAYS_400 = 146097, DAYS_100 = 36524, DAYS_4 = 1461 };
/* Days from 1 March of the year 0 to 1 January 1970. Years that start in March have their leap day last. */
enum { EPOCH_FROM_MARCH_0 = 719468 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t ms_of_day(int64_t ms)
{
    return (ms % DAY_MS + DAY_MS) % DAY_MS;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12)
        return 0;
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Day of a March-based year on which its month (0 = March) starts: 31, 30, 31, 30, 31 repeats. */
static int64_t month_start(int64_t month)
{
    return (153 * month + 2) / 5;
}

int64_t civil_ms(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month < 3);
    int64_t m = (month + 9) % 12;
    int64_t days = 365 * y + floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400) + month_start(m) + day - 1;
    return (days - EPOCH_FROM_MARCH_0) * DAY_MS;
}

/* The last day of a cycle is the leap day: without the cap it would start a fifth period. */
static int64_t capped(int64_t v, int64_t most)
{
    return v < most ? v : most;
}

static void set_date(struct civil *c, int64_t days)
{
    int64_t d = days + EPOCH_FROM_MARCH_0;
    int64_t cycles = floor_div(d, DAYS_400);
    d -= cycles * DAYS_400;
    int64_t centuries = capped(d / DAYS_100, 3);
    d -= centuries * DAYS_100;
    int64_t fours = d / DAYS_4;
    d -= fours * DAYS_4;
    int64_t years = capped(d / 365, 3);
    d -= years * 365;
    int64_t month = (5 * d + 2) / 153;
    c->day = (int)(d - month_start(month)) + 1;
    c->month = (int)(month < 10 ? month + 3 : month - 9);
    c->year = (int)(cycles * 400 + centuries * 100 + fours * 4 + years + (month >= 10));
}

struct civil civil_of(int64_t ms)
{
    int64_t days = floor_div(ms, DAY_MS);
    int s = (int)(ms_of_day(ms) / 1000);
    struct civil c = {.hour = s / 3600, .minute = s / 60 % 60, .second = s % 60};
    c.weekday = (int)(((days + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
    set_date(&c, days);
    return c;
}

int64_t day_start(int64_t ms)
{
    return ms < NOT_KNOWN + DAY_MS ? NOT_KNOWN : ms - ms_of_day(ms);
}
