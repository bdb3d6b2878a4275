/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a long history, looked at before all of it was read: its newest tasks are shown at once, and how far reading
 * is. */
#ifndef DAVY_SOURCE_AHEAD_H
#define DAVY_SOURCE_AHEAD_H

#include "base/arena.h"
#include "history/history.h"
#include "source/stream.h"

struct ahead {
    bool looked;
    struct history *newest;  /* of the last MiB; NULL: not looked yet, or the rest is short */
    int64_t begun_ms, begun; /* loop clock, offset: where this reading began */
};

void ahead_look(struct ahead *a, const struct stream *s, int64_t size,
                int64_t loop_ms); /* once; later calls do nothing */
void ahead_release(struct ahead *a);
/* "reading the history: 34 %, 512 MB/s, 3 s left" */
const char *ahead_text(const struct ahead *a, struct arena *arena, int64_t offset, int64_t size, int64_t loop_ms);

#endif
