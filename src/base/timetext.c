/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/timetext.h"

#include <stdio.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
enum { NOW_BELOW = 2 * SECOND, STEP = 5 * SECOND };
#define HOURS_BELOW (INT64_C(48) * HOUR)

static const char *not_known(char out[TIME_TEXT])
{
    snprintf(out, TIME_TEXT, "n/a");
    return out;
}

const char *time_iso(char out[TIME_TEXT], int64_t ms)
{
    if (ms == NOT_KNOWN)
        return not_known(out);
    struct civil c = civil_of(ms);
    snprintf(out, TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
    return out;
}

const char *time_minute(char out[TIME_TEXT], int64_t ms)
{
    if (ms == NOT_KNOWN)
        return not_known(out);
    struct civil c = civil_of(ms);
    snprintf(out, TIME_TEXT, "%04d-%02d-%02d %02d:%02d UTC", c.year, c.month, c.day, c.hour, c.minute);
    return out;
}

const char *time_clock(char out[TIME_TEXT], int64_t ms)
{
    if (ms == NOT_KNOWN)
        return not_known(out);
    struct civil c = civil_of(ms);
    snprintf(out, TIME_TEXT, "%02d:%02d", c.hour, c.minute);
    return out;
}

const char *time_clock_s(char out[TIME_TEXT], int64_t ms)
{
    if (ms == NOT_KNOWN)
        return not_known(out);
    struct civil c = civil_of(ms);
    snprintf(out, TIME_TEXT, "%02d:%02d:%02d", c.hour, c.minute, c.second);
    return out;
}

const char *duration_short(char out[TIME_TEXT], int64_t ms)
{
    if (ms == NOT_KNOWN)
        return not_known(out);
    long long s = ms < 0 ? 0 : ms / SECOND;
    if (s < 60)
        snprintf(out, TIME_TEXT, "%llds", s);
    else if (s < 3600)
        snprintf(out, TIME_TEXT, "%lldm %02llds", s / 60, s % 60);
    else if (s < 86400)
        snprintf(out, TIME_TEXT, "%lldh %02lldm", s / 3600, s / 60 % 60);
    else
        snprintf(out, TIME_TEXT, "%lldd %lldh", s / 86400, s / 3600 % 24);
    return out;
}

/* Seconds left, rounded up: 0:00 means over, not "less than a second". */
static int64_t seconds_left(int64_t ms)
{
    return ms <= 0 ? 0 : (ms - 1) / SECOND + 1;
}

const char *countdown(char out[TIME_TEXT], int64_t ms)
{
    if (ms == NOT_KNOWN)
        return not_known(out);
    long long s = seconds_left(ms);
    if (s < 3600)
        snprintf(out, TIME_TEXT, "%lld:%02lld", s / 60, s % 60);
    else
        snprintf(out, TIME_TEXT, "%lldh %02lldm", s / 3600, s / 60 % 60);
    return out;
}

int64_t countdown_step_ms(int64_t ms)
{
    int64_t s = seconds_left(ms);
    if (!s)
        return INT64_MAX;
    int64_t shown = s < 3600 ? s : s - s % 60;
    return ms - (shown - 1) * SECOND;
}

/* The size of the steps in which age_text() moves at this age: the only place that knows them. */
static int64_t age_unit(int64_t ms)
{
    return ms < NOW_BELOW ? NOW_BELOW : ms < MINUTE ? STEP : ms < HOUR ? MINUTE : ms < HOURS_BELOW ? HOUR : DAY;
}

const char *age_text(char out[TIME_TEXT], int64_t ms)
{
    if (ms == NOT_KNOWN)
        return not_known(out);
    int64_t unit = age_unit(ms);
    long long count = ms / unit;
    if (ms < NOW_BELOW)
        snprintf(out, TIME_TEXT, "now");
    else if (ms < MINUTE)
        snprintf(out, TIME_TEXT, "%llds", count > 0 ? count * (unit / SECOND) : (long long)(NOW_BELOW / SECOND));
    else
        snprintf(out, TIME_TEXT, "%lld%c", count, unit == MINUTE ? 'm' : unit == HOUR ? 'h' : 'd');
    return out;
}

int64_t age_step_ms(int64_t ms)
{
    if (ms == NOT_KNOWN)
        return INT64_MAX;
    if (ms < 0)
        return ms < NOW_BELOW - INT64_MAX ? INT64_MAX : NOW_BELOW - ms;
    return age_unit(ms) - ms % age_unit(ms);
}
