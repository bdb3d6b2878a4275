/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/timetext.h"

/* The last millisecond of the year 9999: beyond that a number is microseconds or nonsense. */
#define LAST_MS 253402300799999.0

static bool take_char(struct bytes *rest, const char *any)
{
    for (; rest->len && *any; any++)
        if (rest->at[0] == *any)
            return *rest = bytes_from(*rest, 1), true;
    return false;
}

static bool take_digits(struct bytes *rest, size_t count, int *value)
{
    int v = 0;
    if (rest->len < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (rest->at[i] < '0' || rest->at[i] > '9')
            return false;
        v = v * 10 + (rest->at[i] - '0');
    }
    *value = v;
    *rest = bytes_from(*rest, count);
    return true;
}

static bool take_date(struct bytes *rest, int64_t *ms)
{
    int y, m, d;
    if (!take_digits(rest, 4, &y) || !take_char(rest, "-") || !take_digits(rest, 2, &m) || !take_char(rest, "-") ||
        !take_digits(rest, 2, &d) || y < 1 || d < 1 || d > days_in_month(y, m))
        return false;
    *ms = civil_ms(y, m, d);
    return true;
}

static bool take_time(struct bytes *rest, int64_t *ms)
{
    int h, m, s;
    if (!take_digits(rest, 2, &h) || !take_char(rest, ":") || !take_digits(rest, 2, &m) || !take_char(rest, ":") ||
        !take_digits(rest, 2, &s) || h > 23 || m > 59 || s > 59)
        return false;
    *ms = ((h * 60 + m) * 60 + s) * INT64_C(1000);
    return true;
}

/* 1 to 9 digits; whole milliseconds, the rest is cut. No fraction is fine too. */
static bool take_fraction(struct bytes *rest, int64_t *ms)
{
    int64_t scale = 100;
    int digit;
    size_t count = 0;
    *ms = 0;
    if (!take_char(rest, ".,"))
        return true;
    for (; take_digits(rest, 1, &digit); count++, scale /= 10)
        *ms += digit * scale;
    return count >= 1 && count <= 9;
}

static bool take_zone(struct bytes *rest, int32_t naive_offset_s, int64_t *ms)
{
    int h, m;
    *ms = naive_offset_s * INT64_C(1000);
    if (!rest->len)
        return true;
    bool west = rest->at[0] == '-';
    if (take_char(rest, "Zz"))
        return *ms = 0, true;
    if (!take_char(rest, "+-") || !take_digits(rest, 2, &h))
        return false;
    take_char(rest, ":");
    if (!take_digits(rest, 2, &m) || h > 23 || m > 59)
        return false;
    *ms = (h * 60 + m) * INT64_C(60000) * (west ? -1 : 1);
    return true;
}

bool time_parse(struct bytes text, int32_t naive_offset_s, int64_t *ms)
{
    int64_t date, time, fraction, zone;
    if (!take_date(&text, &date) || !take_char(&text, "Tt ") || !take_time(&text, &time) ||
        !take_fraction(&text, &fraction) || !take_zone(&text, naive_offset_s, &zone) || text.len)
        return false;
    *ms = date + time + fraction - zone;
    return true;
}

bool time_from_number(double x, int64_t *ms)
{
    if (!(x > 0) || x > LAST_MS)
        return false;
    *ms = x < 1e11 ? (int64_t)(x * 1000 + 0.5) : (int64_t)(x + 0.5);
    return true;
}
