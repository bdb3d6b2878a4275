/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/grow.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LARGE = 2 << 20, SMALL = 128 << 10, PAGE = 4096 };

static void *or_die(void *block)
{
    if (!block) {
        fputs("davy: out of memory while reading the task history\n", stderr);
        exit(3);
    }
    return block;
}

/* A large table is asked at random: in pages of 2 MiB, where the system has them, that is one fault instead of 512, and it
 * is found at once. It is a wish, so nobody asks what became of it. */
static void *new_large(size_t len)
{
    size_t whole = (len + LARGE - 1) & ~(size_t)(LARGE - 1);
    void *block = or_die(aligned_alloc(LARGE, whole));
    madvise(block, whole, MADV_HUGEPAGE);
    return memset(block, 0, len);
}

/* All of it is used at once: the kernel makes its pages in one call instead of a fault for each. */
static void *ready(void *block, size_t len)
{
    uintptr_t from = ((uintptr_t)block + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    uintptr_t end = ((uintptr_t)block + len) & ~(uintptr_t)(PAGE - 1);
    if (len >= SMALL && end > from)
        madvise((void *)from, end - from, MADV_POPULATE_WRITE);
    return block;
}

void *grow_new(size_t count, size_t size)
{
    if (size == 0 || count < LARGE / size || count > SIZE_MAX / 2 / size)
        return ready(or_die(calloc(count, size)), count * size);
    return new_large(count * size);
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
    return ready(block, need * size);
}

void grow_free(void *block)
{
    free(block);
}
