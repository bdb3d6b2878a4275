/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/calendar.h"

#include "base/timetext.h"

enum { WEEK = 7, EPOCH_WEEKDAY = 4, DAYS_BACK = 8 }; /* 1970-01-01 was a Thursday */
static const int64_t day_ms = 86400000, minute_ms = 60000;

static int64_t floor_div(int64_t x, int64_t by)
{
    return x / by - (x % by < 0);
}

static bool is_day(const struct calendar *c, int64_t date)
{
    int64_t weekday = ((date + EPOCH_WEEKDAY) % WEEK + WEEK) % WEEK;
    return c->weekday == CALENDAR_ANY || weekday == c->weekday;
}

struct calendar_verdict calendar_look(const struct calendar *c, int64_t last, int64_t wall_ms, int32_t utc_offset_s)
{
    int64_t local = wall_ms + utc_offset_s * 1000LL, at = c->minute * minute_ms;
    int64_t date = floor_div(local - at, day_ms), next;
    while (!is_day(c, date))
        date--;
    next = date + 1;
    while (!is_day(c, next))
        next++;
    struct calendar_verdict v = {.date = date, .next_ms = next * day_ms + at - utc_offset_s * 1000LL};
    bool done = last != NOT_KNOWN && (last == date || (last > date && last - date <= DAYS_BACK));
    v.due = last != NOT_KNOWN && !done && local - (date * day_ms + at) < CALENDAR_LATE_MS;
    v.missed = !done && !v.due;
    return v;
}
