/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory with one lifetime: take as often as you like, give back all at once. A function whose first argument is an
 * arena returns memory that lives as long as that arena; nothing taken from an arena is freed by itself. This is the
 * only place where pure code gets memory. Out of memory ends the program with one sentence: there is nothing sane to
 * show then. */
#ifndef DAVY_BASE_ARENA_H
#define DAVY_BASE_ARENA_H

#include "base/bytes.h"

struct arena_chunk;
struct arena {
    struct arena_chunk *chunk;  /* newest first */
};

void arena_release(struct arena *a);                            /* back to empty; may be used again */
void arena_reset(struct arena *a);                              /* empties it but keeps the largest chunk */
void *arena_alloc(struct arena *a, size_t size);                /* zeroed, aligned to 16 */
void *arena_array(struct arena *a, size_t count, size_t size);  /* zeroed; overflow-checked */
void *arena_grow(struct arena *a, const void *old, size_t old_bytes, size_t new_bytes); /* copy into a larger block */
char *arena_copy(struct arena *a, struct bytes text);           /* as a C string; stops at nothing, NUL stays inside */
char *arena_text(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
