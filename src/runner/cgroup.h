/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Control groups of jobs: v2 where a part of the tree is ours, else v1, else none. The root is a parameter, so that tests can
 * give a folder that only looks like one. */
#ifndef DAVY_RUNNER_CGROUP_H
#define DAVY_RUNNER_CGROUP_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum cgroup_kind { CGROUP_NONE, CGROUP_V1, CGROUP_V2 };
enum { CGROUP_PATH = 400, CGROUP_NAME = 160 };
enum cgroup_part { CGROUP_MEMORY, CGROUP_PIDS, CGROUP_CPU, CGROUP_KILL, CGROUP_PARTS };

/* Where groups of jobs are made. v2: one folder for all parts. path "": this part is not to be had. */
struct cgroup_place {
    enum cgroup_kind kind;
    char path[CGROUP_PARTS][CGROUP_PATH]; /* KILL: a v2 folder with cgroup.kill, or the freezer of v1 */
    char why[120];                        /* kind NONE, or parts missing: what was in the way; else "" */
};
struct cgroup_limits { /* 0: none */
    int64_t mem_bytes, pids, cpu_pct;
};
struct cgroup_use { /* -1: not told */
    int64_t peak_bytes, cpu_ms, oom_kills, pids_denied;
};

extern const char *const cgroup_kinds[]; /* "none", "v1", "v2" */

/* root NULL: /sys/fs/cgroup; self NULL: /proc/self/cgroup. With v2 this process moves itself into a leaf of its own
 * (`supervisor`), because a group with processes cannot hand on controllers. Nothing is left of trials. */
void cgroup_probe(const char *root, const char *self, struct cgroup_place *out);

/* name: "davy-SLOT-ID", cut to CGROUP_NAME. false: a part that the place has could not be made, and nothing is left. */
bool cgroup_make(const struct cgroup_place *p, const char *name, const struct cgroup_limits *limits, struct err *e);
bool cgroup_join(const struct cgroup_place *p, const char *name); /* the calling process */
void cgroup_use(const struct cgroup_place *p, const char *name, struct cgroup_use *out);
/* Signals everything in it, KILL at once; how many were there. */
size_t cgroup_kill(const struct cgroup_place *p, const char *name, int signo);
bool cgroup_remove(const struct cgroup_place *p, const char *name); /* false: something is still in it */
/* Kills and removes every group "davy-...-ID" (id NULL: every "davy-..."); how many processes were killed. */
size_t cgroup_sweep(const struct cgroup_place *p, const char *id);

#endif
