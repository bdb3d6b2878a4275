/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long the daemon was up: one sample a minute, counted by the hour, for eight days. Minutes in which nobody watched are
 * in no count, so they are neither up nor down. Kept in state/davy/uptime.json. Pure. */
#ifndef DAVY_MODEL_UPTIME_H
#define DAVY_MODEL_UPTIME_H

#include "base/json.h"

enum { UPTIME_HOURS = 192 };
struct uptime_hour {
    int64_t hour; /* since the epoch */
    int64_t up, down, unknown;
};
struct uptime {
    struct uptime_hour hour[UPTIME_HOURS]; /* oldest first */
    size_t count;
    int64_t minute; /* of the newest sample; NOT_KNOWN */
};
enum uptime_sample { UPTIME_UP, UPTIME_DOWN, UPTIME_UNKNOWN };
extern const struct uptime uptime_none;
/* At most one a minute counts; false: this one did not. */
bool uptime_note(struct uptime *u, enum uptime_sample s, int64_t now_ms);
/* Share of up among what is known of the last hours; NAN: nothing is. */
double uptime_share(const struct uptime *u, int64_t hours, int64_t now_ms);
int64_t uptime_known(const struct uptime *u, int64_t hours, int64_t now_ms); /* minutes of them that are known */
json_t *uptime_to_json(const struct uptime *u);                              /* new reference */
bool uptime_from_json(const json_t *o, struct uptime *out);                  /* false: it is none; out is left alone */

#endif
