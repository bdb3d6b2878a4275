/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy check: the owner's own checks. All that are due run at the same time, each in a session of its own with /dev/null to
 * read and a limit; what one does is no matter of the others. */
#include "cmd/davy_check.h"

#include "action/plan.h"
#include "action/spawn.h"
#include "base/timetext.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_LINE = 4096, LINE_CELLS = 200, BLOCK = 4096 };

struct runs;
struct own_run {
    struct runs *all;
    const struct check_setting *setting;
    struct check_item *item;
    pid_t pid; /* 0: not running */
    int fd;    /* -1: closed */
    char head[FIRST_LINE];
    size_t len;
    bool late;
};
struct runs {
    struct check *check;
    struct loop *loop;
    struct own_run run[CHECKS_MOST];
    size_t count, running;
};

static void fail(struct own_run *r, const char *why)
{
    r->item->code = CHECK_UNKNOWN;
    r->item->text = why;
}

/* ---- what it says ---- */

/* The first line, without its performance data. */
static const char *first_line(const struct own_run *r)
{
    struct bytes text = {r->head, r->len};
    text.len = bytes_find(text, "\n");
    text.len = bytes_find(text, "|");
    text = bytes_trim(text);
    return text.len > 0 ? text_safe(&r->all->check->arena, text, LINE_CELLS) : "it says nothing";
}

/* Read to the end, or a command that says much would wait for us; only the beginning is kept. */
static void on_output(void *ctx, uint32_t events)
{
    struct own_run *r = ctx;
    char block[BLOCK];
    (void)events;
    ssize_t got = read(r->fd, block, sizeof block);
    if (got > 0) {
        size_t room = sizeof r->head - r->len, take = (size_t)got < room ? (size_t)got : room;
        memcpy(r->head + r->len, block, take);
        r->len += take;
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        loop_fd_remove(r->all->loop, r->fd);
        close(r->fd);
        r->fd = -1;
    }
}

/* ---- its end ---- */

static void on_late(void *ctx)
{
    struct own_run *r = ctx;
    r->late = true;
    kill(-r->pid, SIGKILL);
}

static void judge(struct own_run *r, int status)
{
    struct arena *a = &r->all->check->arena;
    char text[TIME_TEXT];
    if (r->late)
        fail(r, arena_text(a, "ended after %s", duration_short(text, r->setting->limit_s * 1000)));
    else if (WIFSIGNALED(status))
        fail(r, arena_text(a, "ended by signal %d", WTERMSIG(status)));
    else if (WEXITSTATUS(status) >= CHECK_CODES)
        fail(r, arena_text(a, "exit %d is no answer (0 to 3); %s", WEXITSTATUS(status), first_line(r)));
    else {
        r->item->code = WEXITSTATUS(status);
        r->item->text = first_line(r);
    }
}

static void on_end(void *ctx, pid_t pid, int status)
{
    struct own_run *r = ctx;
    struct runs *all = r->all;
    while (r->fd >= 0 && r->len < sizeof r->head) { /* what it said last */
        size_t before = r->len;
        on_output(r, 0);
        if (r->len == before)
            break;
    }
    kill(-pid, SIGKILL); /* what it started and left behind */
    loop_timer_stop(all->loop, on_late, r);
    r->pid = 0;
    judge(r, status);
    if (--all->running == 0)
        loop_stop(all->loop, 0);
}

/* ---- its beginning ---- */

static const char *start(struct own_run *r, struct err *e)
{
    struct check *c = r->all->check;
    const char *dir = rig_folder(c->rig);
    struct plan_file program = plan_program(&c->arena, dir, r->setting->argv[0]);
    struct plan_step step = {program.path, r->setting->argv};
    int pipe_fd[2];
    if (program.wrong != NULL)
        return program.wrong;
    if (pipe2(pipe_fd, O_CLOEXEC) < 0)
        return strerror(errno);
    fcntl(pipe_fd[0], F_SETFL, O_NONBLOCK);
    bool done = spawn_step(&step, dir, pipe_fd[1], &r->pid, e);
    close(pipe_fd[1]);
    r->fd = pipe_fd[0];
    if (done && loop_child(r->all->loop, r->pid, on_end, r, e) &&
        loop_fd(r->all->loop, r->fd, EPOLLIN, on_output, r, e))
        return NULL;
    return e->text;
}

static void begin(struct own_run *r)
{
    struct err e = {""};
    const char *wrong = start(r, &e);
    if (wrong == NULL) {
        r->all->running++;
        loop_timer(r->all->loop, loop_now() + r->setting->limit_s * 1000, on_late, r);
        return;
    }
    fail(r, text_safe(&r->all->check->arena, bytes_of(wrong), LINE_CELLS));
    if (r->pid > 0)
        kill(-r->pid, SIGKILL);
}

/* ---- all ---- */

static void recall(struct check *c, struct check_item *i)
{
    const json_t *seen = json_child(json_child(c->memory, "checks"), i->name);
    int64_t code = json_int(seen, "code"), at = json_int(seen, "at");
    const char *text = json_text(&c->arena, seen, "text");
    i->ran = false;
    i->at_ms = at;
    i->code = code >= 0 && code < CHECK_CODES && text != NULL ? (int)code : CHECK_UNKNOWN;
    i->text = i->code == code && text != NULL ? text : "it was not run yet";
}

static void remember(struct check *c, const struct check_item *i)
{
    json_object_set_new(
        json_object_get(c->memory, "checks"), i->name,
        json_pack("{s:I, s:i, s:o}", "at", (json_int_t)i->at_ms, "code", i->code, "text", json_from_text(i->text)));
}

/* It was not run, so neither is its answer remembered nor is it over for its interval. */
static void refuse(struct own_run *r, const char *why)
{
    struct check *c = r->all->check;
    fail(r, why);
    r->item->ran = false;
    for (size_t i = 0; i < c->groups; i++)
        if (strcmp(c->group[i].name, r->setting->name) == 0)
            c->group[i].due = false;
}

static void add(struct runs *all, const struct check_setting *s, const char *refused)
{
    struct check *c = all->check;
    struct check_item *i = check_add(c, "check", s->name);
    struct own_run *r = &all->run[all->count++];
    *r = (struct own_run){.all = all, .setting = s, .item = i, .fd = -1};
    if (!check_due(c, s->name) && json_child(json_child(c->memory, "checks"), s->name) != NULL)
        recall(c, i);
    else if (refused != NULL)
        refuse(r, refused);
    else
        begin(r);
}

static void finish(struct runs *all)
{
    if (all->running > 0)
        loop_run(all->loop);
    for (size_t i = 0; i < all->count; i++) {
        if (all->run[i].fd >= 0) {
            loop_fd_remove(all->loop, all->run[i].fd);
            close(all->run[i].fd);
        }
        if (all->run[i].item->ran)
            remember(all->check, all->run[i].item);
    }
    loop_close(all->loop);
}

void check_own(struct check *c)
{
    const struct checks_setting *own = &rig_settings(c->rig)->own;
    struct runs *all = arena_alloc(&c->arena, sizeof *all);
    struct err e;
    all->check = c;
    if (own->checks == 0)
        return;
    all->loop = loop_open(&e);
    const char *wrong = all->loop == NULL ? e.text : plan_settings_wrong(&c->arena, c->model, rig_folder(c->rig));
    const char *refused = c->options->read_only ? "not run: --read-only" : wrong;
    refused = refused != NULL ? arena_text(&c->arena, "%s", refused) : NULL;
    for (size_t i = 0; i < own->checks; i++)
        add(all, &own->check[i], refused);
    if (all->loop != NULL)
        finish(all);
}
