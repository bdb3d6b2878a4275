/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy --plain: the rig told line by line, for screen readers, pipes and logs. First a summary, then what changes. The
 * terminal stays as it is: no modes, no cursor, no colours; commands are typed words and Enter. */
#include "cmd/davy_plain.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "rule/rule.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_MS = 15000 }; /* what time alone makes true (a file goes stale, a check is due) is told within so long */

/* ---- what is told ---- */

void plain_look(struct plain *p)
{
    arena_reset(&p->snapshot);
    p->changes = rig_changes(p->rig);
    p->model = rig_model(p->rig, &p->snapshot);
    rules_judge(&p->snapshot, p->model);
    memory_join(&p->engine, &p->snapshot, p->model, rig_folder(p->rig), false);
    p->now = facts_of(&p->snapshot, p->model);
    p->stale = false;
}

void plain_say(struct plain *p, const char *text)
{
    outlet_line(&p->out, text);
}

void plain_summary(struct plain *p)
{
    const struct model *m = p->model;
    char time[TIME_TEXT];
    plain_say(p, arena_text(&p->snapshot, "davy %s: rig %s%s%s in %s, %s", DAVY_VERSION, m->rig_name,
                            *m->host ? " on " : "", m->host, m->rig_dir, time_minute(time, m->now_ms)));
    for (size_t i = 0; i < p->now.count; i++)
        if (!p->now.fact[i].minor)
            plain_say(p, fact_line(&p->snapshot, &p->now.fact[i]));
    p->live = !p->live;
    arena_reset(&p->memory[p->live]);
    p->told = facts_told(&p->memory[p->live], &p->now);
}

static void tell_changes(struct plain *p)
{
    char time[TIME_TEXT];
    p->live = !p->live;
    arena_reset(&p->memory[p->live]);
    struct fact_list lines = facts_tell(&p->memory[p->live], &p->told, &p->now, p->model->now_ms);
    time_clock_s(time, p->model->now_ms);
    for (size_t i = 0; i < lines.count; i++)
        plain_say(p, arena_text(&p->snapshot, "%s %s", time, lines.fact[i].text));
}

/* ---- when ---- */

static void on_wake(void *ctx)
{
    ((struct plain *)ctx)->stale = true;
}

static void on_change(void *ctx)
{
    ((struct plain *)ctx)->stale = true;
}

/* Whole seconds of the wall clock, as the rig's own looks: one wake-up for both. A clock given by --now stands still. */
static void sleep_until_news(struct plain *p)
{
    if (p->options->now_ms != NOT_KNOWN)
        return;
    int64_t now = wall_now(), at = now + LOOK_MS;
    at = p->now.next_ms < at ? p->now.next_ms : at;
    at = p->told.next_ms < at ? p->told.next_ms : at;
    int64_t wait_ms = (at + 999) / 1000 * 1000 - now + 1;
    loop_timer(p->loop, loop_now() + (wait_ms < 1 ? 1 : wait_ms), on_wake, p);
}

static void flush(struct plain *p)
{
    bool all = outlet_flush(&p->out);
    if (p->out.gone)
        loop_stop(p->loop, DAVY_OK);
    else
        loop_fd_events(p->loop, p->out.fd, all ? 0 : EPOLLOUT);
}

static void after_turn(void *ctx)
{
    struct plain *p = ctx;
    if (p->stale || p->changes != rig_changes(p->rig)) {
        plain_look(p);
        tell_changes(p);
        plain_listen(p);
        sleep_until_news(p);
    }
    flush(p);
}

/* ---- the world ---- */

static void on_output(void *ctx, uint32_t events)
{
    struct plain *p = ctx;
    if (events & (EPOLLHUP | EPOLLERR))
        loop_stop(p->loop, DAVY_OK);
}

/* Perhaps in the foreground again: what was typed meanwhile is for us. */
static void on_continue(void *ctx, int signo)
{
    (void)signo;
    ((struct plain *)ctx)->stale = true;
}

static void on_end(void *ctx, int signo)
{
    loop_stop(((struct plain *)ctx)->loop, signo == SIGHUP ? DAVY_OK : 128 + signo);
}

static bool take_signals(struct plain *p, struct err *e)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        if (!loop_signal(p->loop, signals[i], on_end, p, e))
            return false;
    return loop_signal(p->loop, SIGCONT, on_continue, p, e);
}

/* Files and /dev/null are neither waited for nor ever full. */
static bool can_wait(int fd)
{
    struct stat s;
    return fstat(fd, &s) == 0 && (S_ISFIFO(s.st_mode) || S_ISSOCK(s.st_mode) || isatty(fd));
}

static bool hook_up(struct plain *p, struct err *e)
{
    loop_after(p->loop, after_turn, p);
    p->waits_out = can_wait(p->out.fd) && loop_fd(p->loop, p->out.fd, 0, on_output, p, e);
    p->waits_in = can_wait(STDIN_FILENO) && loop_fd(p->loop, STDIN_FILENO, EPOLLIN, plain_input, p, e);
    return take_signals(p, e) && rig_watch(p->rig, p->loop, on_change, p, e);
}

static void on_time_up(void *ctx)
{
    loop_stop(((struct plain *)ctx)->loop, DAVY_OK);
}

static int run(struct plain *p, double seconds, struct err *e)
{
    if (!hook_up(p, e))
        return DAVY_UNKNOWN;
    if (seconds > 0)
        loop_timer(p->loop, loop_now() + (int64_t)(seconds * 1000), on_time_up, p);
    plain_look(p);
    plain_summary(p);
    if (p->waits_in && isatty(STDIN_FILENO))
        plain_say(p, "Type ? and Enter for help, q and Enter to leave. From here on each change is one line.");
    sleep_until_news(p);
    flush(p);
    int code = p->out.gone ? DAVY_OK : loop_run(p->loop);
    outlet_flush(&p->out);
    if (p->out.error != 0)
        err_set(e, "cannot write to standard output: %s", strerror(p->out.error));
    return code;
}

static bool open_all(struct plain *p, struct err *e)
{
    struct rig_options options;
    struct ui ui = {.w = 80, .h = 24};
    if (!davy_rig_options(p->options, &options, e))
        return false;
    davy_keep(p->options, &options);
    p->loop = loop_open(e);
    p->rig = p->loop == NULL ? NULL : rig_open(&options, e);
    if (p->rig == NULL || !davy_ui(p->options, rig_settings(p->rig), &ui, e))
        return false;
    outlet_open(&p->out, ui.ascii);
    return true;
}

static void close_all(struct plain *p)
{
    if (p->waits_in)
        loop_fd_remove(p->loop, STDIN_FILENO);
    if (p->waits_out)
        loop_fd_remove(p->loop, p->out.fd);
    outlet_close(&p->out);
    rig_close(p->rig);
    loop_close(p->loop);
    arena_release(&p->snapshot);
    arena_release(&p->memory[0]);
    arena_release(&p->memory[1]);
    memory_close(&p->engine);
}

int davy_plain(const struct davy_options *o, double seconds)
{
    struct plain p = {.options = o, .out = {.fd = -1}, .engine = {.book = {.state = incidents_none}}};
    struct err e = {""};
    int code = open_all(&p, &e) ? run(&p, seconds, &e) : DAVY_UNKNOWN;
    close_all(&p);
    return e.text[0] != '\0' ? davy_fail(&e) : code;
}
