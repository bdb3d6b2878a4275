/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is typed at davy --plain: a word and Enter. */
#include "cmd/davy_plain.h"

#include "action/plan.h"
#include "base/utf8.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static void summary(struct plain *p)
{
    plain_look(p);
    plain_summary(p);
}

/* What is new in this look is told behind the answer. */
static void look(struct plain *p)
{
    plain_look(p);
    p->stale = true;
}

static void alerts(struct plain *p)
{
    look(p);
    struct fact_list lines = {.arena = &p->snapshot};
    facts_alerts(&p->snapshot, p->model, &lines);
    for (size_t i = 0; i < lines.count; i++)
        plain_say(p, fact_line(&p->snapshot, &lines.fact[i]));
    if (lines.count == 0)
        plain_say(p, fact_line(&p->snapshot, &p->now.fact[0]));
}

static void quit(struct plain *p)
{
    loop_stop(p->loop, DAVY_OK);
}

/* Says what would run and how to run it: a question in the middle of lines that come by themselves would be missed. */
static void errand(struct plain *p, enum plan_kind kind, const char *word, const char *option)
{
    char dir[PATH_MAX];
    struct arena *a = &p->snapshot;
    look(p);
    const char *const argv[] = {"davy", "-C", p->model->rig_dir, word, option, NULL};
    if (p->options->read_only || realpath(p->options->dir != NULL ? p->options->dir : ".", dir) == NULL) {
        plain_say(p, "nothing can be run: davy was started with --read-only, or the rig's folder is gone");
        return;
    }
    const struct plan *plan = plan_find(a, kind, p->model, dir);
    for (int i = 0; plan->known && i < plan->steps; i++)
        plain_say(p, arena_text(a, "would run %s, in %s; from %s", plan_text(a, plan->step[i].argv), plan->folder,
                                plan->from));
    if (plan->known)
        plain_say(p, arena_text(a, "in another shell: %s; it asks before it does so", plan_text(a, argv)));
    else
        plain_say(p, arena_text(a, "nothing to run: %s", plan->why));
}

static void restart(struct plain *p)
{
    errand(p, PLAN_RESTART, "restart", NULL);
}

static void commit(struct plain *p)
{
    errand(p, PLAN_COMMIT, "commit", "--force");
}

static void help(struct plain *p);

static const struct {
    const char *letter, *name, *help;
    void (*run)(struct plain *p);
} commands[] = {
    {"s", "summary", "all facts, one a line", summary},
    {"a", "alerts", "each alert with its reason and what to do", alerts},
    {"r", "restart", "what would restart the daemon, and how to run it", restart},
    {"c", "commit", "what would force a commitment, and how to run it", commit},
    {"?", "help", "this list", help},
    {"q", "quit", "leave; so does Control-D", quit},
};

static void help(struct plain *p)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        plain_say(p, arena_text(&p->snapshot, "%s or %s, and Enter: %s", commands[i].letter, commands[i].name,
                                commands[i].help));
}

static void obey(struct plain *p, struct bytes word)
{
    word = bytes_trim(word);
    if (word.len == 0)
        return;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (bytes_is(word, commands[i].letter) || bytes_is(word, commands[i].name)) {
            commands[i].run(p);
            return;
        }
    }
    plain_say(p, arena_text(&p->snapshot, "\"%s\" is no command; ? lists them", text_safe(&p->snapshot, word, 40)));
}

/* Lines longer than the buffer are no commands: their pieces are refused one by one. */
static void take_lines(struct plain *p)
{
    struct bytes rest = {p->line, p->line_len}, line;
    while (bytes_line(&rest, &line))
        obey(p, line);
    if (rest.len == PLAIN_LINE) {
        obey(p, rest);
        rest.len = 0;
    }
    memmove(p->line, rest.at, rest.len);
    p->line_len = rest.len;
}

/* In the background the terminal is somebody else's: reading would stop us. */
static bool is_ours(void)
{
    return !isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) == getpgrp();
}

void plain_listen(struct plain *p)
{
    if (p->waits_in && is_ours())
        loop_fd_events(p->loop, STDIN_FILENO, EPOLLIN);
}

void plain_input(void *ctx, uint32_t events)
{
    struct plain *p = ctx;
    if (!is_ours() && !(events & EPOLLHUP)) {
        loop_fd_events(p->loop, STDIN_FILENO, 0);
        return;
    }
    ssize_t n = read(STDIN_FILENO, p->line + p->line_len, PLAIN_LINE - p->line_len);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0) {
        loop_stop(p->loop, DAVY_OK);
        return;
    }
    p->line_len += (size_t)n;
    take_lines(p);
}
