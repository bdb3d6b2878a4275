/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/errand.h"

#include "action/health.h"
#include "action/limit.h"
#include "action/lines.h"
#include "action/runner.h"
#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PACKETS = 64, SHOW_MS = 50 };

struct errand {
    struct loop *loop;
    struct arena arena; /* texts of the view */
    int socket;         /* to the runner; -1: it has ended */
    enum plan_kind kind;
    struct output view;
    struct lines lines;
    struct runner_report report;
    struct health_before before;
    uint64_t told; /* dropped bytes that a line tells of */
    loop_timer_fn *changed;
    void *ctx;
};

const struct output *errand_view(const struct errand *x)
{
    return x != NULL ? &x->view : NULL;
}

bool errand_runs(const struct errand *x)
{
    return x != NULL && x->view.phase != OUTPUT_DONE;
}

bool errand_waits(const struct errand *x)
{
    return x != NULL && x->view.phase == OUTPUT_HEALTH;
}

bool errand_good(const struct errand *x)
{
    return !errand_runs(x) && x->view.good && x->view.healthy;
}

/* ---- what is shown ---- */

static void show_now(void *ctx)
{
    struct errand *x = ctx;
    x->changed(x->ctx);
}

/* Output comes in bursts: twenty frames a second are enough. */
static void show_soon(struct errand *x)
{
    loop_timer(x->loop, loop_now() + SHOW_MS, show_now, x);
}

static const char *duration(struct arena *a, int64_t ms)
{
    char text[TIME_TEXT];
    if (ms < 60000)
        return arena_text(a, "%lld.%llds", (long long)(ms / 1000), (long long)(ms % 1000 / 100));
    return arena_text(a, "%s", duration_short(text, ms));
}

static const char *result(struct errand *x)
{
    const struct runner_report *r = &x->report;
    struct arena *a = &x->arena;
    const char *took = duration(a, r->duration_ms), *name = r->signal > 0 ? sigabbrev_np(r->signal) : NULL;
    const char *late = r->timed_out ? "took too long: " : "";
    const char *step = x->view.steps > 1 ? arena_text(a, ", step %d of %d", r->step + 1, x->view.steps) : "";
    if (r->signal > 0)
        return arena_text(a, "%sended by signal %d (%s) after %s%s", late, r->signal, name ? name : "?", took, step);
    if (r->exit >= 0)
        return arena_text(a, "%sexit %d after %s%s", late, r->exit, took, r->exit > 0 || r->timed_out ? step : "");
    return arena_text(a, "not started%s: %s", step, text_safe(a, bytes_of(r->error), 0));
}

/* ---- the runner's packets ---- */

static void close_socket(struct errand *x)
{
    if (x->socket < 0)
        return;
    loop_fd_remove(x->loop, x->socket);
    close(x->socket);
    x->socket = -1;
}

static void take_ended(struct errand *x)
{
    const struct runner_report *r = &x->report;
    lines_end(&x->lines);
    x->view.good = r->exit == 0 && !r->timed_out && r->error[0] == '\0';
    x->view.result = result(x);
    if (r->error[0] != '\0' && (r->exit >= 0 || r->signal > 0))
        x->view.result = arena_text(&x->arena, "%s (%s)", x->view.result, text_safe(&x->arena, bytes_of(r->error), 0));
    x->view.phase = x->view.good && !r->closed ? OUTPUT_HEALTH : OUTPUT_DONE;
    x->view.health_ms = wall_now() + HEALTH_MS;
}

static void take_report(struct errand *x, const char *packet, size_t len)
{
    char bytes[NUM_TEXT];
    bool ended = x->report.ended;
    if (len != sizeof x->report)
        return;
    memcpy(&x->report, packet, len);
    x->view.step = x->report.step;
    x->view.begun_ms = x->report.step_begun_ms;
    if (x->report.dropped > x->told)
        lines_say(&x->lines, "[%s bytes of output are not shown: davy was stopped]",
                  num_group(bytes, (int64_t)(x->report.dropped - x->told)));
    x->told = x->report.dropped;
    if (x->report.ended && !ended)
        take_ended(x);
    if (x->report.closed && x->view.phase == OUTPUT_HEALTH && x->view.health == NULL)
        x->view.health = "what became of it was not watched: davy was stopped, or its picture held";
    if (x->report.closed)
        x->view.phase = OUTPUT_DONE;
}

static void runner_is_gone(struct errand *x)
{
    close_socket(x);
    if (x->view.phase == OUTPUT_DONE)
        return;
    x->view.good = false;
    x->view.phase = OUTPUT_DONE;
    x->view.result = "davy's runner was killed: whether the command still runs is not known";
    show_now(x);
}

static void take_packet(struct errand *x, const char *packet, size_t len)
{
    if (packet[0] == RUNNER_OUTPUT) {
        lines_add(&x->lines, (struct bytes){packet + 1, len - 1});
        show_soon(x);
    } else if (packet[0] == RUNNER_REPORT) {
        take_report(x, packet + 1, len - 1);
        show_now(x);
    }
}

static void on_packets(void *ctx, uint32_t events)
{
    struct errand *x = ctx;
    char packet[RUNNER_PACKET + 1];
    ssize_t got = 1;
    (void)events;
    for (int i = 0; i < PACKETS && got > 0; i++) {
        got = recv(x->socket, packet, sizeof packet, MSG_DONTWAIT);
        if (got > 0)
            take_packet(x, packet, (size_t)got);
    }
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        runner_is_gone(x);
}

static void on_runner_end(void *ctx, pid_t pid, int status)
{
    (void)ctx, (void)pid, (void)status; /* the socket tells; this is here to leave no zombie */
}

/* ---- what became of it ---- */

static void tell_runner(struct errand *x, const struct health *h)
{
    char packet[1 + sizeof(struct runner_health)];
    struct runner_health told = {{0}, {0}};
    strncpy(told.word, health_word(h->verdict), sizeof told.word - 1);
    strncpy(told.text, h->text, sizeof told.text - 1);
    packet[0] = RUNNER_HEALTH;
    memcpy(packet + 1, &told, sizeof told);
    if (x->socket >= 0 && send(x->socket, packet, sizeof packet, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        x->view.result = arena_text(&x->arena, "%s (davy's runner does not answer)", x->view.result);
}

void errand_look(struct errand *x, const struct model *m)
{
    if (!errand_waits(x) || x->view.health != NULL)
        return;
    struct health h = health_judge(&x->arena, x->kind, &x->before, m, wall_now() >= x->view.health_ms);
    if (h.verdict == HEALTH_WAITING)
        return;
    x->view.health = h.text;
    x->view.healthy = h.verdict != HEALTH_BAD;
    tell_runner(x, &h);
}

void errand_stop(struct errand *x)
{
    char packet = RUNNER_STOP;
    if (x->socket >= 0 && send(x->socket, &packet, 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        lines_say(&x->lines, "[davy's runner does not answer]");
}

/* ---- beginning and leaving ---- */

const char *errand_limit(struct arena *a, enum plan_kind kind, const char *dir, int64_t now_ms)
{
    int64_t begun_ms[AUDIT_MOST];
    char left[TIME_TEXT];
    struct limit l = limit_judge(begun_ms, audit_peek(dir, kind, begun_ms), now_ms);
    if (!l.reached)
        return NULL;
    return arena_text(a, "%s ran %d times within 15 minutes already; one more is allowed in %s", plan_kind_name(kind),
                      l.runs, duration_short(left, l.free_ms - now_ms));
}

static bool is_allowed(const struct errand_in *in, const struct audit *audit, int64_t now_ms, struct err *e)
{
    int64_t begun_ms[AUDIT_MOST];
    struct limit l = limit_judge(begun_ms, audit_begun(audit, in->plan->kind, begun_ms), now_ms);
    return in->forced || !l.reached ||
           err_set(e, "%s ran %d times within 15 minutes already; it must be forced", plan_kind_name(in->plan->kind),
                   l.runs);
}

static void make_id(char id[20])
{
    unsigned char bytes[8];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        memset(bytes, 0, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(id + 2 * i, 3, "%02x", bytes[i]);
}

static bool begin_runner(struct errand *x, const struct runner_in *runner, int pair[2], struct err *e)
{
    pid_t pid = runner_start(runner, e);
    close(pair[1]);
    x->socket = pair[0];
    if (pid < 0)
        return false;
    return loop_fd(x->loop, x->socket, EPOLLIN, on_packets, x, e) && loop_child(x->loop, pid, on_runner_end, x, e);
}

/* A "begun" that came to nothing has its "ended" too. */
static bool take_back(struct audit *audit, struct audit_record *r, const struct err *e)
{
    r->ended = true;
    r->exit = r->signal = -1;
    r->error = e->text;
    audit_write(audit, r, NULL);
    return false;
}

static bool start_runner(struct errand *x, struct audit_record *r, struct audit *audit, struct err *e)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return err_set(e, "cannot make a socket: %s", strerror(errno));
    return begin_runner(x, &(struct runner_in){r, *audit, pair[1]}, pair, e);
}

/* Lock, limit, log, runner: whatever fails, nothing was started. */
static bool begin(struct errand *x, const struct errand_in *in, struct audit *audit, struct err *e)
{
    struct audit_record r = {.plan = in->plan,
                             .who = who_am_i(&x->arena),
                             .host = in->model->host,
                             .dir = in->model->rig_dir,
                             .origin = in->origin,
                             .forced = in->forced,
                             .begun_ms = x->before.begun_ms};
    make_id(r.id);
    if (!audit_open(audit, in->dir, e) || !audit_lock(audit, x->kind, r.who.user, r.begun_ms, e) ||
        !is_allowed(in, audit, r.begun_ms, e) || !audit_write(audit, &r, e))
        return false;
    return start_runner(x, &r, audit, e) || take_back(audit, &r, e);
}

static void fill_view(struct errand *x, const struct errand_in *in)
{
    struct arena *a = &x->arena;
    const struct plan *p = in->plan;
    x->view = (struct output){
        .title = p->kind == PLAN_RESTART ? "Restart" : "Commit",
        .folder = text_safe(a, bytes_of(p->folder), 0),
        .host = arena_text(a, "%s", in->model->host),
        .steps = p->steps,
        .begun_ms = x->before.begun_ms,
        .limit_ms = p->limit_ms,
        .lines = &x->lines.kept,
    };
    for (int i = 0; i < p->steps; i++)
        x->view.command[i] = plan_text(a, p->step[i].argv);
}

struct errand *errand_begin(const struct errand_in *in, struct err *e)
{
    struct audit audit = {-1, -1};
    struct errand *x = calloc(1, sizeof *x);
    if (x == NULL)
        abort();
    x->loop = in->loop;
    x->kind = in->plan->kind;
    x->socket = -1;
    x->changed = in->changed;
    x->ctx = in->ctx;
    x->before = health_before(in->model, wall_now());
    fill_view(x, in);
    bool begun = begin(x, in, &audit, e);
    audit_close(&audit); /* the runner has its own */
    if (begun)
        return x;
    errand_leave(x);
    return NULL;
}

void errand_leave(struct errand *x)
{
    if (x == NULL)
        return;
    loop_timer_stop(x->loop, show_now, x);
    close_socket(x);
    arena_release(&x->arena);
    free(x);
}
