/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where callers put their events. One lock would make a queue of the callers, and who holds it may be put aside by the kernel
 * for as long as it likes: so there are lanes, and a caller takes one that is free. Each event gets a number while its lane is
 * held; who takes the events holds all lanes, so no event is taken before one that the same thread told earlier. */
#ifndef DAVY_STAGELIB_INBOX_H
#define DAVY_STAGELIB_INBOX_H

#include "stagelib/queue.h"

#include <pthread.h>
#include <stdatomic.h>

enum { INBOX_LANES = 16 };
struct stage_lane {
    pthread_mutex_t lock; /* of all below */
    struct stage_queue queue;
    struct stage_event *last; /* the newest that came this way; NULL */
};
struct stage_inbox {
    _Atomic uint64_t count; /* events that ever came in */
    struct stage_lane lane[INBOX_LANES];
};
void davystage_inbox_open(struct stage_inbox *b);
void davystage_inbox_close(struct stage_inbox *b);
/* Owns both: e for the file, copy for davystage_inbox_last(). */
void davystage_inbox_put(struct stage_inbox *b, struct stage_event *e, struct stage_event *copy);
/* Adds all that came in to q; returns the count of events that came in until then. */
uint64_t davystage_inbox_take(struct stage_inbox *b, struct stage_queue *q);
/* Hands what came last to use() while nobody can replace it; false: nothing came yet. */
bool davystage_inbox_last(struct stage_inbox *b, void (*use)(void *ctx, const struct stage_event *e), void *ctx);

#endif
