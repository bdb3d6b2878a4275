/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done at a time of the day, once per date: at that time, or as soon after it as somebody is there, but not when it
 * is more than twelve hours late. Dates are those of the local clock. An hour that a change of the clock leaves out is made up
 * for right after it, one that comes twice is done once; a clock that is set back for days does nothing twice. Pure. */
#ifndef DAVY_MODEL_CALENDAR_H
#define DAVY_MODEL_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

enum { CALENDAR_ANY = -1, CALENDAR_SUNDAY = 0 };
static const int64_t CALENDAR_LATE_MS = 12 * 3600000LL;

struct calendar {        /* minute: of the local day */
    int minute, weekday; /* weekday: 0 Sunday .. 6, or ANY */
};
struct calendar_verdict {
    int64_t date;    /* the newest one whose time has come: days of the epoch, local */
    bool due;        /* it is to be done now */
    bool missed;     /* it is too late for it; date is to be noted as done */
    int64_t next_ms; /* wall clock: the next time */
};
/* last: the date when it was done; NOT_KNOWN: never, and what was before somebody first looked is not made up for. */
struct calendar_verdict calendar_look(const struct calendar *c, int64_t last, int64_t wall_ms, int32_t utc_offset_s);

#endif
