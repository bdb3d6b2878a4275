/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the loop, shared by loop.c, loop_timer.c and loop_process.c only. */
#ifndef DAVY_LOOP_LOOP_PRIVATE_H
#define DAVY_LOOP_LOOP_PRIVATE_H

#include "loop/loop.h"

#include <stddef.h>

enum { LOOP_SIGNALS = 65, LOOP_AFTER = 4 };

struct loop_slot { /* one descriptor; fd -1: free */
    int fd;
    uint32_t generation; /* grows when the slot is freed: a stale event of this turn does not reach the next owner */
    loop_fd_fn *fn;
    void *ctx;
};
struct loop_timer_slot { /* fn NULL: free */
    int64_t at_ms;
    uint64_t turn; /* the turn in which it was set: it may fire in a later one only */
    loop_timer_fn *fn;
    void *ctx;
};
struct loop_child_slot { /* pidfd -1: free; each is an allocation of its own because the loop hands out its address */
    struct loop *loop;
    int pidfd;
    pid_t pid;
    loop_child_fn *fn;
    void *ctx;
};
struct loop_callback {
    loop_timer_fn *fn;
    void *ctx;
};
struct loop_signal_slot {
    loop_signal_fn *fn;
    void *ctx;
};
struct loop {
    int epoll, timer, signals;
    struct loop_slot *slot;
    size_t slot_count;
    struct loop_timer_slot *timer_slot;
    size_t timer_count;
    int64_t armed_ms; /* what the timerfd is set to; INT64_MAX: nothing */
    struct loop_child_slot **child;
    size_t child_count;
    struct loop_signal_slot signal[LOOP_SIGNALS];
    sigset_t taken, before; /* ours, and the mask to put back */
    struct loop_callback after[LOOP_AFTER];
    uint64_t turn;
    bool stop, worked; /* worked: this turn called somebody back */
    int code;
};

/* Room for one more element in a loop-owned array; the new part is zero. Out of memory ends the program. */
void *loop_grow(void *array, size_t count, size_t size);
int64_t loop_timers_next(const struct loop *l); /* earliest, INT64_MAX: none */
void loop_timers_run(struct loop *l);
void loop_children_close(struct loop *l);

#endif
