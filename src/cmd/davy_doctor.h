/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy doctor while it looks: what it found so far. Shared by the davy_doctor*.c files only. */
#ifndef DAVY_CMD_DAVY_DOCTOR_H
#define DAVY_CMD_DAVY_DOCTOR_H

#include "cmd/davy.h"

#include <limits.h>

enum mark { MARK_OK, MARK_NOTE, MARK_PROBLEM, MARKS };
struct check {
    enum mark mark;
    const char *section, *what, *text;
    const char *fix; /* NULL: nothing to do */
};
struct doctor {
    const struct davy_options *options;
    struct arena arena;
    char dir[PATH_MAX];  /* the rig's folder, absolute; "" when there is none */
    struct rig *rig;     /* NULL: could not be opened */
    struct model *model; /* NULL with it */
    const char *section;
    struct check *check;
    size_t count, room, marked[MARKS];
};
/* fix NULL: nothing to do. */
void doctor_say(struct doctor *d, enum mark mark, const char *what, const char *fix, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
const char *doctor_safe(struct doctor *d, const char *text);
const char *doctor_span(struct doctor *d, int64_t ms); /* "3m 12s" */

/* One section each; those of the rig are called only when it could be opened. */
void doctor_program(struct doctor *d);
void doctor_files(struct doctor *d);
void doctor_noticing(struct doctor *d);
void doctor_daemon(struct doctor *d);
void doctor_history(struct doctor *d);
void doctor_terminal(struct doctor *d);
void doctor_actions(struct doctor *d);
void doctor_machine(struct doctor *d);

/* davy_doctor_ask.c: what another program prints, trimmed; NULL: it failed, or took too long. */
const char *doctor_ask(struct arena *a, const char *const *argv);

/* davy_doctor_near.c: files of these names elsewhere: in the folder, two folders down, or one above. */
struct near_miss {
    const char *wanted;   /* path as configured */
    char found[PATH_MAX]; /* relative to the rig's folder where it lies in it; "": nothing */
    int depth;
};
void doctor_near(struct arena *a, const char *dir, struct near_miss *miss, size_t count);

#endif
