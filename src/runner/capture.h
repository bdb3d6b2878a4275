/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a job prints: the first mebibyte and the end of it are kept in a file, the rest is counted. A job is never held up by
 * this, and never ended for it. */
#ifndef DAVY_RUNNER_CAPTURE_H
#define DAVY_RUNNER_CAPTURE_H

#include "base/arena.h"
#include "loop/loop.h"

#include <sys/types.h>

struct capture {
    int in, file;                               /* -1: closed; both owned */
    int64_t most;                               /* bytes that are kept */
    int64_t total;                              /* bytes that came */
    int64_t last_ms;                            /* loop_now() when something came last */
    bool failed;                                /* the file could not be written: the disk is full */
    void (*line)(void *ctx, struct bytes line); /* of each line, up to 4 KiB of it; NULL: nobody listens */
    void *ctx;
    char part[4096]; /* of a line */
    size_t part_len;
};
enum { CAPTURE_HEAD = 1 << 20, CAPTURE_TAIL = 4096 };

void capture_read(struct capture *c); /* what is there; closes .in at the end of it */
/* No more will come: the file gets its final order, a line in it says what was left out. */
void capture_close(struct capture *c);
int64_t capture_dropped(const struct capture *c);
/* The last CAPTURE_TAIL bytes, for others to read: secrets and controls are taken out. Before capture_close(). */
const char *capture_tail(struct arena *a, const struct capture *c);

#endif
