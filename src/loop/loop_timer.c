/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One-shot timers. A handful per program, so a plain array beats a heap. */
#include "loop/loop_private.h"

static struct loop_timer_slot *timer_of(struct loop *l, loop_timer_fn *fn, const void *ctx)
{
    for (size_t i = 0; i < l->timer_count; i++)
        if (l->timer_slot[i].fn == fn && (fn == NULL || l->timer_slot[i].ctx == ctx))
            return &l->timer_slot[i];
    return NULL;
}

static struct loop_timer_slot *timer_room(struct loop *l)
{
    struct loop_timer_slot *t = timer_of(l, NULL, NULL);
    if (t != NULL)
        return t;
    l->timer_slot = loop_grow(l->timer_slot, l->timer_count, sizeof *l->timer_slot);
    return &l->timer_slot[l->timer_count++];
}

void loop_timer(struct loop *l, int64_t at_ms, loop_timer_fn *fn, void *ctx)
{
    struct loop_timer_slot *t = timer_of(l, fn, ctx);
    if (t == NULL)
        t = timer_room(l);
    *t = (struct loop_timer_slot){.at_ms = at_ms, .turn = l->turn, .fn = fn, .ctx = ctx};
}

void loop_timer_stop(struct loop *l, loop_timer_fn *fn, void *ctx)
{
    struct loop_timer_slot *t = timer_of(l, fn, ctx);
    if (t != NULL)
        t->fn = NULL;
}

int64_t loop_timers_next(const struct loop *l)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < l->timer_count; i++)
        if (l->timer_slot[i].fn != NULL && l->timer_slot[i].at_ms < next)
            next = l->timer_slot[i].at_ms;
    return next;
}

/* A timer that a callback sets in this turn waits for the next one, so that work cut into slices ("go on at once")
 * cannot keep keys and files waiting. The array may grow during a callback: no pointer is held across it. */
void loop_timers_run(struct loop *l)
{
    int64_t now = loop_now();
    for (size_t i = 0; i < l->timer_count; i++) {
        struct loop_timer_slot t = l->timer_slot[i];
        if (t.fn == NULL || t.at_ms > now || t.turn == l->turn)
            continue;
        l->timer_slot[i].fn = NULL;
        l->worked = true;
        t.fn(t.ctx);
    }
}
