/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that davy was told to run, seen from davy: begun once lock, limit and audit log allow it, watched through its
 * runner, and followed until it is known what became of it. */
#ifndef DAVY_ACTION_ERRAND_H
#define DAVY_ACTION_ERRAND_H

#include "action/plan.h"
#include "loop/loop.h"
#include "view/output.h"

struct errand;
struct errand_in {
    const struct plan *plan;
    const struct model *model; /* now: what was before */
    const char *dir;           /* the rig's folder as it is on disk */
    const char *origin;        /* "key", "command" */
    bool forced;               /* more often than the limit allows */
    struct loop *loop;
    loop_timer_fn *changed; /* something in its view differs */
    void *ctx;
};
/* NULL with the sentence, and nothing was started. */
struct errand *errand_begin(const struct errand_in *in, struct err *e);
/* Lets go of it: what runs goes on to its end. x may be NULL. */
void errand_leave(struct errand *x);
const struct output *errand_view(const struct errand *x);
bool errand_runs(const struct errand *x); /* also while it is waited for what becomes of it; false when NULL */
/* A model that is newer: whether it is known by now what became of it. */
void errand_look(struct errand *x, const struct model *m);
bool errand_waits(const struct errand *x); /* for errand_look() */
void errand_stop(struct errand *x);        /* TERM, then KILL, to the command */
bool errand_good(const struct errand *x);  /* it is over, and all went well */

/* How often a kind was begun lately, and the sentence for it when that is too often; NULL. */
const char *errand_limit(struct arena *a, enum plan_kind kind, const char *dir, int64_t now_ms);

#endif
