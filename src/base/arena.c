/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 16, FIRST_CHUNK = 4096, LARGEST_STEP = 1 << 20 };

struct arena_chunk {
    struct arena_chunk *older;
    size_t size, used; /* of at[] */
    _Alignas(ALIGN) char at[];
};

static _Noreturn void out_of_memory(size_t wanted)
{
    fprintf(stderr, "davy: out of memory (%zu more bytes wanted); free some or raise the memory limit\n", wanted);
    exit(3);
}

static size_t rounded(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct arena_chunk) - ALIGN)
        out_of_memory(size);
    return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

/* Chunks double, so a large arena costs few mallocs and a small one little memory. */
static size_t chunk_size(const struct arena *a, size_t need)
{
    size_t size = a->chunk ? a->chunk->size * 2 : FIRST_CHUNK;
    if (size > LARGEST_STEP)
        size = LARGEST_STEP;
    return size > need ? size : need;
}

static void add_chunk(struct arena *a, size_t need)
{
    size_t size = chunk_size(a, need);
    struct arena_chunk *c = malloc(sizeof *c + size);
    if (!c)
        out_of_memory(size);
    *c = (struct arena_chunk){.older = a->chunk, .size = size};
    a->chunk = c;
}

static void free_older(struct arena_chunk *c)
{
    while (c) {
        struct arena_chunk *older = c->older;
        free(c);
        c = older;
    }
}

void arena_release(struct arena *a)
{
    free_older(a->chunk);
    a->chunk = NULL;
}

void arena_reset(struct arena *a)
{
    struct arena_chunk *largest = a->chunk;
    for (struct arena_chunk *c = a->chunk; c; c = c->older)
        if (c->size > largest->size)
            largest = c;
    for (struct arena_chunk *c = a->chunk, *older; c; c = older) {
        older = c->older;
        if (c != largest)
            free(c);
    }
    if (largest) {
        largest->older = NULL;
        largest->used = 0;
    }
    a->chunk = largest;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size_t need = rounded(size ? size : 1);
    if (!a->chunk || a->chunk->size - a->chunk->used < need)
        add_chunk(a, need);
    void *at = a->chunk->at + a->chunk->used;
    a->chunk->used += need;
    return memset(at, 0, need);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        out_of_memory(SIZE_MAX);
    return arena_alloc(a, count * size);
}

void *arena_grow(struct arena *a, const void *old, size_t old_bytes, size_t new_bytes)
{
    void *at = arena_alloc(a, new_bytes);
    size_t kept = old_bytes < new_bytes ? old_bytes : new_bytes;
    if (old && kept)
        memcpy(at, old, kept);
    return at;
}

char *arena_copy(struct arena *a, struct bytes text)
{
    char *at = arena_alloc(a, text.len + 1);
    if (text.len)
        memcpy(at, text.at, text.len);
    return at;
}

char *arena_text(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t size = len > 0 ? (size_t)len + 1 : 1;
    char *at = arena_alloc(a, size);
    if (len > 0)
        vsnprintf(at, size, format, again);
    va_end(again);
    return at;
}
