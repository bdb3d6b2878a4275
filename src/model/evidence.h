/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies behind an alert: the very lines of the files that its rule reads, and what people did last. Read when somebody
 * opens the alert (rule/evidence.h says which lines), and never kept. */
#ifndef DAVY_MODEL_EVIDENCE_H
#define DAVY_MODEL_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EVIDENCE_FILES = 4, EVIDENCE_LINES = 12, EVIDENCE_ACTIONS = 5 };
struct evidence_line {
    int64_t number; /* from 1; from the end of the file, and negative, where its beginning was not read */
    const char *text;
};
struct evidence_file {
    const char *path, *error; /* error: why there are no lines; NULL */
    struct evidence_line line[EVIDENCE_LINES];
    size_t lines;
};
struct evidence {
    const char *rule, *subject; /* of the alert */
    struct evidence_file file[EVIDENCE_FILES];
    size_t files;
    const char *action[EVIDENCE_ACTIONS]; /* newest first, a sentence each */
    size_t actions;
};

#endif
