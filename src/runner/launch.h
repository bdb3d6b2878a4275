/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the node tells `davy-node jobexec` about one job: everything is decided by the node, nothing by the job. It goes as JSON
 * through a memory file (descriptor LAUNCH_SPEC); the answer comes back as lines of JSON (LAUNCH_REPORT); LAUNCH_CONTROL is a
 * pipe: a byte 't' ends the job with TERM first, 'k' at once, and its end means that the node is dead.
 *
 * Lines of the report: {"phase": "running", "pid", "leader", "group"}, {"phase": "collect"}, {"percent"}, and last {"outcome": {"code",
 * "message", "result", "metrics", "sandbox", "artifacts", "run_ms", "final"}}. */
#ifndef DAVY_RUNNER_LAUNCH_H
#define DAVY_RUNNER_LAUNCH_H

#include "base/arena.h"
#include "base/err.h"
#include "node/job.h"
#include "runner/cgroup.h"

enum { LAUNCH_SPEC = 3, LAUNCH_REPORT = 4, LAUNCH_CONTROL = 5 };

struct launch_limits {
    int64_t runtime_ms, grace_ms, stall_ms; /* stall 0: nobody looks */
    int64_t mem_mb, nproc, nofile, fsize_mb, output_mb, cpu_s, cpu_pct, log_mb;
    int64_t nice, io_level;
};
enum launch_path_kind { LAUNCH_WORD, LAUNCH_IN, LAUNCH_OUT }; /* what an argument names */
struct launch {
    const char *id, *folder;              /* the job's own, absolute */
    const char *program, *program_sha256; /* NULL: not compared */
    const char *task, *task_sha256;       /* Python: its file, descriptor 5 of the child; NULL: no Python job */
    const char *params;                   /* Python: JSON, descriptor 3 of the child; its answer comes on 4 */
    const char *const *argv;              /* with argv[0]; NULL at the end */
    const enum launch_path_kind *kind;    /* of each word of argv */
    size_t words;
    const char *const *env;      /* NULL at the end; complete */
    const char *const *readable; /* folders beyond the system's own that the job may read; NULL at the end */
    const char *mark;            /* the entry of env that everything of this job is born with */
    const char *group;           /* name of its control group */
    const char *progress;        /* expression with one group; NULL */
    const int64_t *ok_exit;
    size_t ok_exits;
    const struct job_artifact *artifact;
    size_t artifacts;
    struct cgroup_place cgroup;
    bool cgroup_must, network, gpu;
    int64_t uid;     /* the job's user; -1: the node's own */
    int64_t without; /* RUNNER_NO_... */
    struct launch_limits limits;
};

json_t *launch_json(const struct launch *l); /* a new reference */
bool launch_read(struct arena *a, const json_t *o, struct launch *out);

#endif
