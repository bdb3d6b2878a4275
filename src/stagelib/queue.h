/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events that are not in the file yet. It cannot grow without limit: the file keeps 200 events, so of more only their
 * numbers count. Its owner locks. */
#ifndef DAVY_STAGELIB_QUEUE_H
#define DAVY_STAGELIB_QUEUE_H

#include "stagelib/davy_stage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STAGE_EVENTS_MOST = 200 };
enum stage_kind { STAGE_START, STAGE_COMPLETE, STAGE_FAILED, STAGE_KINDS, STAGE_RESET = STAGE_KINDS };

struct stage_event {
    struct stage_event *next;
    int number;
    enum stage_kind kind;
    uint64_t order;                           /* in which the events of this process were told */
    int64_t at_ms;                            /* wall clock */
    const char *message, *username, *details; /* behind this struct */
};
int64_t davystage_wall_ms(void);
/* A copy; NULL: no memory. */
struct stage_event *davystage_event(enum stage_kind kind, int number, const char *message, const char *username,
                                    const char *details);

struct stage_queue {
    struct stage_event *first, *last;
    size_t count;
    uint64_t total;                                /* events ever added, but for resets */
    uint64_t tally[STAGE_TABLE_MOST][STAGE_KINDS]; /* of them, by stage */
};
void davystage_queue_add(struct stage_queue *q, struct stage_event *e); /* owns e */
/* Takes all of other, which is empty then; by their order. */
void davystage_queue_merge(struct stage_queue *q, struct stage_queue *other);
void davystage_queue_clear(struct stage_queue *q);
bool davystage_queue_empty(const struct stage_queue *q);

#endif
