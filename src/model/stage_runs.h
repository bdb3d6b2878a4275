/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Internal to the part "stages": the events of all runs in the order of the file, folded into durations, the state of
 * each stage in the current run, and the runs (rig-files.md 3.4). */
#ifndef DAVY_MODEL_STAGE_RUNS_H
#define DAVY_MODEL_STAGE_RUNS_H

#include "model/stages.h"

enum { STAGE_SAMPLES = 20 };

struct stage_memory {              /* of one stage */
    enum stage_state state;        /* in the current run */
    int64_t start_ms;              /* of its last start; NOT_KNOWN */
    int64_t duration_ms;           /* in the current run; NOT_KNOWN */
    const char *username;          /* of its last start */
    int64_t sample[STAGE_SAMPLES]; /* durations of the last completions, a ring */
    size_t samples;                /* ever */
    size_t completions, failures;
};
struct stage_runs {
    struct arena *arena;
    struct stage_memory stage[STAGE_COUNT];
    struct stage_run *run; /* oldest first */
    size_t run_count, run_room;
    bool open; /* the last run goes on */
    int last;  /* number of the last event; -1 */
};
void stage_runs_init(struct stage_runs *r, struct arena *a);
void stage_runs_add(struct stage_runs *r, const struct stage_event *e);
int64_t stage_typical_ms(const struct stage_memory *m); /* median of the samples; NOT_KNOWN */

#endif
