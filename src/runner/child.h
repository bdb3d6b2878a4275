/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From fork to exec: limits, sandbox, the job's user, and only then the program, from the descriptor that was checked. */
#ifndef DAVY_RUNNER_CHILD_H
#define DAVY_RUNNER_CHILD_H

#include "runner/sandbox.h"

enum child_step {
    CHILD_GROUP,
    CHILD_NICE,
    CHILD_IO,
    CHILD_USER,
    CHILD_LIMITS,
    CHILD_OOM,
    CHILD_FOLDER,
    CHILD_PRIVILEGES,
    CHILD_LANDLOCK,
    CHILD_SECCOMP,
    CHILD_NETWORK,
    CHILD_MOUNT,
    CHILD_EXEC,
    CHILD_STEPS
};
extern const char *const child_steps[CHILD_STEPS]; /* words for the report */

struct child_start {
    const struct launch *l;
    int program, task; /* task -1: no Python job */
    int out, err, params, reply;
    int status; /* SEQPACKET: one struct child_said when all is set, a second one when exec failed; its end: it runs */
    int work;
};
/* The listener of sandbox_seccomp() goes with the first one (SCM_RIGHTS). */
struct child_said {
    enum child_step failed; /* CHILD_STEPS: nothing */
    int why;                /* errno */
    unsigned missing;       /* a bit for each step that could not be done and need not */
    int landlock;           /* ABI; 0 */
    bool network_namespace, tmp;
};

_Noreturn void child_run(const struct child_start *c);
/* false: nothing more comes. *listener: -1 when none came with it. */
bool child_hear(int status, struct child_said *out, int *listener);

#endif
