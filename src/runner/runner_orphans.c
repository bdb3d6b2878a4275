/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When the process that watched a job was killed, what it watched becomes ours: it is ended here, and waited for by number, so
 * that nobody else's children are taken. */
#include "runner/procfs.h"
#include "runner/runner_private.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

enum { ROUND_MS = 20, ROUNDS = 250 };

static void on_round(void *ctx);

static bool is_gone(pid_t pid)
{
    return waitpid(pid, NULL, WNOHANG) == pid || (kill(pid, 0) < 0 && errno == ESRCH);
}

static void again(struct runner *r)
{
    loop_timer(r->loop, loop_now() + ROUND_MS, on_round, r);
}

static void on_round(void *ctx)
{
    struct runner *r = ctx;
    struct procfs_tree tree;
    size_t left = 0;
    cgroup_kill(&r->cgroup, r->group, SIGKILL);
    procfs_tree(-1, r->mark, SIGKILL, &tree);
    for (size_t i = 0; i < r->orphans; i++)
        if (!is_gone(r->orphan[i]))
            r->orphan[left++] = r->orphan[i];
    r->orphans = left;
    bool over = left == 0 && tree.count == 0 && cgroup_remove(&r->cgroup, r->group);
    if (!over && ++r->rounds < ROUNDS)
        again(r);
    else
        runner_finish(r, E_INTERNAL, "the process that watched the job was ended");
}

void runner_orphans_end(struct runner *r)
{
    r->orphans = procfs_pids(-1, r->mark, r->orphan, RUNNER_ORPHANS);
    if (r->leader > 0 && r->orphans < RUNNER_ORPHANS)
        r->orphan[r->orphans++] = r->leader; /* dead already, and nobody has waited for it */
    on_round(r);
}

void runner_orphans_close(struct runner *r)
{
    loop_timer_stop(r->loop, on_round, r);
}
