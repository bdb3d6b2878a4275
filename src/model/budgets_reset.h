/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A new month in token-budgets.json: the counters back to 0 and the date noted, and every other byte as it was. Numbers are
 * never read and written again, so none loses a digit; unknown keys, comments of the owner in "notes" and the indentation stay. */
#ifndef DAVY_MODEL_BUDGETS_RESET_H
#define DAVY_MODEL_BUDGETS_RESET_H

#include "base/arena.h"
#include "base/err.h"

/* What changes: each used_this_month becomes 0; last_reset of each entry, made when there is none, and of "tracking" and of
 * the root where they are, and last_updated where it is, become now in the notation that they had. False with the sentence
 * when the text cannot be patched with certainty. */
bool budgets_reset(struct arena *a, struct bytes text, const char *name, int64_t now_ms, struct bytes *out,
                   struct err *e);

#endif
