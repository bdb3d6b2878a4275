/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history's own memory. A fold over a file that only grows cannot live in an arena (nothing taken from an arena is
 * given back), so this folder owns plain blocks, from here only: geometric growth, and the end of the program with one
 * sentence when there is no memory, as in base/arena.h. */
#ifndef DAVY_HISTORY_GROW_H
#define DAVY_HISTORY_GROW_H

#include <stddef.h>

void *grow_new(size_t count, size_t size); /* zeroed; grow_free() it */
/* A block of at least need items; *cap (items) is updated. old may be NULL with *cap 0. New items are not zeroed. */
void *grow_to(void *old, size_t *cap, size_t need, size_t size);
void grow_free(void *block);

#endif
