/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/uptime.h"

#include "base/timetext.h"

#include <math.h>
#include <string.h>

enum { VERSION = 1, MINUTES = 60 };
static const int64_t minute_ms = 60000, hour_ms = 3600000;

const struct uptime uptime_none = {.minute = NOT_KNOWN};

/* The hour of now, as the newest one. A clock that was set back counts into the newest hour. */
static struct uptime_hour *hour_of(struct uptime *u, int64_t hour)
{
    if (u->count > 0 && u->hour[u->count - 1].hour >= hour)
        return &u->hour[u->count - 1];
    if (u->count == UPTIME_HOURS) {
        memmove(u->hour, u->hour + 1, (UPTIME_HOURS - 1) * sizeof *u->hour);
        u->count--;
    }
    u->hour[u->count] = (struct uptime_hour){.hour = hour};
    return &u->hour[u->count++];
}

bool uptime_note(struct uptime *u, enum uptime_sample s, int64_t now_ms)
{
    if (u->minute == now_ms / minute_ms)
        return false;
    u->minute = now_ms / minute_ms;
    struct uptime_hour *h = hour_of(u, now_ms / hour_ms);
    h->up += s == UPTIME_UP;
    h->down += s == UPTIME_DOWN;
    h->unknown += s == UPTIME_UNKNOWN;
    return true;
}

int64_t uptime_known(const struct uptime *u, int64_t hours, int64_t now_ms)
{
    int64_t known = 0;
    for (size_t i = 0; i < u->count; i++)
        if (u->hour[i].hour > now_ms / hour_ms - hours)
            known += u->hour[i].up + u->hour[i].down;
    return known;
}

double uptime_share(const struct uptime *u, int64_t hours, int64_t now_ms)
{
    double up = 0, known = 0;
    for (size_t i = 0; i < u->count; i++)
        if (u->hour[i].hour > now_ms / hour_ms - hours) {
            up += (double)u->hour[i].up;
            known += (double)(u->hour[i].up + u->hour[i].down);
        }
    return known > 0 ? up / known : NAN;
}

json_t *uptime_to_json(const struct uptime *u)
{
    json_t *list = json_array();
    for (size_t i = 0; i < u->count; i++)
        json_array_append_new(list, json_pack("[I, I, I, I]", (json_int_t)u->hour[i].hour, (json_int_t)u->hour[i].up,
                                              (json_int_t)u->hour[i].down, (json_int_t)u->hour[i].unknown));
    return json_pack("{s:i, s:o, s:o}", "version", VERSION, "minute", json_from_int(u->minute), "hours", list);
}

static bool count_of(const json_t *row, size_t at, int64_t *out)
{
    const json_t *v = json_array_get(row, at);
    *out = json_integer_value(v);
    return json_is_integer(v) && *out >= 0 && *out <= 2 * MINUTES;
}

bool uptime_from_json(const json_t *o, struct uptime *out)
{
    const json_t *list = json_list(o, "hours");
    struct uptime u = {.count = json_array_size(list), .minute = json_int(o, "minute")};
    bool good = json_int(o, "version") == VERSION && list != NULL && u.count <= UPTIME_HOURS;
    for (size_t i = 0; good && i < u.count; i++) {
        const json_t *row = json_array_get(list, i), *hour = json_array_get(row, 0);
        u.hour[i].hour = json_integer_value(hour);
        good = json_is_integer(hour) && (i == 0 || u.hour[i].hour > u.hour[i - 1].hour) &&
               count_of(row, 1, &u.hour[i].up) && count_of(row, 2, &u.hour[i].down) &&
               count_of(row, 3, &u.hour[i].unknown);
    }
    if (good)
        *out = u;
    return good;
}
