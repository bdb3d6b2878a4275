/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Internal to the part "stages": the events of all runs in the order of the file, folded into durations, the state of
 * each stage in the current run, and the runs (rig-files.md 3.4). */
#ifndef DAVY_MODEL_STAGE_RUNS_H
#define DAVY_MODEL_STAGE_RUNS_H

#include "model/stages.h"

enum { STAGE_SAMPLES = 20, STAGE_KEPT = 64 };

struct stage_memory {       /* of one stage */
    enum stage_state state; /* in the current run */
    int64_t start_ms;       /* of its last start; NOT_KNOWN */
    int64_t duration_ms;    /* in the current run; NOT_KNOWN */
    const char *username;   /* of its last start */
    struct stage_sample {
        int64_t took_ms;
        const char *username;
    } sample[STAGE_KEPT]; /* of the last completions, a ring */
    size_t samples;       /* ever */
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
int64_t stage_median_ms(int64_t *ms, size_t n);         /* sorts them; NOT_KNOWN when there are none */
int64_t stage_typical_ms(const struct stage_memory *m); /* median of the last 20 samples; NOT_KNOWN */
/* What is typical of each account; newest first. */
const struct stage_usual *stage_accounts(struct arena *a, const struct stage_memory *m, size_t *count);

#endif
