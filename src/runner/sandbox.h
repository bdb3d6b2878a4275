/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a job cannot get out of. Each function is called in the child, between fork and exec, of a program with one thread. */
#ifndef DAVY_RUNNER_SANDBOX_H
#define DAVY_RUNNER_SANDBOX_H

#include "runner/launch.h"

struct sandbox_namespaces {
    bool mount, network, ipc;
    bool tmp, shm; /* /tmp and /dev/shm are the job's own */
    bool lost;     /* half way into a namespace of users: nothing may run now */
};
/* Leaves network alone when the job may have it. What cannot be had stays false. */
void sandbox_namespaces(const struct launch *l, struct sandbox_namespaces *out);

/* The file system: the system's programs and libraries can be read, the job's folder written, everything else is not there.
 * program: descriptor of what will run. Returns the ABI of Landlock, 0: not to be had. Needs no_new_privs. */
int sandbox_landlock(const struct launch *l, int program, int task, const struct sandbox_namespaces *n);

/* System calls that a job has no business with fail; network, unless allowed, is no more than a local socket. *listener: a
 * descriptor that hears of each attempt to use the network, -1: attempts fail unheard. false: not to be had. */
bool sandbox_seccomp(bool network, int *listener);
/* Answers one attempt (EACCES); false: none was there. */
bool sandbox_seccomp_answer(int listener);

#endif
