/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of one module. Whatever it starts is its own: before it is started again, and when it is stopped, all of that is
 * ended, asked first (TERM), then not (KILL). */
#include "cmd/run.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 100, CHUNK = 64 << 10, CHUNKS = 4, BACKOFF_MOST_S = 60, WELL_MS = 60000, LOOP_MS = 600000 };

static void on_look(void *ctx);

/* ---- output ---- */

static void close_output(struct run_module *m)
{
    if (m->out_fd < 0)
        return;
    loop_fd_remove(m->of->loop, m->out_fd);
    close(m->out_fd);
    m->out_fd = -1;
}

/* Always read, whatever becomes of it: a module that nobody reads stops after 64 KiB. A part of a flood at a time, so that
 * the other modules and signals have their turn. */
static void on_output(void *ctx, uint32_t events)
{
    struct run_module *m = ctx;
    char bytes[CHUNK];
    ssize_t n = 1;
    (void)events;
    for (int i = 0; i < CHUNKS && (n = read(m->out_fd, bytes, sizeof bytes)) > 0; i++)
        run_log_put(&m->log, bytes, (size_t)n);
    if (n == 0)
        close_output(m);
}

/* ---- ends ---- */

static void describe(struct run_module *m, int status)
{
    if (WIFSIGNALED(status))
        snprintf(m->last_exit, sizeof m->last_exit, "killed by signal %d", WTERMSIG(status));
    else
        snprintf(m->last_exit, sizeof m->last_exit, "exit status %d", WEXITSTATUS(status));
}

static void set_state(struct run_module *m, enum module_state state)
{
    m->state = state;
    m->since_ms = wall_now();
}

/* How long to wait before it is started again: ever longer, and when it died three times in ten minutes, until those ten
 * minutes are over. */
static int64_t pause_ms(struct run_module *m, int64_t now)
{
    if (now - m->started_ms >= WELL_MS)
        m->backoff_s = 0;
    m->backoff_s = m->backoff_s == 0 ? 1 : m->backoff_s * 2 < BACKOFF_MOST_S ? m->backoff_s * 2 : BACKOFF_MOST_S;
    memmove(m->death_ms, m->death_ms + 1, sizeof m->death_ms - sizeof m->death_ms[0]);
    m->death_ms[RUN_DEATHS - 1] = now;
    m->looping = m->death_ms[0] > 0 && now - m->death_ms[0] < LOOP_MS;
    return m->looping ? m->death_ms[0] + LOOP_MS - now : m->backoff_s * (int64_t)1000;
}

static void note_death(struct run_module *m)
{
    char text[160];
    int64_t now = loop_now(), pause = pause_ms(m, now);
    m->next_ms = now + pause;
    m->kill_ms = now + run_config_grace_ms(m->config);
    snprintf(text, sizeof text, "%s; %s again in %lld s", m->last_exit,
             m->looping ? "crash loop, three ends within ten minutes: started" : "started",
             (long long)((pause + 999) / 1000));
    run_log_say(&m->log, text);
    run_say("%s: %s", m->name, text);
    set_state(m, MODULE_WAITING);
    run_tree_signal(m->mark, 0, SIGTERM); /* what it left behind */
}

static void on_exit_of(void *ctx, pid_t pid, int status)
{
    struct run_module *m = ctx;
    (void)pid;
    m->pid = 0;
    describe(m, status);
    if (m->state == MODULE_RUNNING)
        note_death(m);
    on_look(m);
    supervisor_changed(m->of);
}

static void release(struct run_module *m)
{
    loop_timer_stop(m->of->loop, on_look, m);
    close_output(m);
    run_log_say(&m->log, "stopped");
    run_log_close(&m->log);
    run_say("%s: stopped (%s)", m->name, m->last_exit);
    json_decref(m->config);
    m->config = NULL;
    m->state = MODULE_FREE;
    supervisor_changed(m->of);
}

/* Whether nothing of it is left; after its grace it is not asked any more. */
static bool is_gone(struct run_module *m)
{
    return run_tree_signal(m->mark, m->pid, loop_now() >= m->kill_ms ? SIGKILL : 0) == 0 && m->pid == 0;
}

static void on_look(void *ctx)
{
    struct run_module *m = ctx;
    int64_t now = loop_now();
    if (m->state == MODULE_STOPPING && is_gone(m)) {
        release(m);
        return;
    }
    if (m->state == MODULE_WAITING && now >= m->next_ms && is_gone(m)) {
        close_output(m);
        m->restarts++;
        run_module_start(m);
        supervisor_changed(m->of);
        return;
    }
    bool wait = m->state == MODULE_WAITING && now < m->next_ms;
    if (m->state != MODULE_RUNNING)
        loop_timer(m->of->loop, wait ? m->next_ms : now + LOOK_MS, on_look, m);
}

/* ---- begins ---- */

static bool start(struct run_module *m, struct arena *a, struct err *e)
{
    const char *folder = json_string_value(json_object_get(m->config, "folder"));
    struct run_start s = {.argv = run_config_argv(a, m->config, &m->of->how),
                          .folder = m->of->dir,
                          .user = run_config_user(m->config),
                          .mark = m->mark,
                          .env = json_object_get(m->config, "environment")};
    if (folder != NULL)
        s.folder = folder[0] == '/' ? folder : arena_text(a, "%s/%s", m->of->dir, folder);
    pid_t pid = run_start(&s, &m->out_fd, e);
    if (pid < 0)
        return false;
    m->pid = pid;
    return loop_fd(m->of->loop, m->out_fd, EPOLLIN, on_output, m, e) && loop_child(m->of->loop, pid, on_exit_of, m, e);
}

void run_module_start(struct run_module *m)
{
    struct arena scratch = {0};
    struct err e;
    char text[64];
    m->started_ms = loop_now();
    set_state(m, MODULE_RUNNING);
    if (start(m, &scratch, &e)) {
        snprintf(text, sizeof text, "started as process %d", (int)m->pid);
        run_log_say(&m->log, text);
        run_say("%s: %s", m->name, text);
    } else {
        snprintf(m->last_exit, sizeof m->last_exit, "%.60s", e.text);
        note_death(m);
        on_look(m);
    }
    arena_release(&scratch);
}

void run_module_stop(struct run_module *m)
{
    if (m->state == MODULE_FREE || m->state == MODULE_STOPPING)
        return;
    set_state(m, MODULE_STOPPING);
    m->kill_ms = loop_now() + run_config_grace_ms(m->config);
    run_tree_signal(m->mark, m->pid, SIGTERM);
    on_look(m);
}
