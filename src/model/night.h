/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Active hours, as heartbeats have them: the start belongs to them, the end does not and may be 24:00; an end before the start
 * is on the next day; the same twice is never. All in UTC. */
#ifndef DAVY_MODEL_NIGHT_H
#define DAVY_MODEL_NIGHT_H

#include <stdbool.h>
#include <stdint.h>

struct night_hours {
    int from_min, to_min; /* of the day */
};
enum { NIGHT_FACTOR = 6 }; /* checks are so much rarer then (rig-files.md 6) */
/* "08:00-22:00"; false: it is not of this form. out may be NULL. */
bool night_hours(const char *text, struct night_hours *out);
bool night_minute(const char *text, int *out); /* "09:00"; the same */
bool night_is_active(struct night_hours h, int64_t now_ms);

#endif
