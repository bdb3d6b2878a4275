/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Restart and commit: the question, its answer, and the pane with the output. */
#ifndef DAVY_ACTION_ASK_H
#define DAVY_ACTION_ASK_H

#include "action/action.h"
#include "action/plan.h"

/* Rows of actions.c. */
void act_restart(struct act *act);
void act_commit(struct act *act);
void act_output(struct act *act);
/* Of UI_ASK and UI_OUTPUT. */
bool ask_key(struct act *act);
bool output_key(struct act *act);

/* What the plan means for the miner, in words. */
const char *ask_consequence(struct arena *a, enum plan_kind kind, const struct model *m);

#endif
