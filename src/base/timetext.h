/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times and durations as text, and back. All times are milliseconds of the Unix epoch, UTC. Pure: "now" and the local
 * zone's offset are arguments. */
#ifndef DAVY_BASE_TIMETEXT_H
#define DAVY_BASE_TIMETEXT_H

#include "base/bytes.h"

#include <stdint.h>

#define NOT_KNOWN INT64_MIN /* an integer that nobody told us; a double that nobody told us is NAN */

/* ISO 8601 family: "2026-11-22T04:48:51[.1-9 digits][Z|+hh:mm|+hhmm]", T or blank between, comma or dot. Without a zone
 * the offset of the writer's clock counts: naive_offset_s seconds east of UTC. Ignores nothing behind it. */
bool time_parse(struct bytes text, int32_t naive_offset_s, int64_t *ms);
/* An epoch number: seconds when 0 < x < 1e11, milliseconds above. false for anything else. */
bool time_from_number(double x, int64_t *ms);

enum { TIME_TEXT = 32 };
/* All write at most TIME_TEXT bytes to out and return it. */
const char *time_iso(char out[TIME_TEXT], int64_t ms);          /* 2026-11-22T04:48:51Z */
const char *time_minute(char out[TIME_TEXT], int64_t ms);       /* 2026-11-22 04:48 UTC */
const char *time_clock(char out[TIME_TEXT], int64_t ms);        /* 04:48 */
const char *time_clock_s(char out[TIME_TEXT], int64_t ms);      /* 04:48:51 */
const char *duration_short(char out[TIME_TEXT], int64_t ms);    /* 47s, 3m 12s, 2h 05m, 5d 3h: two largest units */
const char *countdown(char out[TIME_TEXT], int64_t ms);         /* 9:05 below an hour (m:ss), else 1h 05m; 0:00: over */
const char *age_text(char out[TIME_TEXT], int64_t ms);          /* in steps: now, 2s, 5s, 10s, 15s, 3m, 2h, 5d */
/* Milliseconds until age_text() (or countdown()) of a value that is ms old (or away) shows something else. */
int64_t age_step_ms(int64_t ms);
int64_t countdown_step_ms(int64_t ms);

int64_t day_start(int64_t ms);                                  /* 00:00 UTC of that day */
struct civil { int year, month, day, hour, minute, second, weekday; }; /* month 1-12, weekday 0 = Sunday */
struct civil civil_of(int64_t ms);
int64_t civil_ms(int year, int month, int day);                 /* 00:00 UTC */
int days_in_month(int year, int month);

#endif
