/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that watches a job, as the node sees it. */
#include "runner/runner_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { CHUNK = 64 << 10, HIGH = 64 };

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void runner_child_close(struct runner *r)
{
    runner_orphans_close(r);
    loop_fd_remove(r->loop, r->report);
    close_one(&r->spec);
    close_one(&r->report);
    close_one(&r->control); /* which ends the job, if it still runs */
    free(r->text);
    r->text = NULL;
}

void runner_child_say(struct runner *r, char word)
{
    if (r->control >= 0 && write(r->control, &word, 1) < 0)
        r->code = E_INTERNAL; /* it is gone: its end is on the way */
}

/* ---- what it tells ---- */

static void on_line(struct runner *r, struct bytes line)
{
    struct err e;
    json_t *o = json_read(line, "report", &e);
    const char *phase = json_string_value(json_object_get(o, "phase"));
    int64_t percent = json_int(o, "percent"), leader = json_int(o, "leader");
    if (leader > 0)
        r->leader = (pid_t)leader;
    if (json_child(o, "outcome")) {
        json_decref(r->outcome);
        r->outcome = json_incref(json_object_get(o, "outcome"));
    } else if (phase)
        runner_tell(r, strcmp(phase, "collect") == 0 ? RUNNER_COLLECT : RUNNER_RUNNING, -1);
    else if (percent >= 0 && percent <= 100)
        runner_tell(r, RUNNER_RUNNING, (int)percent);
    json_decref(o);
}

static void take_lines(struct runner *r)
{
    struct bytes rest = {r->text, r->text_len}, line;
    while (bytes_line(&rest, &line))
        on_line(r, line);
    memmove(r->text, rest.at, rest.len);
    r->text_len = rest.len;
}

static bool make_room(struct runner *r)
{
    if (r->text_room - r->text_len > CHUNK)
        return true;
    char *grown = r->text_room < RUNNER_REPORT ? realloc(r->text, r->text_room * 2 + CHUNK * 2) : NULL;
    if (!grown)
        return false;
    r->text = grown;
    r->text_room = r->text_room * 2 + CHUNK * 2;
    return true;
}

static void end_if_over(struct runner *r)
{
    if (r->report >= 0 || !r->pid_gone || r->over)
        return;
    if (!r->outcome)
        runner_orphans_end(r); /* without a last word it was killed by somebody else */
    else
        runner_finish(r, E_NONE, "");
}

static void on_report(void *ctx, uint32_t events)
{
    struct runner *r = ctx;
    ssize_t n = make_room(r) ? read(r->report, r->text + r->text_len, CHUNK) : -1;
    (void)events;
    if (n > 0) {
        r->text_len += (size_t)n;
        take_lines(r);
    } else if (n == 0 || errno != EAGAIN) {
        loop_fd_remove(r->loop, r->report);
        close_one(&r->report);
        end_if_over(r);
    }
}

static void on_exit_of_child(void *ctx, pid_t pid, int status)
{
    struct runner *r = ctx;
    (void)pid, (void)status;
    r->pid_gone = true;
    r->pid = 0;
    end_if_over(r);
}

/* ---- its beginning ---- */

static void set_signals(posix_spawnattr_t *how)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(how, &none);
    posix_spawnattr_setsigdefault(how, &all);
    posix_spawnattr_setflags(how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

/* From copies with high numbers: an original may stand where another one goes. */
static bool add_files(posix_spawn_file_actions_t *files, const int from[3], int high[3])
{
    static const int to[] = {LAUNCH_SPEC, LAUNCH_REPORT, LAUNCH_CONTROL};
    bool good = true;
    posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(files, 0, 1);
    for (int i = 0; i < 3; i++) {
        high[i] = fcntl(from[i], F_DUPFD_CLOEXEC, HIGH);
        good = good && high[i] >= 0 && posix_spawn_file_actions_adddup2(files, high[i], to[i]) == 0;
    }
    posix_spawn_file_actions_addclosefrom_np(files, LAUNCH_CONTROL + 1);
    return good;
}

static int spawn(struct runner *r, int report, int control)
{
    static const char *const argv[] = {"davy-node", "jobexec", NULL}, *const env[] = {"PATH=/usr/bin:/bin",
                                                                                      "LANG=C.UTF-8", NULL};
    const int from[3] = {r->spec, report, control};
    int high[3] = {-1, -1, -1};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    set_signals(&how);
    int wrong = add_files(&files, from, high)
                    ? posix_spawn(&r->pid, r->program, &files, &how, (char *const *)(uintptr_t)argv,
                                  (char *const *)(uintptr_t)env)
                    : errno;
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    for (int i = 0; i < 3; i++)
        close_one(&high[i]);
    return wrong;
}

static bool watch(struct runner *r, struct err *e)
{
    return fcntl(r->report, F_SETFL, O_NONBLOCK) == 0 && loop_fd(r->loop, r->report, EPOLLIN, on_report, r, e) &&
           loop_child(r->loop, r->pid, on_exit_of_child, r, e);
}

bool runner_spawn(struct runner *r, struct err *e)
{
    int report[2], control[2];
    if (pipe2(report, O_CLOEXEC) < 0)
        return err_set(e, "no pipe can be made: %s", strerror(errno));
    r->report = report[0];
    if (pipe2(control, O_CLOEXEC) < 0)
        return close(report[1]), err_set(e, "no pipe can be made: %s", strerror(errno));
    r->control = control[1];
    int wrong = spawn(r, report[1], control[0]);
    close(report[1]);
    close(control[0]);
    close_one(&r->spec);
    if (wrong != 0) {
        r->pid = 0;
        return err_set(e, "the job's process cannot be started: %s", strerror(wrong));
    }
    runner_tell(r, RUNNER_PREP, -1);
    return watch(r, e);
}
