/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times: what is accepted is the time that libc makes of the same digits, and the written forms fit and come back. The
 * first eight bytes are also taken as a number. */
#include "base/timetext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

/* The date and time of day alone, by timegm(); the fraction and the zone move it by less than a day and a second. */
static void check_against_libc(struct bytes in, int64_t ms)
{
    char text[20] = "";
    struct tm tm = {0};
    demand(in.len >= 19);
    memcpy(text, in.at, 19);
    demand(sscanf(text, "%4d-%2d-%2d%*c%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
                  &tm.tm_sec) == 6);
    struct tm asked = tm;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    int64_t want = (int64_t)timegm(&tm) * 1000;
    demand(tm.tm_mday == asked.tm_mday && tm.tm_mon == asked.tm_mon - 1 && tm.tm_sec == asked.tm_sec);
    demand(llabs(ms - want) < 86400000 + 1000);
    if (in.len == 19)
        demand(ms == want);
}

static void check_steps(int64_t ms)
{
    char was[TIME_TEXT], then[TIME_TEXT];
    int64_t step = age_step_ms(ms);
    demand(step > 0);
    if (ms < 0 || ms > INT64_MAX / 2)
        return;
    demand(strcmp(age_text(was, ms), age_text(then, ms + step - 1)) == 0);
    demand(strcmp(was, age_text(then, ms + step)) != 0);
    step = countdown_step_ms(ms);
    demand(step > 0);
    if (ms > 0) {
        demand(strcmp(countdown(was, ms), countdown(then, ms - step + 1)) == 0);
        demand(strcmp(was, countdown(then, ms - step)) != 0);
    }
}

static void check_number(int64_t ms)
{
    char out[TIME_TEXT];
    struct civil c = civil_of(ms);
    demand(c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= days_in_month(c.year, c.month));
    demand(c.weekday >= 0 && c.weekday <= 6 && c.hour <= 23 && c.minute <= 59 && c.second <= 59 && c.second >= 0);
    demand(strlen(time_iso(out, ms)) < TIME_TEXT && strlen(time_minute(out, ms)) < TIME_TEXT);
    demand(strlen(duration_short(out, ms)) < TIME_TEXT);
    day_start(ms);
    check_steps(ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t ms = 0, number = 0;
    double x = 0;
    struct bytes in = {(const char *)data, size};
    if (time_parse(in, 0, &ms)) {
        check_against_libc(in, ms);
        check_number(ms);
    }
    if (size >= sizeof number) {
        memcpy(&number, data, sizeof number);
        memcpy(&x, data, sizeof x);
        check_number(number);
        if (time_from_number(x, &ms))
            demand(ms >= 0 && ms <= 253402300799999);
    }
    return 0;
}
