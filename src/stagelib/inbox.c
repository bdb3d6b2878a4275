/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stagelib/inbox.h"

#include <stdlib.h>

void davystage_inbox_open(struct stage_inbox *b)
{
    atomic_init(&b->count, 0);
    for (int i = 0; i < INBOX_LANES; i++)
        pthread_mutex_init(&b->lane[i].lock, NULL);
}

void davystage_inbox_close(struct stage_inbox *b)
{
    for (int i = 0; i < INBOX_LANES; i++) {
        davystage_queue_clear(&b->lane[i].queue);
        free(b->lane[i].last);
        pthread_mutex_destroy(&b->lane[i].lock);
    }
}

/* Threads lie a stack apart, so the lowest bits are the same for all. */
static unsigned home(void)
{
    uintptr_t self = (uintptr_t)pthread_self();
    return (unsigned)((self >> 12) ^ (self >> 20));
}

static struct stage_lane *enter(struct stage_inbox *b)
{
    unsigned first = home();
    for (unsigned i = 0; i < INBOX_LANES; i++) {
        struct stage_lane *l = &b->lane[(first + i) % INBOX_LANES];
        if (pthread_mutex_trylock(&l->lock) == 0)
            return l;
    }
    pthread_mutex_lock(&b->lane[first % INBOX_LANES].lock);
    return &b->lane[first % INBOX_LANES];
}

void davystage_inbox_put(struct stage_inbox *b, struct stage_event *e, struct stage_event *copy)
{
    struct stage_lane *l = enter(b);
    struct stage_event *old = l->last;
    e->order = copy->order = atomic_fetch_add(&b->count, 1);
    l->last = copy;
    davystage_queue_add(&l->queue, e);
    pthread_mutex_unlock(&l->lock);
    free(old);
}

static void lock_all(struct stage_inbox *b)
{
    for (int i = 0; i < INBOX_LANES; i++)
        pthread_mutex_lock(&b->lane[i].lock);
}

static void unlock_all(struct stage_inbox *b)
{
    for (int i = 0; i < INBOX_LANES; i++)
        pthread_mutex_unlock(&b->lane[i].lock);
}

uint64_t davystage_inbox_take(struct stage_inbox *b, struct stage_queue *q)
{
    lock_all(b);
    for (int i = 0; i < INBOX_LANES; i++)
        davystage_queue_merge(q, &b->lane[i].queue);
    uint64_t count = atomic_load(&b->count);
    unlock_all(b);
    return count;
}

bool davystage_inbox_last(struct stage_inbox *b, void (*use)(void *ctx, const struct stage_event *e), void *ctx)
{
    const struct stage_event *last = NULL;
    lock_all(b);
    for (int i = 0; i < INBOX_LANES; i++) {
        const struct stage_event *e = b->lane[i].last;
        if (e != NULL && (last == NULL || e->order > last->order))
            last = e;
    }
    if (last != NULL)
        use(ctx, last);
    unlock_all(b);
    return last != NULL;
}
