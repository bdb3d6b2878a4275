/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the daemon's process and socket stay fresh. The end of the process is an event (a pidfd), a new one writes its pid file,
 * the socket comes and goes in a folder that is watched: so the looks behind these events can be rare. They come every 2 s
 * after anything differed, and where something makes no events. */
#include "source/rig_private.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <unistd.h>

enum {
    LOOK_MS = 1100, /* 2 s with the tick of the screen */
    TICK_MS = 1000,
    UNSETTLED_MS = 10000,
};

int64_t rig_whole(int64_t wait_ms, int64_t step_ms)
{
    int64_t beyond = (wall_now() + wait_ms) % step_ms;
    return loop_now() + wait_ms + (step_ms - beyond) % step_ms + 1;
}

static void on_look(void *ctx);

static void look_at(struct rig *r, int64_t at_ms)
{
    if (at_ms >= r->look_ms)
        return;
    r->look_ms = at_ms;
    loop_timer(r->loop, at_ms, on_look, r);
}

static void forget_daemon(struct rig *r)
{
    if (r->pidfd < 0)
        return;
    loop_fd_remove(r->loop, r->pidfd);
    close(r->pidfd);
    r->pidfd = -1;
    r->pidfd_pid = 0;
}

static void look_again(struct rig *r)
{
    if (r->held)
        return;
    if (rig_probe(r))
        r->changed(r->ctx);
    rig_watch_daemon(r);
}

static void on_daemon_end(void *ctx, uint32_t events)
{
    (void)events;
    forget_daemon(ctx);
    look_again(ctx);
}

/* A pidfd knows the pids of our own /proc only. */
static void watch_process(struct rig *r)
{
    int64_t pid = strcmp(r->docs.settings->proc, "/proc") == 0 ? probe_alive_pid(&r->probe) : 0;
    if (pid == r->pidfd_pid)
        return;
    forget_daemon(r);
    r->pidfd_pid = pid; /* also when it cannot be watched: not tried again and again */
    r->pidfd = pid > 1 && pid <= INT32_MAX ? pidfd_open((pid_t)pid, 0) : -1;
    if (r->pidfd >= 0)
        loop_fd(r->loop, r->pidfd, EPOLLIN, on_daemon_end, r, NULL);
}

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) : 0;
}

/* Some file of the rig is in the socket's folder, and that folder is watched. */
static bool socket_makes_events(const struct rig *r)
{
    const char *path = r->probe.socket;
    size_t len = path != NULL ? folder_length(path) : 0;
    for (int i = 0; i < DOC_COUNT && path != NULL; i++)
        for (int k = 0; k < r->source[i].place_count; k++) {
            const struct place *p = &r->source[i].place[k];
            bool same = folder_length(p->path) == len && strncmp(p->path, path, len) == 0;
            if (same && p->id >= 0 && p->whole && !p->link_above)
                return true;
        }
    return path == NULL;
}

static bool events_suffice(const struct rig *r)
{
    bool process = r->pidfd >= 0 || probe_alive_pid(&r->probe) == 0;
    return process && loop_now() >= r->unsettled_ms && watch_fd(r->watch) >= 0 && socket_makes_events(r);
}

void rig_watch_daemon(struct rig *r)
{
    watch_process(r);
    look_at(r, events_suffice(r) ? rig_whole(TICK_MS, RIG_SWEEP_MS) : rig_whole(LOOK_MS, TICK_MS));
}

static void on_look(void *ctx)
{
    struct rig *r = ctx;
    r->look_ms = INT64_MAX;
    look_again(r);
    rig_watch_daemon(r); /* also while the rig is held */
}

void rig_note_socket(struct rig *r, const char *name)
{
    const char *path = r->probe.socket;
    if (path == NULL || strcmp(path + folder_length(path) + 1, name) != 0)
        return;
    r->unsettled_ms = loop_now() + UNSETTLED_MS; /* it is bound before it listens */
    look_at(r, loop_now());
}

bool rig_probe(struct rig *r)
{
    bool differs = probe_look(&r->probe, r->docs.settings, &r->docs, wall_now());
    r->docs.process_doc = r->probe.doc;
    r->changes++; /* the document is another one, even when it says the same */
    if (differs)
        r->unsettled_ms = loop_now() + UNSETTLED_MS;
    return differs;
}

void rig_daemon_close(struct rig *r)
{
    forget_daemon(r);
    loop_timer_stop(r->loop, on_look, r);
}
