/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs one job in its workspace folder, within limits, and tells once how it ended. Nothing here blocks the loop: what may
 * take long (hashing a program, copying inputs, hashing artifacts, waiting for a tree of processes to die) is done by a
 * process of its own for each job, `davy-node jobexec`, which starts the job, watches it and ends it with everything that
 * it left behind; when the node dies, that process notices and ends the job. Ollama jobs are HTTP and need no such process.
 *
 * folder is the job's own (jobs/ID, absolute, made by the caller with mode 0700); input/ work/ output/ logs/ are made in it
 * when they are not there, and are what an earlier attempt left otherwise: the caller empties work/ and output/ before a
 * second attempt. Logs are logs/stdout.log and logs/stderr.log, live. */
#ifndef DAVY_RUNNER_RUNNER_H
#define DAVY_RUNNER_RUNNER_H

#include "loop/fetch.h"
#include "node/job.h"
#include "runner/cgroup.h"
#include "runner/lists.h"

enum runner_phase { RUNNER_PREP, RUNNER_RUNNING, RUNNER_COLLECT };
struct runner_news {
    enum runner_phase phase;
    pid_t pid;         /* RUNNING: of the process that watches the job; 0: none (Ollama, no-op) */
    const char *group; /* RUNNING: name of the job's control group; "" without one */
    int percent;       /* -1: not told */
};
typedef void runner_news_fn(void *ctx, const struct runner_news *news);

struct runner_ollama {
    const char *url;                    /* NULL: http://127.0.0.1:11434 */
    int64_t load_ms, stall_ms, most_ms; /* until the first token; between two; in all. 0: 180 s, 30 s, 600 s */
    bool model_fallback;                /* another model than the one that was asked for is better than none */
    const char *const *models;          /* which may be asked for; NULL: every one that is there */
    size_t model_count;
};
struct runner_limits {             /* 0: the default that stands behind it */
    int64_t runtime_s;             /* 3600: of every job, whatever it or its list says */
    int64_t grace_ms;              /* 5000: between TERM and KILL */
    int64_t mem_mb, nproc, nofile; /* 16384, 256, 1024 */
    int64_t log_mb;                /* 16: of each stream that is kept: the first 1 MiB and the end */
    int64_t stall_s;               /* no output for so long is E_STALL; 0: nobody looks */
    int nice, io_level;            /* 10, 6 (best effort; 0 to 7) */
};
struct runner_inputs {        /* of jobs with input.urls */
    const char *const *hosts; /* "example.org", "*.example.org" */
    size_t host_count;        /* 0: none may be fetched */
    bool plain, private_ok;   /* http:// too; addresses of this machine and of private networks too */
    int64_t most_mb;          /* of one; 0: 1024 */
};
enum { /* pretended not to be there: for tests, and for machines where one of them misbehaves */
       RUNNER_NO_NAMESPACE = 1,
       RUNNER_NO_SECCOMP = 2,
       RUNNER_NO_LANDLOCK = 4
};
struct runner_options {
    struct lists *lists;        /* NULL: nothing is allowed. Used during runner_start() only */
    struct fetcher *fetcher;    /* outlives every runner */
    const char *program;        /* which is re-executed as jobexec; NULL: this one */
    struct cgroup_place cgroup; /* of cgroup_probe(); zero: none */
    bool cgroup_must;           /* a job without a control group is E_SANDBOX */
    bool cli_off, python_off, ollama_off, noop_on;
    const char *python;      /* interpreter; NULL: /usr/bin/python3 */
    const char *task_folder; /* NAME.py of every Python task; NULL: none */
    struct runner_ollama ollama;
    struct runner_limits limits;
    struct runner_inputs inputs;
    unsigned without;     /* RUNNER_NO_... */
    uid_t first_uid;      /* root only: jobs are user first_uid + slot; 0: 62000 */
    int slot;             /* of this job */
    const char *gpu;      /* its UUID; NULL: the job sees no GPU */
    runner_news_fn *news; /* NULL: nobody listens; ctx is that of done */
};

struct runner_artifact {
    const char *path, *type;
    const char *where; /* "output" or "work": the folder of the job in which it lies */
    int64_t bytes;
    char sha256[65];
};
struct runner_outcome { /* borrowed until done returns; json_incref() what is kept */
    enum node_code code;
    const char *message; /* for who submitted the job: no paths, arguments or secrets. "" with E_NONE */
    const json_t
        *result; /* object, also of a failure: what is there of {exit_code, stdout_tail, stderr_tail, output, ...} */
    const json_t *metrics; /* object with the names of the specification, 4.6: only what was measured */
    const json_t *sandbox; /* object: {"cgroup", "network", "landlock", "missing": [...]}; empty without a process */
    const struct runner_artifact *artifact;
    size_t artifacts;
    int64_t run_ms; /* monotonic run time: what is paid for */
};
typedef void runner_done_fn(void *ctx, const struct runner_outcome *outcome);

struct runner; /* one job under way */

/* done is called exactly once, from the loop, never from in here; the runner is gone when it returns. Everything that is wrong
 * with the job is told by done (E_DENY, E_INVALID, ...); NULL with the sentence only when the node itself cannot (no memory
 * file, folder that cannot be opened): then done is not called. The strings of o, and the job, are copied. */
struct runner *runner_start(struct loop *l, const struct runner_options *o, const struct job *job, const char *folder,
                            runner_done_fn *done, void *ctx, struct err *e);
/* Ends it: done comes with this code (E_CANCELED, E_SHUTDOWN, E_EXPIRED, E_NOGPU, ...) once all of the job is dead; TERM, then
 * KILL after the grace time; a second call kills at once. What already ended keeps its own outcome. */
void runner_stop(struct runner *r, enum node_code code);
/* Without done: for a node that ends at once. The watching process kills the job by itself. */
void runner_forget(struct runner *r);

/* May the job be run again after a crash of the node? (cli: the list says so; Ollama: yes; Python: the task's entry.) */
bool runner_restartable(struct lists *lists, const struct job *job);
/* Before anything runs: kills what an earlier node left of this job (control group, marked processes); how many. */
size_t runner_sweep(const struct cgroup_place *place, const char *job_id);

#endif
