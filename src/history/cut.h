/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that lost its end. */
#ifndef DAVY_HISTORY_CUT_H
#define DAVY_HISTORY_CUT_H

#include "history/history.h"

/* As history_break(), but what stands before offset, so many lines, was fed already: the next block stands at offset. */
void history_cut(struct history *h, uint64_t offset, uint64_t lines);

#endif
