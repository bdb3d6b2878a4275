/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy demo: a simulated rig in a folder of its own, the dashboard on it, and nothing left behind. */
#include "cmd/davy.h"
#include "cmd/davy_place.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_MS = 5000, END_MS = 3000, LOG_MOST = 4096, FDS_MOST = 16 };

struct demo_options {
    double speed, seconds;
    int64_t seed;
    const char *scenario;
};
const struct option_row demo_options[] = {
    {"scenario", 0, "NAME", "what goes wrong; davy-sim rig --list names them (busy)", OPTION_TEXT,
     offsetof(struct demo_options, scenario)},
    {"seconds", 0, "N", "end after this time (never)", OPTION_NUMBER, offsetof(struct demo_options, seconds)},
    {"seed", 0, "N", "of chance: the same seed makes the same rig (1)", OPTION_INT,
     offsetof(struct demo_options, seed)},
    {"speed", 0, "N", "events come N times as often (1)", OPTION_NUMBER, offsetof(struct demo_options, speed)},
    {.name = NULL},
};

struct demo {
    char root[256], rig[300], log[300];
    pid_t pid;
    int pidfd;
    sigset_t before;
};

static bool make_folder(struct demo *d, struct err *e)
{
    const char *temp = getenv("TMPDIR");
    snprintf(d->root, sizeof d->root, "%.200s/davy-demo-XXXXXX", temp != NULL && *temp == '/' ? temp : "/tmp");
    if (mkdtemp(d->root) == NULL) /* 0700 */
        return err_set(e, "cannot make a folder for the demo (%s): %s", d->root, strerror(errno));
    snprintf(d->rig, sizeof d->rig, "%s/rig", d->root);
    snprintf(d->log, sizeof d->log, "%s/sim.log", d->root);
    return true;
}

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *walk)
{
    (void)s;
    (void)type;
    (void)walk;
    return remove(path) == 0 || errno == ENOENT ? 0 : 1;
}

/* The simulated daemon may write its last words while we remove. */
static void remove_folder(const struct demo *d)
{
    for (int i = 0; i < 20 && nftw(d->root, remove_one, FDS_MOST, FTW_DEPTH | FTW_PHYS) != 0; i++)
        poll(NULL, 0, 50);
}

/* While the demo's child and folder exist no signal may end us without cleaning up: they are blocked, and the dashboard
 * takes them from its loop. */
static void hold_signals(struct demo *d)
{
    static const int held[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
        sigaddset(&set, held[i]);
    sigprocmask(SIG_BLOCK, &set, &d->before);
}

static bool spawn(struct demo *d, char **argv, struct err *e)
{
    char program[4096];
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, d->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    posix_spawnattr_init(&attr);
    /* A group of its own: ^C in a shell that davy has not taken over yet is ours to handle. */
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setsigmask(&attr, &d->before);
    int error = posix_spawnp(&d->pid, davy_program(program, "davy-sim"), &files, &attr, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attr);
    if (error != 0)
        return err_set(e, "cannot start davy-sim, the simulator (looked beside davy and in PATH): %s", strerror(error));
    d->pidfd = pidfd_open(d->pid, 0);
    return true;
}

static bool start(struct demo *d, const struct demo_options *o, struct err *e)
{
    char speed[40], seed[40], tied[40];
    snprintf(speed, sizeof speed, "--speed=%g", o->speed);
    snprintf(seed, sizeof seed, "--seed=%lld", (long long)o->seed);
    snprintf(tied, sizeof tied, "--tied=%ld", (long)getpid());
    char *argv[] = {(char[]){"davy-sim"},           (char[]){"rig"}, tied, speed, seed, (char[]){"--miner"}, (char[]){"--scenario"},
                    (char *)(uintptr_t)o->scenario, d->rig,          NULL};
    return spawn(d, argv, e);
}

static bool ended(const struct demo *d, int wait_ms)
{
    struct pollfd p = {.fd = d->pidfd, .events = POLLIN};
    return poll(&p, 1, wait_ms) > 0;
}

/* What the simulator complained about. */
static bool failed(const struct demo *d, struct err *e)
{
    struct arena a = {0};
    struct bytes log = {0};
    struct file_stat s;
    if (!file_read(&a, d->log, LOG_MOST, &log, &s, NULL) || bytes_trim(log).len == 0)
        log = bytes_of("davy-sim ended without a word");
    log = bytes_trim(log);
    err_set(e, "the simulated rig did not start: %.*s", (int)bytes_find(log, "\n"), log.at);
    arena_release(&a);
    return false;
}

/* The simulator says so once the first files stand: a look at the rig before would show half of it. */
static bool is_ready(const struct demo *d)
{
    struct arena a = {0};
    struct bytes log = {0};
    struct file_stat s;
    bool ready = file_read(&a, d->log, LOG_MOST, &log, &s, NULL) && bytes_starts(log, "ready");
    arena_release(&a);
    return ready;
}

static bool wait_until_ready(const struct demo *d, struct err *e)
{
    for (int64_t end = loop_now() + READY_MS; loop_now() < end && !is_ready(d);)
        if (ended(d, 5))
            return failed(d, e);
    return true;
}

/* By its pidfd: never a pid that may be somebody else's by now. */
static void stop(struct demo *d)
{
    if (d->pid <= 0)
        return;
    pidfd_send_signal(d->pidfd, SIGTERM, NULL, 0);
    if (!ended(d, END_MS))
        pidfd_send_signal(d->pidfd, SIGKILL, NULL, 0);
    waitpid(d->pid, NULL, 0);
    close(d->pidfd);
}

static int run(struct demo *d, const struct davy_options *base, const struct demo_options *o)
{
    struct err e = {""};
    struct davy_options options = *base;
    options.dir = d->rig;
    if (!start(d, o, &e) || !wait_until_ready(d, &e))
        return davy_fail(&e);
    return options.plain ? davy_plain(&options, o->seconds) : davy_dashboard(&options, o->seconds);
}

int davy_demo(const struct davy_options *base, int argc, char **argv)
{
    struct demo_options o = {.speed = 1, .seed = 1, .scenario = "busy"};
    struct demo d = {.pidfd = -1};
    struct err e = {""};
    int words = options_parse(demo_options, argc, argv, &o, &e);
    if (words >= 0 && words < argc)
        davy_too_many(&e, "demo", argv[words]);
    if (words < argc || !make_folder(&d, &e))
        return davy_fail(&e);
    hold_signals(&d);
    int code = run(&d, base, &o);
    stop(&d);
    remove_folder(&d);
    sigprocmask(SIG_SETMASK, &d.before, NULL);
    return code;
}
