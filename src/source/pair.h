/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two threads for a long reading of the history. Blocks of the file are read and looked at (history/glance.h) by whichever thread
 * is free; they are handed on in the order of the file, by the thread that called. The other one lives only while pair_read()
 * runs: a rig that is up to date has one thread, and so has a short history. It reads the open file and its own blocks, takes no
 * signals, and touches nothing else. */
#ifndef DAVY_SOURCE_PAIR_H
#define DAVY_SOURCE_PAIR_H

#include "history/glance.h"

/* PAIR_WORTH: less than that is read alone. PAIR_STEP: as much is read between two looks at the clock. PAIR_AHEAD: blocks that
 * are read before their turn. */
enum { PAIR_BLOCK = 128 * 1024, PAIR_WORTH = 16 << 20, PAIR_STEP = 4 << 20, PAIR_AHEAD = 6 };

typedef void pair_take_fn(void *ctx, struct glance *glance); /* glance->block: the next bytes of the file */
struct pair;                                                 /* the blocks */

struct pair *pair_new(void); /* NULL: there is one processor, or no memory */
void pair_free(struct pair *p);
/* The bytes of fd in [from, end): how many were handed on. Fewer when the file ends before, or cannot be read; who wants to know
 * why reads on alone. */
int64_t pair_read(struct pair *p, int fd, int64_t from, int64_t end, pair_take_fn *take, void *ctx);

#endif
