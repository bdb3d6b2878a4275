/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/schedule.h"

struct schedule schedule_every(int64_t interval_ms, int64_t now_ms)
{
    return (struct schedule){.interval_ms = interval_ms, .next_ms = now_ms};
}

enum due schedule_due(struct schedule *s, int64_t now_ms)
{
    if (now_ms < s->next_ms)
        return DUE_NOT;
    s->next_ms += ((now_ms - s->next_ms) / s->interval_ms + 1) * s->interval_ms;
    return s->running ? DUE_SKIP : DUE_RUN;
}
