/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often a daemon may be restarted, or a commitment be forced, before somebody has to say that it is meant. Pure. */
#ifndef DAVY_ACTION_LIMIT_H
#define DAVY_ACTION_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIMIT_RUNS = 3, LIMIT_MS = 15 * 60 * 1000 };
struct limit {
    int runs; /* within the last 15 minutes */
    bool reached;
    int64_t free_ms; /* when it is reached: the moment from which one more is allowed */
};
/* begun_ms: when each was begun, in any order. A clock that was set back does not make them younger than they are: those up
 * to 15 minutes ahead of now count too. */
struct limit limit_judge(const int64_t *begun_ms, size_t count, int64_t now_ms);

#endif
