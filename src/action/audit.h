/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state/davy/audit.jsonl of a rig: what was started, by whom, and what became of it; and the lock that lets one action run
 * at a time, whichever davy starts it. Two lines an action, with the same id: "begun" before anything is started, "ended"
 * with the result. A "begun" without its "ended" is an action whose runner was killed.
 *
 * The folder is made 0700, the files 0600. Nothing but a plain file with one name is written to. When the log cannot be
 * written, nothing is started: an owner who looks into it must be able to believe that it is whole. */
#ifndef DAVY_ACTION_AUDIT_H
#define DAVY_ACTION_AUDIT_H

#include "action/plan.h"
#include "action/who.h"

struct audit {
    int fd, lock_fd; /* -1: closed */
};
struct audit_record {
    char id[20];
    const struct plan *plan;
    struct who who;
    const char *host, *dir, *origin; /* origin: "key", "command" */
    bool forced;
    int64_t begun_ms;
    /* of an ended one */
    bool ended, timed_out;
    int exit, signal; /* -1: none */
    int64_t duration_ms;
    const char *health, *health_text, *error; /* NULL: none */
};

struct audit_note {            /* something that davy did by itself, at once: one line */
    const char *action, *text; /* "budget reset"; what was changed */
    struct who who;
    const char *host, *dir;
    bool forced;
    int64_t at_ms;
};

/* Opens, and makes what is missing. */
bool audit_open(struct audit *x, const char *dir, struct err *e);
void audit_close(struct audit *x);
/* Takes the lock for kind and leaves a note of who holds it; false: the sentence says who does, and since when. */
bool audit_lock(struct audit *x, enum plan_kind kind, const char *user, int64_t now_ms, struct err *e);
bool audit_write(struct audit *x, const struct audit_record *r, struct err *e);
bool audit_note(struct audit *x, const struct audit_note *n, struct err *e);
/* When the newest actions of a kind were begun; their number. */
enum { AUDIT_MOST = 64 };
size_t audit_begun(const struct audit *x, enum plan_kind kind, int64_t begun_ms[AUDIT_MOST]);
/* The same before anything is opened for writing or made; 0 when there is no log yet. */
size_t audit_peek(const char *dir, enum plan_kind kind, int64_t begun_ms[AUDIT_MOST]);

#endif
