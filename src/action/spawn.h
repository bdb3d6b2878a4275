/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts one command of a plan. */
#ifndef DAVY_ACTION_SPAWN_H
#define DAVY_ACTION_SPAWN_H

#include "action/plan.h"

#include <sys/types.h>

/* In a session of its own without a terminal: nothing can ask there, no ^C reaches it, and -*pid is all that it starts.
 * Standard input is /dev/null, its output and errors go to out_fd, everything else is closed. */
bool spawn_step(const struct plan_step *step, const char *folder, int out_fd, pid_t *pid, struct err *e);
/* Ours without what belongs to the terminal, and without what makes programs load or run other code. */
char **spawn_environment(struct arena *a, char *const *ours);

#endif
