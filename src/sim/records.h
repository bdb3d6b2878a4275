/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of task-history.jsonl, and the numbers in them. */
#ifndef DAVY_SIM_RECORDS_H
#define DAVY_SIM_RECORDS_H

#include "sim/rig.h"

int record_strategy(struct sim *s, int subnet); /* index into the prompt strategies */
int64_t record_tokens(struct sim *s, int strategy);
struct bytes record_executed(struct sim *s, const struct sim_task *t, struct arena *a);
struct bytes record_scored(struct sim *s, const struct sim_task *t, bool unscored, int64_t at_ms, struct arena *a);
struct bytes record_self_test(int64_t at_ms, struct arena *a); /* the five test_N rows of performance_tracker.py */

#endif
