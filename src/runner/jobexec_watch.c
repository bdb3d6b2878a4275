/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/jobexec.h"

#include "runner/procfs.h"

#include <errno.h>
#include <math.h>
#include <regex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TICK_MS = 1000, SWEEP_MS = 20, STUCK_MS = 10000, DISK_TICKS = 3, PERCENT_MS = 200 };

/* ---- its end ---- */

/* A group is ended at once; without one, stopping everybody first keeps those that fork from being faster than us. */
void jobexec_kill(struct jobexec *w)
{
    struct procfs_tree tree;
    w->killed = true;
    cgroup_kill(&w->l.cgroup, w->l.group, SIGKILL);
    if (!*w->l.cgroup.path[CGROUP_KILL])
        procfs_tree(getpid(), NULL, SIGSTOP, &tree);
    procfs_tree(getpid(), NULL, SIGKILL, &tree);
}

static void on_sweep(void *ctx);
static void on_tick(void *ctx);
static void on_deadline(void *ctx);
static void on_grace(void *ctx)
{
    on_sweep(ctx);
}

/* TERM, then KILL after the grace time. */
static void end(struct jobexec *w, enum node_code code, const char *why)
{
    struct procfs_tree tree;
    bool first = w->code == E_NONE;
    if (first || node_code_worse(code, w->code) == code) {
        w->code = code;
        err_set(&w->why, "%s", why);
    }
    if (!first || w->leader_gone)
        return;
    procfs_tree(getpid(), NULL, SIGTERM, &tree);
    w->kill_at_ms = loop_now() + w->l.limits.grace_ms;
    loop_timer(w->loop, w->kill_at_ms, on_grace, w);
}

static void count_use(struct jobexec *w, const struct rusage *use)
{
    w->user_us += (int64_t)use->ru_utime.tv_sec * 1000000 + use->ru_utime.tv_usec;
    w->system_us += (int64_t)use->ru_stime.tv_sec * 1000000 + use->ru_stime.tv_usec;
    w->read_bytes += (int64_t)use->ru_inblock * 512;
    w->written_bytes += (int64_t)use->ru_oublock * 512;
    if ((int64_t)use->ru_maxrss * 1024 > w->max_rss_bytes)
        w->max_rss_bytes = (int64_t)use->ru_maxrss * 1024;
}

/* Everybody of the job is our child in the end. With none left the watch is over. */
static void reap(struct jobexec *w)
{
    struct rusage use;
    int status;
    pid_t pid;
    while ((pid = wait4(-1, &status, WNOHANG, &use)) > 0) {
        count_use(w, &use);
        if (pid != w->leader)
            continue;
        w->leader_gone = true;
        w->leader_status = status;
        w->ended_ms = loop_now();
        loop_timer(w->loop, 0, on_sweep, w); /* what it left behind goes too */
    }
    if (pid < 0 && errno == ECHILD)
        loop_stop(w->loop, 0);
}

static void on_child(void *ctx, int signo)
{
    (void)signo;
    reap(ctx);
}

static void on_sweep(void *ctx)
{
    struct jobexec *w = ctx;
    int64_t now = loop_now();
    jobexec_kill(w);
    if (w->kill_at_ms == 0)
        w->kill_at_ms = now;
    if (now > w->kill_at_ms + STUCK_MS) {
        w->stuck = true; /* in the kernel, where no signal reaches it */
        loop_stop(w->loop, 0);
        return;
    }
    loop_timer(w->loop, now + SWEEP_MS, on_sweep, w);
    reap(w);
}

/* ---- while it runs ---- */

static void on_deadline(void *ctx)
{
    struct jobexec *w = ctx;
    char why[80];
    snprintf(why, sizeof why, "longer than %.3g s", (double)w->l.limits.runtime_ms / 1000);
    end(w, E_TIMEOUT, why);
}

static void look_at_memory(struct jobexec *w)
{
    struct procfs_tree tree;
    char why[80];
    procfs_tree(getpid(), NULL, 0, &tree);
    if (tree.rss_bytes > w->max_rss_bytes)
        w->max_rss_bytes = tree.rss_bytes;
    if (*w->l.cgroup.path[CGROUP_MEMORY] || tree.rss_bytes <= w->l.limits.mem_mb << 20)
        return;
    snprintf(why, sizeof why, "more memory than %lld MB", (long long)w->l.limits.mem_mb);
    end(w, E_OOM, why);
    on_sweep(w);
}

static void look_at_stall(struct jobexec *w)
{
    int64_t last = w->out.last_ms > w->err.last_ms ? w->out.last_ms : w->err.last_ms;
    char why[80];
    snprintf(why, sizeof why, "no output for %lld s", (long long)w->l.limits.stall_ms / 1000);
    if (w->l.limits.stall_ms > 0 && loop_now() - last >= w->l.limits.stall_ms)
        end(w, E_STALL, why);
}

static void look_at_disk(struct jobexec *w)
{
    char why[80];
    snprintf(why, sizeof why, "more output than %lld MB", (long long)w->l.limits.output_mb);
    if (place_bytes(&w->place) > w->l.limits.output_mb << 20)
        end(w, E_OUTPUT_SIZE, why);
}

static void on_tick(void *ctx)
{
    struct jobexec *w = ctx;
    if (w->leader_gone)
        return;
    look_at_memory(w);
    look_at_stall(w);
    if ((loop_now() - w->forked_ms) / TICK_MS % DISK_TICKS == 0)
        look_at_disk(w);
    loop_timer(w->loop, loop_now() + TICK_MS, on_tick, w);
}

static void has_begun(struct jobexec *w)
{
    w->running = true;
    jobexec_tell(json_pack("{ss si si ss}", "phase", "running", "pid", (int)getpid(), "leader", (int)w->leader, "group",
                           w->l.cgroup.kind == CGROUP_NONE ? "" : w->l.group));
    loop_timer(w->loop, w->forked_ms + w->l.limits.runtime_ms, on_deadline, w);
    loop_timer(w->loop, w->forked_ms + TICK_MS, on_tick, w);
}

/* ---- descriptors ---- */

static void close_watched(struct jobexec *w, int *fd)
{
    loop_fd_remove(w->loop, *fd);
    close(*fd);
    *fd = -1;
}

static void on_listener(void *ctx, uint32_t events)
{
    struct jobexec *w = ctx;
    if (events & EPOLLIN && sandbox_seccomp_answer(w->listener))
        w->egress_denied++;
    else if (events & (EPOLLHUP | EPOLLERR))
        close_watched(w, &w->listener);
}

static void on_status(void *ctx, uint32_t events)
{
    struct jobexec *w = ctx;
    struct child_said said;
    int listener;
    (void)events;
    if (!child_hear(w->status, &said, &listener)) {
        if (w->heard && w->said.failed == CHILD_STEPS && !w->running)
            has_begun(w);
        close_watched(w, &w->status);
        return;
    }
    w->heard = true;
    w->said = said;
    if (listener >= 0 && w->listener < 0 && loop_fd(w->loop, listener, EPOLLIN, on_listener, w, NULL))
        w->listener = listener;
}

static void drain(struct jobexec *w, struct capture *c)
{
    int fd = c->in;
    capture_read(c);
    if (c->in < 0)
        loop_fd_remove(w->loop, fd); /* by its number: the kernel forgot it already */
}

static void on_out(void *ctx, uint32_t events)
{
    (void)events;
    drain(ctx, &((struct jobexec *)ctx)->out);
}

static void on_err(void *ctx, uint32_t events)
{
    (void)events;
    drain(ctx, &((struct jobexec *)ctx)->err);
}

/* More than fits is read too, and makes the answer a bad one. */
static void on_reply(void *ctx, uint32_t events)
{
    struct jobexec *w = ctx;
    char more[4096];
    bool full = w->answer_len > JOBEXEC_REPLY;
    (void)events;
    ssize_t n =
        read(w->reply, full ? more : w->answer + w->answer_len, full ? sizeof more : JOBEXEC_REPLY + 1 - w->answer_len);
    if (n > 0)
        w->answer_len += full ? 0 : (size_t)n;
    else if (n == 0 || errno != EAGAIN)
        close_watched(w, &w->reply);
}

static void on_control(void *ctx, uint32_t events)
{
    struct jobexec *w = ctx;
    char word = 'k';
    (void)events;
    bool dead = read(LAUNCH_CONTROL, &word, 1) <= 0;
    if (dead)
        loop_fd_remove(w->loop, LAUNCH_CONTROL);
    end(w, E_CANCELED, "cancelled");
    if (dead || word == 'k')
        on_sweep(w);
}

/* ---- progress ---- */

static void on_line(void *ctx, struct bytes line)
{
    struct jobexec *w = ctx;
    char text[4097];
    regex_t compiled;
    regmatch_t found[2];
    memcpy(text, line.at, line.len);
    text[line.len] = '\0';
    if (loop_now() - w->percent_ms < PERCENT_MS || regcomp(&compiled, w->l.progress, REG_EXTENDED) != 0)
        return;
    bool match = regexec(&compiled, text, 2, found, 0) == 0 && found[1].rm_so >= 0;
    regfree(&compiled);
    double v = match ? strtod(text + found[1].rm_so, NULL) : NAN;
    if (!(v >= 0 && v <= 100) || (int)v == w->percent)
        return;
    w->percent = (int)v;
    w->percent_ms = loop_now();
    jobexec_tell(json_pack("{si}", "percent", w->percent));
}

/* ---- all of it ---- */

static bool listen_all(struct jobexec *w, struct err *e)
{
    if (w->l.progress) {
        w->out.line = w->err.line = on_line;
        w->out.ctx = w->err.ctx = w;
    }
    return loop_signal(w->loop, SIGCHLD, on_child, w, e) && loop_fd(w->loop, w->status, EPOLLIN, on_status, w, e) &&
           loop_fd(w->loop, w->out.in, EPOLLIN, on_out, w, e) && loop_fd(w->loop, w->err.in, EPOLLIN, on_err, w, e) &&
           (w->reply < 0 || loop_fd(w->loop, w->reply, EPOLLIN, on_reply, w, e)) &&
           loop_fd(w->loop, LAUNCH_CONTROL, EPOLLIN, on_control, w, e);
}

static void read_rest(struct jobexec *w)
{
    while (w->out.in >= 0 && !w->stuck) {
        int64_t before = w->out.total;
        capture_read(&w->out);
        if (w->out.total == before)
            break;
    }
    for (int64_t before = -1; w->err.in >= 0 && !w->stuck && before != w->err.total;) {
        before = w->err.total;
        capture_read(&w->err);
    }
    for (size_t before = SIZE_MAX; w->reply >= 0 && before != w->answer_len;) {
        before = w->answer_len;
        on_reply(w, 0);
    }
}

bool jobexec_watch(struct jobexec *w, struct err *e)
{
    if (!listen_all(w, e))
        return false;
    loop_timer(w->loop, loop_now() + w->l.limits.runtime_ms, on_deadline, w); /* of the set-up, until it runs */
    reap(w); /* it may be over already, before we heard of children: then its timer ends the loop */
    if (loop_run(w->loop) != 0)
        return err_set(e, "the loop of the job ended");
    if (w->status >= 0)
        on_status(w, 0);
    if (w->status >= 0)
        on_status(w, 0);
    read_rest(w);
    return true;
}
