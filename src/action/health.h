/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a restart or a commitment, as the rig's own files tell: the command's exit status says only that somebody
 * was told. Pure. */
#ifndef DAVY_ACTION_HEALTH_H
#define DAVY_ACTION_HEALTH_H

#include "action/plan.h"

enum { HEALTH_MS = 60000 };
struct health_before { /* what was true when the command was begun */
    int64_t begun_ms;  /* wall clock */
    enum daemon_state state;
    int64_t pid;                     /* NOT_KNOWN */
    int64_t commit_block, commit_ms; /* NOT_KNOWN */
    bool has_status;                 /* the auction miner's status file was read */
};
enum health_verdict { HEALTH_WAITING, HEALTH_GOOD, HEALTH_BAD, HEALTH_UNKNOWN };
struct health {
    enum health_verdict verdict;
    const char *text; /* a sentence, from a; "" while waiting */
};
const char *health_word(enum health_verdict v); /* for the audit log */
struct health_before health_before(const struct model *m, int64_t begun_ms);
/* late: the 60 s are over, so that waiting is no answer. */
struct health health_judge(struct arena *a, enum plan_kind kind, const struct health_before *b, const struct model *m,
                           bool late);

#endif
