/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Letters leave the house: the journal's mail, one letter at a time, through davy-notify as a child under a time limit. For
 * davy-watch, which never stops doing it, and for davy check --notify, which does it for a moment. There is one sender for a
 * rig at a time: who holds state/davy/watch.lock. */
#ifndef DAVY_CMD_DAVY_POST_H
#define DAVY_CMD_DAVY_POST_H

#include "cmd/davy_advance.h"
#include "cmd/davy_child.h"
#include "rule/post.h"

typedef void office_note_fn(void *ctx, bool good, const char *text); /* one line about a letter */

struct office {
    struct loop *loop;
    const char *dir;     /* the rig's folder */
    int folder, lock_fd; /* -1 */
    bool busy;           /* it was not opened because another sender is at work here */
    int64_t settings_ms; /* of the davy.toml by which letters go */
    bool hurry;          /* see post_policy */
    bool doubted;        /* letters of an earlier sender were looked at */
    struct child child;
    int64_t id; /* of the letter under way; 0: none */
    struct post_result result;
    char message[32];       /* result.message */
    bool ended;             /* the child's answer is here, and not on the disk yet */
    int64_t clock, boot_ms; /* the engine's time, and CLOCK_BOOTTIME then */
    int64_t wake_ms;        /* CLOCK_BOOTTIME of the next step that can do something; INT64_MAX */
    int64_t waiting;        /* letters */
    int64_t failing_ms;     /* for so long nothing goes out; 0: it works */
    int64_t arrived, failed;
    struct err wrong;    /* why the newest one did not; "" */
    loop_timer_fn *done; /* a letter came to its end, and that is on the disk */
    office_note_fn *note;
    void *ctx;
};

/* Whether the settings name anybody to tell. */
bool office_wanted(const struct settings *s);
/* Takes the lock. false with the sentence. */
bool office_open(struct office *o, struct loop *l, const char *dir, struct err *e);
/* Under the journal's lock: what happened becomes letters, and one of them is sent when it may be. */
bool office_step(struct office *o, struct advance *v, struct arena *a, const struct model *m, struct err *e);
/* The policy that the settings make. */
struct post_policy office_policy(const struct model *m);
/* A letter that is no incident's, on the disk; run RUNS: none is noted, else date as its newest one. */
bool office_add(struct advance *v, struct arena *a, enum letter_kind kind, const char *text, enum mail_run run,
                int64_t date, struct err *e);
void office_close(struct office *o);

#endif
