/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/sim_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

bool keeper_open(struct sim_keeper *k, int dir_fd, const char *dir, double speed, struct err *e)
{
    *k = (struct sim_keeper){.dir_fd = dir_fd, .dir = dir};
    snprintf(k->speed, sizeof k->speed, "%g", speed);
    ssize_t len = readlink("/proc/self/exe", k->program, sizeof k->program - 1);
    return len > 0 || err_set(e, "cannot find my own program: %s", strerror(errno));
}

static void child_ended(void *ctx, pid_t pid, int status)
{
    struct sim_keeper *k = ctx;
    (void)status;
    if (k->child == pid)
        k->child = 0;
}

static bool spawn(struct sim_keeper *k, bool first, struct err *e)
{
    char *argv[9] = {"davy-sim", "daemon", (char *)k->dir, "miner_daemon.py", "--speed", k->speed, NULL, NULL, NULL};
    if (first) {
        argv[6] = "--first";
        argv[7] = (char *)k->fate;
    }
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
    int wrong = posix_spawn(&k->child, k->program, NULL, &how, argv, environ);
    posix_spawnattr_destroy(&how);
    return !wrong || err_set(e, "cannot start %s: %s", k->program, strerror(wrong));
}

/* The first daemon is said to have run for six hours; a later one truncates the log, as the real script does. */
bool keeper_start(struct sim_keeper *k, struct loop *l, struct err *e)
{
    enum { HOURS_6 = 6 * 3600000 };
    bool first = !k->starts++ && !k->fresh_log;
    char text[32];
    if (keeper_sees(k))
        return true;
    if (!first && !sim_write_text(k->dir_fd, SIM_REWRITE, SIM_LOG, (struct bytes){"", 0}, e))
        return false;
    if (!spawn(k, first, e) || !loop_child(l, k->child, child_ended, k, e))
        return false;
    snprintf(text, sizeof text, "%ld\n", (long)k->child);
    struct sim_order pid = {
        .act = SIM_REWRITE, .file = SIM_PID, .content = bytes_of(text), .age_ms = first ? HOURS_6 : 0};
    return sim_write(k->dir_fd, &pid, e);
}

static size_t read_small(int dir_fd, const char *path, char *text, size_t size)
{
    int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    ssize_t got = fd < 0 ? -1 : read(fd, text, size);
    if (fd >= 0)
        close(fd);
    return got > 0 ? (size_t)got : 0;
}

static pid_t pid_in_file(const struct sim_keeper *k)
{
    char text[32];
    int64_t pid = 0;
    struct bytes b = {text, read_small(k->dir_fd, sim_path(SIM_PID), text, sizeof text)};
    return bytes_i64(bytes_trim(b), &pid) && pid > 1 && pid <= INT_MAX ? (pid_t)pid : 0;
}

/* Runs this very program, also when that was built anew meanwhile: "/usr/bin/davy-sim (deleted)". */
static bool is_ours(const struct sim_keeper *k, pid_t pid)
{
    char path[64], program[sizeof k->program];
    snprintf(path, sizeof path, "/proc/%ld/exe", (long)pid);
    ssize_t len = readlink(path, program, sizeof program);
    return len > 0 && bytes_starts((struct bytes){program, (size_t)len}, k->program);
}

/* A real miner's daemon has that word on its command line too, and a stale pid file may name one. */
static bool is_daemon(const struct sim_keeper *k, pid_t pid)
{
    char path[64], words[8192];
    snprintf(path, sizeof path, "/proc/%ld/cmdline", (long)pid);
    struct bytes all = {words, read_small(AT_FDCWD, path, words, sizeof words)};
    return bytes_find(all, "miner_daemon.py") < all.len && is_ours(k, pid);
}

/* Our child is ours until we wait for it, also in the moment of its exec when /proc does not know its words yet. */
bool keeper_sees(const struct sim_keeper *k)
{
    pid_t pid = k->child ? 0 : pid_in_file(k);
    return k->child || (pid && is_daemon(k, pid));
}

/* The child needs no check (see keeper_sees). Another one is checked after it is open: never a process that only inherited
 * the number. -1: no daemon of this folder. */
static int daemon_fd(const struct sim_keeper *k)
{
    pid_t pid = k->child ? k->child : pid_in_file(k);
    int fd = pid ? pidfd_open(pid, 0) : -1;
    if (fd < 0 || k->child || is_daemon(k, pid))
        return fd;
    close(fd);
    return -1;
}

bool keeper_kill(struct sim_keeper *k)
{
    int fd = daemon_fd(k);
    if (fd < 0)
        return true;
    pidfd_send_signal(fd, SIGKILL, NULL, 0);
    close(fd);
    return true;
}

static bool ends_by(int fd, int signo)
{
    enum { PATIENCE_MS = 1000 };
    struct pollfd p = {.fd = fd, .events = POLLIN};
    pidfd_send_signal(fd, signo, NULL, 0);
    return poll(&p, 1, PATIENCE_MS) > 0;
}

void keeper_end(pid_t pid)
{
    int fd = pidfd_open(pid, 0);
    if (fd >= 0 && !ends_by(fd, SIGTERM))
        ends_by(fd, SIGKILL);
    if (fd >= 0)
        close(fd);
    waitpid(pid, NULL, 0);
}

void keeper_close(struct sim_keeper *k)
{
    int fd = daemon_fd(k);
    if (fd >= 0 && !ends_by(fd, SIGTERM))
        ends_by(fd, SIGKILL);
    if (fd >= 0)
        close(fd);
    if (k->child)
        waitpid(k->child, NULL, 0);
    k->child = 0;
}
