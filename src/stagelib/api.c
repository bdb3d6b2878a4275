/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public functions. One tracker a process: it is a mutable global, because a miner calls stage_start() from anywhere
 * with nothing in its hands. It is exchanged atomically, never locked: a lock that another thread held at fork() would be
 * held for ever in the child. */
#include "stagelib/tracker.h"

#include <stdatomic.h>

enum { EXIT_MS = 2000 };

static _Atomic(struct stage_tracker *) the_tracker;

static bool install(struct stage_tracker *before, struct stage_tracker *t)
{
    if (t != NULL && atomic_compare_exchange_strong(&the_tracker, &before, t))
        return true;
    if (t != NULL)
        davystage_tracker_free(t);
    return false;
}

/* The one of this process; NULL: nobody can make one, or it is the parent's. */
static struct stage_tracker *tracker(void)
{
    struct stage_tracker *t = atomic_load(&the_tracker);
    if (t == NULL) {
        install(NULL, davystage_tracker_new(NULL));
        t = atomic_load(&the_tracker);
    }
    if (t == NULL || davystage_tracker_mine(t))
        return t;
    davystage_tracker_tell(t, "this process was forked from one that tracks its stages, and did not call stage_open()");
    return NULL;
}

int stage_open(const struct stage_options *options)
{
    struct stage_tracker *before = atomic_load(&the_tracker);
    if (before != NULL && davystage_tracker_mine(before))
        return -1;
    /* What a child inherited stays where it is: its locks may be taken for ever. */
    return install(before, davystage_tracker_new(options)) ? 0 : -1;
}

static void tell(enum stage_kind kind, int number, const char *message, const char *username, const char *details)
{
    struct stage_tracker *t = tracker();
    if (t != NULL)
        davystage_tracker_add(t, kind, number, message, username, details);
}

void stage_start(int number, const char *message, const char *username, const char *details)
{
    tell(STAGE_START, number, message, username, details);
}

void stage_complete(int number, const char *message, const char *username, const char *details)
{
    tell(STAGE_COMPLETE, number, message, username, details);
}

void stage_failed(int number, const char *message, const char *username, const char *details)
{
    tell(STAGE_FAILED, number, message, username, details);
}

void stage_reset(void)
{
    tell(STAGE_RESET, 0, NULL, NULL, NULL);
}

int stage_current(struct stage_state_now *out)
{
    struct stage_tracker *t = tracker();
    return t != NULL && out != NULL && davystage_tracker_last(t, out);
}

int stage_flush(int timeout_ms)
{
    struct stage_tracker *t = atomic_load(&the_tracker);
    return t == NULL || (davystage_tracker_mine(t) && davystage_tracker_flush(t, timeout_ms));
}

void stage_close(void)
{
    struct stage_tracker *t = atomic_load(&the_tracker);
    if (t == NULL || !davystage_tracker_mine(t))
        return;
    davystage_tracker_flush(t, EXIT_MS);
    atomic_store(&the_tracker, NULL);
    davystage_tracker_free(t);
}

/* Other threads may still tell something: nothing is freed here. */
__attribute__((destructor)) static void at_exit(void)
{
    stage_flush(EXIT_MS);
}
