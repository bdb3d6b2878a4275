/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/night.h"

#include "base/timetext.h"

#include <string.h>

enum { DAY_MIN = 24 * 60, TIME_LEN = 5 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "HH:MM" */
static bool minutes(const char *t, int most, int *out)
{
    if (!is_digit(t[0]) || !is_digit(t[1]) || t[2] != ':' || !is_digit(t[3]) || !is_digit(t[4]))
        return false;
    int hour = (t[0] - '0') * 10 + t[1] - '0', minute = (t[3] - '0') * 10 + t[4] - '0';
    *out = hour * 60 + minute;
    return minute < 60 && *out <= most;
}

bool night_hours(const char *text, struct night_hours *out)
{
    struct night_hours h;
    if (strlen(text) != 2 * TIME_LEN + 1 || text[TIME_LEN] != '-' || !minutes(text, DAY_MIN - 1, &h.from_min) ||
        !minutes(text + TIME_LEN + 1, DAY_MIN, &h.to_min))
        return false;
    if (out)
        *out = h;
    return true;
}

bool night_minute(const char *text, int *out)
{
    int minute;
    if (strlen(text) != TIME_LEN || !minutes(text, DAY_MIN - 1, &minute))
        return false;
    if (out)
        *out = minute;
    return true;
}

bool night_is_active(struct night_hours h, int64_t now_ms)
{
    struct civil c = civil_of(now_ms);
    int now = c.hour * 60 + c.minute;
    if (h.from_min <= h.to_min)
        return now >= h.from_min && now < h.to_min;
    return now >= h.from_min || now < h.to_min;
}
