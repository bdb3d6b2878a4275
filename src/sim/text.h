/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text as the rig's writers put it: numbers as Python's repr, strings as json.dumps, times as datetime.isoformat and as
 * the logging module. Grows in an arena. */
#ifndef DAVY_SIM_TEXT_H
#define DAVY_SIM_TEXT_H

#include "base/arena.h"

struct sim_text {
    struct arena *arena;
    char *at; /* NUL-terminated once something was put */
    size_t len, room;
};

void put_bytes(struct sim_text *t, struct bytes b);
void put(struct sim_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void put_real(struct sim_text *t, double v);           /* shortest that reads back equal; 1.0, NaN, Infinity */
void put_string(struct sim_text *t, const char *utf8); /* with quotes, everything above ASCII as \uXXXX */
void put_utc(struct sim_text *t, int64_t at_us);       /* 2026-11-22T04:48:51.214860; no fraction when it is 0 */
void put_epoch(struct sim_text *t, int64_t at_ms);     /* seconds with the milliseconds as fraction */
void put_log_time(struct sim_text *t, int64_t at_ms, int32_t utc_offset_s); /* 2026-11-22 04:48:26,955, local */
struct bytes put_done(const struct sim_text *t);

#endif
