/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folder of a job, and opening what lies in it: never through a link, never out of it. */
#ifndef DAVY_RUNNER_PLACE_H
#define DAVY_RUNNER_PLACE_H

#include "node/code.h"
#include "runner/launch.h"

struct place {
    int folder, input, work, output, logs; /* descriptors; -1 */
};
bool place_open(const char *folder, struct place *out, struct err *e); /* makes input/ work/ output/ logs/ work/tmp */
void place_close(struct place *p);
/* work/ and output/ belong to the job's user; the folder itself can only be passed through. */
bool place_give(const struct place *p, uid_t uid);
/* Everything of input/ stands in work/ too, as a copy of this user (-1: ours). false with errno. */
bool place_link_inputs(const struct place *p, uid_t uid);
int64_t place_bytes(const struct place *p); /* on disk, of work/ and output/ together */
bool place_is_full(const struct place *p);

/* Do the words of argv that name files name such as the job may read or make? */
enum node_code place_check_words(const struct place *p, const struct launch *l, struct err *e);

struct checked { /* an artifact that was looked at */
    int64_t bytes;
    char sha256[65];
    const char *where; /* "output" or "work" */
};
enum node_code place_artifact(const struct place *p, const struct job_artifact *wanted, struct checked *out,
                              struct err *e);

/* A program (or a task's file) that may be run: regular, of root or of us, nobody else may write it, not setuid, with this hash.
 * Its descriptor (close-on-exec), or -1 with code and sentence. */
int place_open_program(const char *path, const char *sha256, bool must_run, enum node_code *code, struct err *e);

#endif
