/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/grow.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGE = 1 << 18 };

static void *or_die(void *block)
{
    if (!block) {
        fputs("davy: out of memory while reading the task history\n", stderr);
        exit(3);
    }
    return block;
}

/* Large ones are written to once from end to end: a page of calloc()'s that is asked at random faults twice, when it is looked
 * at and when it is written to. */
void *grow_new(size_t count, size_t size)
{
    if (size == 0 || count < LARGE / size || count > SIZE_MAX / 2 / size)
        return or_die(calloc(count, size));
    return memset(or_die(malloc(count * size)), 0, count * size);
}

void *grow_to(void *old, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap)
        return old;
    size_t next = *cap < 16 ? 16 : *cap + *cap / 2;
    if (next < need)
        next = need;
    if (next > SIZE_MAX / 2 / size)
        return or_die(NULL);
    void *block = or_die(realloc(old, next * size));
    *cap = next;
    return block;
}

void grow_free(void *block)
{
    free(block);
}
