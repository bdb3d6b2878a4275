/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/transition.h"

#include "base/timetext.h"

struct transition transition_begin(int64_t head, int64_t netuid, int64_t tempo)
{
    struct transition t = {.window = window_of(head, netuid, tempo), .block = head};
    t.old_index = t.window.index;
    t.waiting = t.window.wait;
    return t;
}

/* The epoch's start stays the first one, as the miner of the specification keeps it. */
static void look(struct transition *t, int64_t head)
{
    struct window now = window_at(head, t->window.epoch_start);
    t->block = head;
    t->detected = now.start > t->window.start;
    if (t->detected)
        t->window = now;
}

void transition_step(struct transition *t, int64_t head)
{
    if (!t->waiting)
        return;
    t->waited_s += TRANSITION_POLL_S;
    if (head != NOT_KNOWN)
        look(t, head);
    t->timed_out = t->waited_s >= TRANSITION_LIMIT_S;
    t->waiting = !t->detected && !t->timed_out;
}
