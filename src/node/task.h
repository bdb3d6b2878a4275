/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of Python tasks that jobs may run, and what their parameters may be: a small part of JSON Schema.
 *
 *   tasks:
 *     - name: resize
 *       sha256: 64 hexadecimal digits   # of the task's file; left out: not compared
 *       params:
 *         properties:
 *           width: {type: integer, minimum: 1, maximum: 4096}
 *           mode: {type: string, maxLength: 20, enum: ["fit", "fill"]}
 *         required: [width]
 *
 * Parameters that the list does not name are denied. */
#ifndef DAVY_NODE_TASK_H
#define DAVY_NODE_TASK_H

#include "base/arena.h"
#include "base/err.h"

#include <jansson.h>

enum task_type { TASK_STRING, TASK_INTEGER, TASK_NUMBER, TASK_BOOLEAN };
struct task_param {
    const char *name;
    enum task_type type;
    double least, most; /* of numbers */
    int64_t length;     /* of texts, in bytes */
    const char *const *one_of;
    size_t one_of_count; /* 0: any */
    bool required;
};
struct task {
    const char *name, *sha256; /* NULL: not compared */
    const struct task_param *param;
    size_t params;
    int64_t runtime_s, output_mb, mem_mb; /* most of each; mem 0: the node's own limit */
    bool gpu, restartable, network;
};
struct tasks {
    const struct task *at;
    size_t count;
};

/* file: its name, for sentences. Everything that is unknown or wrong refuses the whole file. */
bool task_read(struct arena *a, struct bytes yaml, const char *file, struct tasks *out, struct err *e);
/* The sentence names the parameter by number or by the list's own name, never by its value. */
bool task_takes(const struct task *t, const json_t *params, struct err *e);

#endif
