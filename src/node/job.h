/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One job, whichever dialect brought it: the assignment of /v1/miners/poll (a payload and constraints) or the manifest of
 * /jobs/pull. Nothing in it is believed: names become paths only after they were checked here, and what no runner knows is
 * refused, never echoed and paid. */
#ifndef DAVY_NODE_JOB_H
#define DAVY_NODE_JOB_H

#include "base/arena.h"
#include "base/err.h"
#include "node/code.h"

#include <jansson.h>

enum { JOB_ID = 127, JOB_NAME = 127, JOB_INPUTS = 64, JOB_ARGS = 256, JOB_BYTES = 1 << 20 };
enum job_runner { JOB_CLI, JOB_PYTHON, JOB_OLLAMA, JOB_NOOP };
enum job_dialect { JOB_MINERS_V1, JOB_NODES_V1 };

struct job_input {
    const char *name; /* of the file in input/ */
    const char *url;  /* NULL: the text is here */
    struct bytes text;
    const char *sha256; /* NULL: not told */
};
struct job_artifact {
    const char *path, *type; /* below output/ or work/ */
    int64_t most_bytes;
};
struct job {
    const char *id;
    enum job_dialect dialect;
    enum job_runner runner;
    const char *command;     /* cli: the name of its allow-list; python: the task */
    const struct bytes *arg; /* cli */
    size_t args;
    const char *model;   /* ollama */
    const char *params;  /* python: the parameters; ollama: the rest of the request. JSON text, an object */
    struct bytes prompt; /* ollama */
    bool gpu;
    int64_t vram_mb, cpu_threads, timeout_s; /* 0: not told */
    const struct job_input *input;
    size_t inputs;
    const struct job_artifact *artifact;
    size_t artifacts;
};

/* The usual letters of an id, at most 127, no leading dot or dash: it becomes the name of a folder. */
bool job_id_is_good(struct bytes id);
/* The id of an answer, wherever the dialect has it; "" when there is none or it is no good one: then no failure can be told. */
const char *job_id_of(struct arena *a, const json_t *root, enum job_dialect dialect);
/* true and *none: the coordinator has nothing to do for us ({"job": null}, "none", nothing at all). */
bool job_is_none(const json_t *root, enum job_dialect dialect);

/* E_NONE; else the code with the sentence (which has nothing of the payload in it), and out untouched. */
enum node_code job_read(struct arena *a, const json_t *root, enum job_dialect dialect, struct job *out, struct err *e);

#endif
