/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "loop/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct notes {
    struct loop *loop;
    int pipe[2];
    char text[64];
    int after, signo, status, stop_after, fd_calls;
};

static struct notes start(void)
{
    struct err e;
    struct notes n = {.loop = loop_open(&e)};
    assert_non_null(n.loop);
    assert_int_equal(pipe(n.pipe), 0);
    return n;
}

static void finish(struct notes *n)
{
    loop_close(n->loop);
    close(n->pipe[0]);
    close(n->pipe[1]);
}

static void note(struct notes *n, const char *word)
{
    strncat(n->text, word, sizeof n->text - strlen(n->text) - 1);
}

static void on_a(void *ctx)
{
    note(ctx, "a");
}

static void on_b(void *ctx)
{
    note(ctx, "b");
}

static void on_stop(void *ctx)
{
    struct notes *n = ctx;
    loop_stop(n->loop, 7);
}

static void timers_fire_in_order_of_time_and_setting_one_again_moves_it(void **state)
{
    (void)state;
    struct notes n = start();
    int64_t now = loop_now();
    loop_timer(n.loop, now + 5, on_b, &n);
    loop_timer(n.loop, now + 20, on_a, &n);
    loop_timer(n.loop, now + 30, on_b, &n); /* moved, not added */
    loop_timer(n.loop, now + 45, on_stop, &n);
    assert_int_equal(loop_run(n.loop), 7);
    assert_string_equal(n.text, "ab");
    assert_true(loop_now() >= now + 45);
    finish(&n);
}

static void a_stopped_timer_does_not_fire(void **state)
{
    (void)state;
    struct notes n = start();
    loop_timer(n.loop, loop_now() + 5, on_a, &n);
    loop_timer_stop(n.loop, on_a, &n);
    loop_timer_stop(n.loop, on_b, &n); /* was never set */
    loop_timer(n.loop, loop_now() + 15, on_stop, &n);
    loop_run(n.loop);
    assert_string_equal(n.text, "");
    finish(&n);
}

static void on_again(void *ctx)
{
    struct notes *n = ctx;
    note(n, "t");
    loop_timer(n->loop, loop_now(), on_again, n);
}

static void on_input(void *ctx, uint32_t events)
{
    struct notes *n = ctx;
    char byte;
    assert_true(events & EPOLLIN);
    assert_int_equal(read(n->pipe[0], &byte, 1), 1);
    loop_stop(n->loop, 0);
}

static void a_timer_that_sets_itself_at_once_does_not_starve_descriptors(void **state)
{
    (void)state;
    struct notes n = start();
    struct err e;
    assert_true(loop_fd(n.loop, n.pipe[0], EPOLLIN, on_input, &n, &e));
    loop_timer(n.loop, loop_now(), on_again, &n);
    assert_int_equal(write(n.pipe[1], "x", 1), 1);
    assert_int_equal(loop_run(n.loop), 0); /* would run for ever */
    finish(&n);
}

static void on_after(void *ctx)
{
    struct notes *n = ctx;
    n->after++;
    note(n, "|");
}

static void after_runs_once_behind_all_callbacks_of_a_turn(void **state)
{
    (void)state;
    struct notes n = start();
    int64_t now = loop_now();
    loop_after(n.loop, on_after, &n);
    loop_timer(n.loop, now, on_a, &n);
    loop_timer(n.loop, now, on_b, &n);
    loop_timer(n.loop, now + 10, on_stop, &n);
    loop_run(n.loop);
    assert_string_equal(n.text, "ab|");
    finish(&n);
}

static void on_remove(void *ctx, uint32_t events)
{
    struct notes *n = ctx;
    (void)events;
    n->fd_calls++;
    loop_fd_remove(n->loop, n->pipe[0]);
    loop_fd_remove(n->loop, n->pipe[1]);
    loop_timer(n->loop, loop_now() + 10, on_stop, n);
}

static void a_descriptor_removed_in_the_same_turn_is_not_called_any_more(void **state)
{
    (void)state;
    struct notes n = start();
    struct err e;
    /* Both ends are ready in the first turn; whichever comes first removes both. */
    assert_int_equal(write(n.pipe[1], "x", 1), 1);
    assert_true(loop_fd(n.loop, n.pipe[0], EPOLLIN, on_remove, &n, &e));
    assert_true(loop_fd(n.loop, n.pipe[1], EPOLLOUT, on_remove, &n, &e));
    loop_run(n.loop);
    assert_int_equal(n.fd_calls, 1);
    finish(&n);
}

static void on_signal(void *ctx, int signo)
{
    struct notes *n = ctx;
    n->signo = signo;
    loop_stop(n->loop, 0);
}

static void a_signal_arrives_as_a_call_and_the_mask_is_put_back(void **state)
{
    (void)state;
    struct notes n = start();
    struct err e;
    sigset_t mask;
    assert_true(loop_signal(n.loop, SIGUSR1, on_signal, &n, &e));
    raise(SIGUSR1); /* would end the program if it were not blocked */
    loop_run(n.loop);
    assert_int_equal(n.signo, SIGUSR1);
    finish(&n);
    sigprocmask(SIG_SETMASK, NULL, &mask);
    assert_false(sigismember(&mask, SIGUSR1));
}

static void on_child(void *ctx, pid_t pid, int status)
{
    struct notes *n = ctx;
    (void)pid;
    n->status = status;
    loop_stop(n->loop, 0);
}

static void the_end_of_a_child_is_told_and_it_is_reaped(void **state)
{
    (void)state;
    struct notes n = start();
    struct err e;
    pid_t pid = fork();
    if (pid == 0)
        _exit(5);
    assert_true(loop_child(n.loop, pid, on_child, &n, &e));
    loop_run(n.loop);
    assert_true(WIFEXITED(n.status));
    assert_int_equal(WEXITSTATUS(n.status), 5);
    assert_int_equal(waitpid(pid, NULL, WNOHANG), -1);
    finish(&n);
}

static void a_pid_that_is_nobodys_cannot_be_watched(void **state)
{
    (void)state;
    struct notes n = start();
    struct err e = {""};
    assert_false(loop_child(n.loop, INT32_MAX, on_child, &n, &e));
    assert_non_null(strstr(e.text, "cannot watch process"));
    finish(&n);
}

static void an_idle_loop_does_not_wake_up(void **state)
{
    (void)state;
    struct notes n = start();
    struct rusage before, behind;
    loop_timer(n.loop, loop_now() + 300, on_stop, &n);
    getrusage(RUSAGE_SELF, &before);
    loop_run(n.loop);
    getrusage(RUSAGE_SELF, &behind);
    assert_true(behind.ru_nvcsw - before.ru_nvcsw <= 3);
    finish(&n);
}

static void many_descriptors_and_timers_find_room(void **state)
{
    (void)state;
    enum { MANY = 100 };
    struct notes n = start();
    struct err e;
    int fd[MANY], mark[MANY];
    for (int i = 0; i < MANY; i++) {
        fd[i] = dup(n.pipe[0]);
        assert_true(loop_fd(n.loop, fd[i], EPOLLIN, on_input, &n, &e));
        loop_timer(n.loop, loop_now() + 60000, on_a, &mark[i]);
    }
    for (int i = 0; i < MANY; i++) {
        loop_fd_remove(n.loop, fd[i]);
        loop_timer_stop(n.loop, on_a, &mark[i]);
        close(fd[i]);
    }
    loop_timer(n.loop, loop_now() + 5, on_stop, &n);
    assert_int_equal(loop_run(n.loop), 7);
    finish(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fire_in_order_of_time_and_setting_one_again_moves_it),
        cmocka_unit_test(a_stopped_timer_does_not_fire),
        cmocka_unit_test(a_timer_that_sets_itself_at_once_does_not_starve_descriptors),
        cmocka_unit_test(after_runs_once_behind_all_callbacks_of_a_turn),
        cmocka_unit_test(a_descriptor_removed_in_the_same_turn_is_not_called_any_more),
        cmocka_unit_test(a_signal_arrives_as_a_call_and_the_mask_is_put_back),
        cmocka_unit_test(the_end_of_a_child_is_told_and_it_is_reaped),
        cmocka_unit_test(a_pid_that_is_nobodys_cannot_be_watched),
        cmocka_unit_test(an_idle_loop_does_not_wake_up),
        cmocka_unit_test(many_descriptors_and_timers_find_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
