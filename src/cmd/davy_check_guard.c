/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whoever reads the exit code of davy check (cron, a monitoring system) knows 0 to 3 only, and waits for it. So the check runs
 * in a child, and this here answers for it: "unknown" when it crashes or does not come to an end. */
#include "cmd/davy_check.h"

#include "base/file.h"
#include "loop/loop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GUARD_MS = 9500, CHILDREN_MOST = 1 << 16 };

struct guarded {
    struct loop *loop;
    pid_t pid;
    bool late, brief;
};

static int unknown(const struct guarded *g, const char *why)
{
    printf("%s%s\n", g->brief ? "DAVY UNKNOWN: " : "ALERTS:\n  - [UNKN] ", why);
    return CHECK_UNKNOWN;
}

/* Commands of the owner's whose check is dead: they became our children (PR_SET_CHILD_SUBREAPER), each the head of a group. */
static void end_orphans(void)
{
    struct arena a = {0};
    struct bytes text;
    struct file_stat s;
    const char *path = arena_text(&a, "/proc/self/task/%d/children", (int)getpid());
    if (file_read(&a, path, CHILDREN_MOST, &text, &s, NULL)) {
        char *at = arena_copy(&a, text), *end;
        for (long pid; (pid = strtol(at, &end, 10)) > 1 && end != at; at = end)
            kill(-(pid_t)pid, SIGKILL);
    }
    arena_release(&a);
}

static void on_late(void *ctx)
{
    struct guarded *g = ctx;
    g->late = true;
    kill(g->pid, SIGKILL);
}

static void on_end(void *ctx, pid_t pid, int status)
{
    struct guarded *g = ctx;
    (void)pid;
    end_orphans();
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : CHECK_CODES;
    if (g->late)
        code = unknown(g, "the check took longer than 9.5 s and was ended");
    else if (code >= CHECK_CODES)
        code = unknown(g, "the check itself failed; please report it");
    loop_stop(g->loop, code);
}

/* Output leaves in one piece at the end: a child that is killed has said nothing. */
static _Noreturn void be_the_child(int (*run)(const struct davy_options *o, const struct check_options *mine),
                                   const struct davy_options *o, const struct check_options *mine, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(CHECK_UNKNOWN);
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    int code = run(o, mine);
    bool told = fflush(stdout) == 0 && !ferror(stdout);
    if (!told)
        fputs("davy: cannot write to standard output\n", stderr);
    _exit(told ? code : CHECK_UNKNOWN);
}

int check_guarded(int (*run)(const struct davy_options *o, const struct check_options *mine),
                  const struct davy_options *o, const struct check_options *mine)
{
    struct guarded g = {.brief = mine->brief};
    struct err e;
    pid_t parent = getpid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    fflush(stdout);
    g.pid = fork();
    if (g.pid == 0)
        be_the_child(run, o, mine, parent);
    g.loop = g.pid < 0 ? NULL : loop_open(&e);
    if (g.loop == NULL || !loop_child(g.loop, g.pid, on_end, &g, &e)) {
        if (g.pid > 0)
            kill(g.pid, SIGKILL);
        return unknown(&g, "the check cannot be started");
    }
    loop_timer(g.loop, loop_now() + GUARD_MS, on_late, &g);
    int code = loop_run(g.loop);
    loop_close(g.loop);
    return code;
}
