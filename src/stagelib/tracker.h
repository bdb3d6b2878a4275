/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store, its queue, and the thread between them. */
#ifndef DAVY_STAGELIB_TRACKER_H
#define DAVY_STAGELIB_TRACKER_H

#include "stagelib/store.h"

struct stage_tracker;
struct stage_tracker *davystage_tracker_new(const struct stage_options *o); /* NULL: no memory, or a bad table */
void davystage_tracker_free(struct stage_tracker *t);                       /* ends the thread; what waits is lost */
/* False in a child of fork(), which shares nothing with the thread. */
bool davystage_tracker_mine(const struct stage_tracker *t);
void davystage_tracker_tell(struct stage_tracker *t, const char *sentence); /* once */
void davystage_tracker_add(struct stage_tracker *t, enum stage_kind kind, int number, const char *message,
                           const char *username, const char *details);
bool davystage_tracker_flush(struct stage_tracker *t, int timeout_ms);
bool davystage_tracker_last(struct stage_tracker *t, struct stage_state_now *out);

#endif
