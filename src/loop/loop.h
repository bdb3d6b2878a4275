/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only place that waits. One thread, one epoll; descriptors, one-shot timers, signals and children call back. Handles
 * are owned by whoever added them; the loop owns only its own epoll, signalfd and timerfd. */
#ifndef DAVY_LOOP_LOOP_H
#define DAVY_LOOP_LOOP_H

#include "base/err.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct loop;
typedef void loop_fd_fn(void *ctx, uint32_t events); /* EPOLLIN, EPOLLHUP, ... */
typedef void loop_timer_fn(void *ctx);
typedef void loop_signal_fn(void *ctx, int signo);
typedef void loop_child_fn(void *ctx, pid_t pid, int status); /* as waitpid() */

struct loop *loop_open(struct err *e);
void loop_close(struct loop *l);
bool loop_fd(struct loop *l, int fd, uint32_t events, loop_fd_fn *fn, void *ctx, struct err *e);
bool loop_fd_events(struct loop *l, int fd, uint32_t events);
void loop_fd_remove(struct loop *l, int fd);
/* Timers are named by (fn, ctx): setting one again moves it. at: CLOCK_BOOTTIME milliseconds of loop_now(). */
void loop_timer(struct loop *l, int64_t at_ms, loop_timer_fn *fn, void *ctx);
void loop_timer_stop(struct loop *l, loop_timer_fn *fn, void *ctx);
bool loop_signal(struct loop *l, int signo, loop_signal_fn *fn, void *ctx,
                 struct err *e); /* blocks it, takes it by signalfd */
bool loop_child(struct loop *l, pid_t pid, loop_child_fn *fn, void *ctx, struct err *e); /* by pidfd; reaped here */
/* Runs after every turn that called anything back, once: the place to publish and draw. */
void loop_after(struct loop *l, loop_timer_fn *fn, void *ctx);
int loop_run(struct loop *l); /* until loop_stop(); returns its code */
void loop_stop(struct loop *l, int code);

int64_t loop_now(void); /* CLOCK_BOOTTIME, ms */
int64_t wall_now(void); /* CLOCK_REALTIME, ms */

#endif
