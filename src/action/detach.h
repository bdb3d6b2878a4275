/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A forked process cuts itself loose from davy. */
#ifndef DAVY_ACTION_DETACH_H
#define DAVY_ACTION_DETACH_H

#include <stddef.h>

/* A session of its own, plain signals, / as its folder, nothing open but keep[] and /dev/null: the terminal above all, which
 * would not be free while somebody holds it, and the pipe by which davy's guard knows that davy is gone. */
void detach(const int *keep, size_t count);

#endif
