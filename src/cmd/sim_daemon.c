/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated miner daemon (rig-files.md 2.2): binds a socket it never answers, writes its state file and "Waiting for
 * tasks...". The word miner_daemon.py stands on its command line because that is how monitors know it. It ends when the
 * davy-sim that feeds its folder ends: there is never an orphan. */
#include "cmd/sim.h"

#include "base/timetext.h"
#include "loop/loop.h"
#include "sim/rig.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

struct daemon_options {
    double speed;
    bool first, hang, lose_socket;
};
const struct option_row sim_daemon_options[] = {
    {.name = "first",
     .help = "it is said to run already: no start lines",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct daemon_options, first)},
    {.name = "hang",
     .help = "write an old state file once, then nothing",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct daemon_options, hang)},
    {.name = "lose-socket",
     .help = "somebody removes its socket's file as soon as it listens",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct daemon_options, lose_socket)},
    {.name = "speed",
     .arg = "N",
     .help = "events come N times as often (1)",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct daemon_options, speed)},
    {.name = NULL},
};

struct miner {
    struct loop *loop;
    struct arena arena;
    struct daemon_options options;
    int dir_fd;
    int32_t utc_offset_s;
    char dir[4096], socket[4200];
};

static void say(struct miner *m, const char *level, const char *text)
{
    struct bytes line = daemon_log_line(&m->arena, wall_now(), m->utc_offset_s, level, text);
    if (!sim_write_text(m->dir_fd, SIM_APPEND, SIM_LOG, line, NULL))
        loop_stop(m->loop, 1);
    arena_reset(&m->arena);
}

static void save(struct miner *m, const char *status, int64_t at_ms)
{
    struct bytes text = daemon_state_text(&m->arena, status, getpid(), m->socket, at_ms);
    if (!sim_write_text(m->dir_fd, SIM_REWRITE, SIM_STATE, text, NULL))
        loop_stop(m->loop, 1);
    arena_reset(&m->arena);
}

static void beat(void *ctx)
{
    struct miner *m = ctx;
    say(m, "INFO", "Waiting for tasks...");
    save(m, "running", wall_now());
    loop_timer(m->loop, loop_now() + daemon_period_ms(m->options.speed), beat, m);
}

/* The real one shuts down twice: by its handler and by finally. */
static void told_to_stop(void *ctx, int signo)
{
    struct miner *m = ctx;
    char text[64];
    snprintf(text, sizeof text, "Received shutdown signal %d", signo);
    say(m, "INFO", text);
    for (int i = 0; i < 2; i++) {
        say(m, "INFO", "Shutting down miner daemon...");
        save(m, "stopped", wall_now());
        say(m, "INFO", "✅ Daemon shutdown complete");
    }
    unlink(m->socket);
    unlinkat(m->dir_fd, sim_path(SIM_PID), 0);
    loop_stop(m->loop, 0);
}

static void rig_is_gone(void *ctx, uint32_t events)
{
    (void)events;
    loop_stop(((struct miner *)ctx)->loop, 0);
}

static int listen_on(const char *path)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof name.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(name.sun_path, path, strlen(path) + 1);
    unlink(path); /* as the real one: a second daemon steals the socket */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && (bind(fd, (struct sockaddr *)&name, sizeof name) || listen(fd, 1))) {
        close(fd);
        return -1;
    }
    return fd;
}

static void announce(struct miner *m, int socket_fd)
{
    char text[5000];
    for (int i = 0; daemon_start_lines[i] && !m->options.first; i++)
        say(m, "INFO", daemon_start_lines[i]);
    if (socket_fd < 0)
        snprintf(text, sizeof text, "Failed to setup IPC socket: %s", strerror(errno));
    else
        snprintf(text, sizeof text, "✅ IPC socket ready at %s", m->socket);
    if (socket_fd < 0 || !m->options.first)
        say(m, socket_fd < 0 ? "ERROR" : "INFO", text);
}

static void begin(struct miner *m)
{
    enum { HANG_MS = 11 * 60000 };
    if (!m->options.hang) {
        beat(m);
        return;
    }
    save(m, "running", wall_now() - HANG_MS);
    sim_age(m->dir_fd, SIM_STATE, HANG_MS, NULL);
}

static bool watch(struct miner *m, pid_t rig, struct err *e)
{
    int fd = (int)syscall(SYS_pidfd_open, rig, 0);
    if (fd < 0)
        return err_set(e, "cannot watch the davy-sim rig of %s: %s", m->dir, strerror(errno));
    return loop_fd(m->loop, fd, EPOLLIN, rig_is_gone, m, e) && loop_signal(m->loop, SIGTERM, told_to_stop, m, e) &&
           loop_signal(m->loop, SIGINT, told_to_stop, m, e);
}

static bool open_miner(struct miner *m, struct err *e)
{
    pid_t rig = sim_folder_owner(m->dir_fd);
    if (!rig)
        return err_set(e, "no davy-sim rig feeds %s: start one with `davy-sim rig %s`", m->dir, m->dir);
    if (getppid() == rig)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    m->loop = loop_open(e);
    m->utc_offset_s = sim_utc_offset_s();
    snprintf(m->socket, sizeof m->socket, "%s/state/openclawd.sock", m->dir);
    return m->loop && watch(m, rig, e);
}

int sim_daemon(int argc, char **argv)
{
    struct miner m = {.options = {.speed = 1}};
    struct err e;
    int words = sim_words(sim_daemon_options, argc, argv, &m.options, &e);
    if (words != 2 || strcmp(argv[2], "miner_daemon.py")) {
        if (words >= 0)
            err_set(&e, "usage: davy-sim daemon DIR miner_daemon.py [--speed N]");
        return sim_complain(&e);
    }
    m.dir_fd = sim_folder_open(argv[1], m.dir, &e);
    if (m.dir_fd < 0 || !open_miner(&m, &e))
        return sim_complain(&e);
    int socket_fd = listen_on(m.socket);
    announce(&m, socket_fd);
    if (m.options.lose_socket)
        unlink(m.socket);
    begin(&m);
    int code = loop_run(m.loop);
    loop_close(m.loop);
    arena_release(&m.arena);
    return code;
}
