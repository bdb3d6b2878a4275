/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One step of the alert engine for a rig: what its rules say of a model, held against what the journal remembers, and what
 * became of it put on the disk under the journal's lock. Who evaluates does it here: davy check, davy alerts, davy-watch.
 * Needs neither a screen nor the options of the program davy. */
#ifndef DAVY_CMD_DAVY_ADVANCE_H
#define DAVY_CMD_DAVY_ADVANCE_H

#include "action/journal.h"
#include "model/model.h"
#include "rule/terms.h"

/* What was looked at beside the rules: disk, memory, a process, a check of the owner's. Their incidents are
 * "disk", "memory", "process/NAME", "check/NAME"; of davy-watch "notify_failing", "state_not_saved"; and "uptime_24h". */
struct advance_also {
    const struct sample *sample; /* of these rules only; any order; OK ones need not be there */
    size_t count;
    bool hurried; /* an answer is due soon: the journal is waited for half a second, not two */
    bool looked;  /* false: nobody looked at these now, so their incidents stay as they are */
};

struct advance {            /* what it points to lives in the arena and until advance_close() */
    struct journal journal; /* open, and locked, after advance(): more can be committed before advance_close() */
    struct book book;       /* its state is that of now, also where nothing was worth a line */
    struct engine_out out;  /* the step; events are those of now only */
    struct engine_now now;
};

bool advance_also(const char *rule); /* it is one of those beside the rules */

/* The clocks of this moment. wall_ms: that of the model. */
struct engine_now advance_now(struct arena *a, int64_t wall_ms);

/* The pure step. also NULL: nothing was looked at. */
struct engine_out advance_step(struct arena *a, const struct model *m, const struct advance_also *also,
                               const struct incidents *before, struct engine_now now);

/* Opens the journal of the rig in dir (waits two seconds for who changes it), steps, commits. false with the sentence:
 * nothing is confirmed. What is wrong with the file and was repaired is journal.notice. */
bool advance(struct advance *v, struct arena *a, const char *dir, const struct model *m,
             const struct advance_also *also, struct err *e);
/* The same without leaving a trace and without a lock: from the journal as it can be read, or from nothing. */
void advance_in_memory(struct advance *v, struct arena *a, const char *dir, const struct model *m,
                       const struct advance_also *also);
/* An ack, a silence: what care_*() made of book.state. */
bool advance_commit(struct advance *v, const struct engine_out *out, struct err *e);
void advance_close(struct advance *v); /* once, whatever became of it; a zeroed one that was never used is no harm */

#endif
