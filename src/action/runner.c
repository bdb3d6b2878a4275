/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/runner.h"

#include "action/detach.h"
#include "action/spawn.h"
#include "loop/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GRACE_MS = 5000, TICK_MS = 100, TICK_BYTES = 512 * 1024, READS = 16 };

struct runner;
struct outlet { /* the output of one step; fd -1: closed */
    struct runner *runner;
    int fd;
    bool rests; /* not read until the next tick */
};
struct runner {
    struct loop *loop;
    struct audit_record record;
    struct audit audit;
    int socket; /* -1: nobody listens */
    struct outlet out[PLAN_STEPS];
    struct runner_report report;
    bool due;         /* the report has to be sent */
    bool stopping;    /* told to, or out of time: no further step */
    pid_t child;      /* 0: none */
    int64_t begun_ms; /* loop clock */
    int64_t tick;
    size_t tick_bytes;
    struct runner_health health;
};

/* ---- to davy ---- */

static void hang_up(struct runner *r)
{
    if (r->socket < 0)
        return;
    loop_fd_remove(r->loop, r->socket);
    close(r->socket);
    r->socket = -1;
}

/* false: there is no room now, or nobody there. */
static bool send_packet(struct runner *r, const void *packet, size_t len)
{
    if (r->socket < 0)
        return false;
    if (send(r->socket, packet, len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)len)
        return true;
    if (errno != EAGAIN && errno != ENOBUFS)
        hang_up(r);
    return false;
}

static void leave_when_done(struct runner *r)
{
    bool reading = false;
    for (int i = 0; i < PLAN_STEPS; i++)
        reading = reading || r->out[i].fd >= 0;
    if (r->report.closed && !r->due)
        hang_up(r);
    if (r->socket < 0 && r->report.closed && !reading)
        loop_stop(r->loop, 0);
}

static void send_report(struct runner *r)
{
    char packet[1 + sizeof r->report];
    packet[0] = RUNNER_REPORT;
    memcpy(packet + 1, &r->report, sizeof r->report);
    r->due = r->socket >= 0 && !send_packet(r, packet, sizeof packet) && r->socket >= 0;
    if (r->socket >= 0)
        loop_fd_events(r->loop, r->socket, r->due ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void tell_dropped(void *ctx)
{
    send_report(ctx);
}

static void hand_on(struct runner *r, const char *bytes, size_t len)
{
    char packet[RUNNER_PACKET + 1];
    if (r->report.closed || r->socket < 0)
        return;
    packet[0] = RUNNER_OUTPUT;
    memcpy(packet + 1, bytes, len);
    r->tick_bytes += len;
    if (send_packet(r, packet, len + 1))
        return;
    r->report.dropped += len;
    loop_timer(r->loop, loop_now() + TICK_MS, tell_dropped, r);
}

/* ---- the end ---- */

static void set_text(char *to, size_t room, const char *text)
{
    size_t len = strnlen(text, room - 1);
    memcpy(to, text, len);
    to[len] = '\0';
}

static void set_error(struct runner *r, const char *text)
{
    set_text(r->report.error, sizeof r->report.error, text);
}

static void close_record(struct runner *r)
{
    struct err e = {""};
    r->record.ended = true;
    r->record.timed_out = r->report.timed_out;
    r->record.exit = r->report.exit;
    r->record.signal = r->report.signal;
    r->record.duration_ms = r->report.duration_ms;
    r->record.health = r->health.word[0] ? r->health.word : NULL;
    r->record.health_text = r->health.text[0] ? r->health.text : NULL;
    r->record.error = r->report.error[0] ? r->report.error : NULL;
    if (!audit_write(&r->audit, &r->record, &e) && !r->report.error[0])
        set_error(r, e.text);
    audit_close(&r->audit); /* and with it the lock is free */
    r->report.closed = true;
    send_report(r);
    leave_when_done(r);
}

static void set_health(struct runner *r, const char *word, const char *text)
{
    set_text(r->health.word, sizeof r->health.word, word);
    set_text(r->health.text, sizeof r->health.text, text);
}

static void nobody_told(void *ctx)
{
    struct runner *r = ctx;
    set_health(r, "unwatched", "davy was left before it was seen what became of it");
    close_record(r);
}

/* What became of it is asked of davy, which watches the rig, and only when the command did not fail. */
static void end(struct runner *r)
{
    if (r->stopping && !r->report.timed_out)
        set_error(r, "told to stop");
    bool good = r->report.exit == 0 && !r->report.error[0] && !r->report.timed_out;
    r->report.ended = true;
    r->report.duration_ms = loop_now() - r->begun_ms;
    if (good && r->socket >= 0) {
        send_report(r);
        loop_timer(r->loop, loop_now() + RUNNER_HEALTH_MS, nobody_told, r);
    } else if (good) {
        nobody_told(r);
    } else {
        close_record(r);
    }
}

/* ---- one step ---- */

static void close_outlet(struct outlet *o)
{
    if (o->fd < 0)
        return;
    if (!o->rests)
        loop_fd_remove(o->runner->loop, o->fd);
    close(o->fd);
    o->fd = -1;
    leave_when_done(o->runner);
}

/* So much in a tenth of a second: a command that floods is slowed down, as by a terminal, and does not keep davy busy. When
 * nobody listens it may write what it likes. */
static bool in_budget(struct runner *r)
{
    int64_t tick = loop_now() / TICK_MS;
    if (tick != r->tick)
        r->tick_bytes = 0;
    r->tick = tick;
    return r->socket < 0 || r->tick_bytes < TICK_BYTES;
}

static void on_output(void *ctx, uint32_t events);

static void read_again(void *ctx)
{
    struct runner *r = ctx;
    for (int i = 0; i < PLAN_STEPS; i++) {
        struct outlet *o = &r->out[i];
        if (o->fd >= 0 && o->rests && loop_fd(r->loop, o->fd, EPOLLIN, on_output, o, NULL))
            o->rests = false;
    }
}

static void rest(struct outlet *o)
{
    if (!o->rests)
        loop_fd_remove(o->runner->loop, o->fd);
    o->rests = true;
    loop_timer(o->runner->loop, (loop_now() / TICK_MS + 1) * TICK_MS, read_again, o->runner);
}

/* All that is there now; at most what a pipe holds. */
static void drain(struct outlet *o)
{
    char bytes[RUNNER_PACKET];
    ssize_t got = 1;
    for (int i = 0; i < READS && got > 0; i++) {
        got = read(o->fd, bytes, sizeof bytes);
        if (got > 0)
            hand_on(o->runner, bytes, (size_t)got);
    }
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        close_outlet(o);
}

static void on_output(void *ctx, uint32_t events)
{
    struct outlet *o = ctx;
    (void)events;
    if (in_budget(o->runner))
        drain(o);
    else
        rest(o);
}

static void kill_group(void *ctx)
{
    struct runner *r = ctx;
    if (r->child > 0)
        kill(-r->child, SIGKILL);
}

static void stop_child(struct runner *r)
{
    r->stopping = true;
    if (r->child <= 0)
        return;
    kill(-r->child, SIGTERM);
    loop_timer(r->loop, loop_now() + GRACE_MS, kill_group, r);
}

static void out_of_time(void *ctx)
{
    struct runner *r = ctx;
    r->report.timed_out = true;
    stop_child(r);
}

static void next_step(struct runner *r);

/* Its group lives on without it: that is the daemon. Only who had to be stopped is ended with all its children. */
static void on_end(void *ctx, pid_t pid, int status)
{
    struct runner *r = ctx;
    struct outlet *o = &r->out[r->report.step];
    if (r->stopping)
        kill(-pid, SIGKILL);
    r->child = 0;
    loop_timer_stop(r->loop, out_of_time, r);
    loop_timer_stop(r->loop, kill_group, r);
    r->report.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    r->report.signal = WIFSIGNALED(status) ? WTERMSIG(status) : -1;
    if (o->fd >= 0)
        drain(o);
    if (r->report.exit == 0 && !r->stopping && r->report.step + 1 < r->record.plan->steps) {
        r->report.step++;
        next_step(r);
    } else {
        end(r);
    }
}

static bool start(struct runner *r, int pipe_fd[2], struct err *e)
{
    const struct plan *p = r->record.plan;
    struct outlet *o = &r->out[r->report.step];
    if (pipe2(pipe_fd, O_CLOEXEC) < 0)
        return err_set(e, "cannot make a pipe: %s", strerror(errno));
    fcntl(pipe_fd[0], F_SETFL, O_NONBLOCK); /* our end alone: the command's may not be surprised */
    *o = (struct outlet){r, pipe_fd[0], false};
    bool done = spawn_step(&p->step[r->report.step], p->folder, pipe_fd[1], &r->child, e);
    close(pipe_fd[1]);
    return done && loop_child(r->loop, r->child, on_end, r, e) && loop_fd(r->loop, o->fd, EPOLLIN, on_output, o, e);
}

static void next_step(struct runner *r)
{
    struct err e = {""};
    int pipe_fd[2] = {-1, -1};
    r->report.step_begun_ms = wall_now();
    r->report.exit = r->report.signal = -1;
    if (start(r, pipe_fd, &e)) {
        loop_timer(r->loop, loop_now() + r->record.plan->limit_ms, out_of_time, r);
        send_report(r);
        return;
    }
    set_error(r, e.text);
    close_outlet(&r->out[r->report.step]);
    end(r);
}

/* ---- from davy ---- */

static void take_health(struct runner *r, const char *packet, size_t len)
{
    if (len != sizeof r->health || r->report.closed)
        return;
    memcpy(&r->health, packet, len);
    r->health.word[sizeof r->health.word - 1] = r->health.text[sizeof r->health.text - 1] = '\0';
    loop_timer_stop(r->loop, nobody_told, r);
    close_record(r);
}

static void davy_is_gone(struct runner *r)
{
    bool waited = r->report.ended && !r->report.closed;
    hang_up(r);
    loop_timer_stop(r->loop, nobody_told, r);
    if (waited)
        nobody_told(r);
    leave_when_done(r);
}

static void on_socket(void *ctx, uint32_t events)
{
    struct runner *r = ctx;
    char packet[1 + sizeof(struct runner_health)];
    ssize_t got = recv(r->socket, packet, sizeof packet, MSG_DONTWAIT);
    if (got > 0 && packet[0] == RUNNER_HEALTH)
        take_health(r, packet + 1, (size_t)got - 1);
    else if (got > 0 && packet[0] == RUNNER_STOP)
        stop_child(r);
    else if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        davy_is_gone(r);
    if (r->socket >= 0 && (events & EPOLLOUT) && r->due)
        send_report(r);
    leave_when_done(r);
}

/* ---- the process ---- */

_Noreturn static void run(const struct runner_in *in)
{
    struct err e = {""};
    struct runner r = {
        .record = *in->record, .audit = in->audit, .socket = in->socket, .out = {{&r, -1, false}, {&r, -1, false}}};
    detach((int[]){in->audit.fd, in->audit.lock_fd, in->socket}, 3);
    r.report.exit = r.report.signal = -1;
    r.begun_ms = loop_now();
    r.loop = loop_open(&e);
    if (r.loop == NULL || !loop_fd(r.loop, r.socket, EPOLLIN, on_socket, &r, &e))
        _exit(3);
    next_step(&r);
    _exit(loop_run(r.loop));
}

pid_t runner_start(const struct runner_in *in, struct err *e)
{
    pid_t pid = fork();
    if (pid == 0)
        run(in);
    if (pid < 0)
        err_set(e, "cannot start a process: %s", strerror(errno));
    return pid;
}
