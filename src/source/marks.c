/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/marks.h"

#include <stdlib.h>
#include <string.h>

enum { STEP = 128 << 10, LEAST = 64 };

/* Without memory for it the marks lie farther apart, and that is all. */
static bool room(struct marks *m)
{
    if (m->count < m->cap)
        return true;
    size_t cap = m->cap ? m->cap * 2 : LEAST;
    struct mark *grown = realloc(m->mark, cap * sizeof *grown);
    if (grown == NULL)
        return false;
    m->mark = grown;
    m->cap = cap;
    return true;
}

static void push(struct marks *m)
{
    if (room(m))
        m->mark[m->count++] = m->end;
}

void marks_row(struct marks *m, uint64_t line)
{
    m->end.rows++;
    m->end.line = line + 1;
}

void marks_block(struct marks *m, struct bytes block, int64_t end)
{
    const char *newline = memrchr(block.at, '\n', block.len);
    if (newline == NULL)
        return;
    m->end.offset = end - (int64_t)(block.len - (size_t)(newline - block.at)) + 1;
    int64_t last = m->count > 0 ? m->mark[m->count - 1].offset : 0;
    if (m->end.offset - last >= STEP)
        push(m);
}

void marks_cut(struct marks *m, int64_t offset)
{
    while (m->count > 0 && (offset == 0 || m->mark[m->count - 1].offset > offset))
        m->count--;
    struct mark start = {.line = m->end.line};
    m->end = offset > 0 && m->count > 0 ? m->mark[m->count - 1] : start;
}

size_t marks_of_row(const struct marks *m, int64_t row)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->mark[middle].rows <= row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t marks_of_line(const struct marks *m, uint64_t line)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->mark[middle].line <= line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct mark marks_at(const struct marks *m, size_t index)
{
    return index == 0 ? (struct mark){0} : m->mark[index - 1];
}

struct mark marks_next(const struct marks *m, size_t index)
{
    return index < m->count ? m->mark[index] : m->end;
}

static bool follows(struct mark before, struct mark after)
{
    return after.offset >= before.offset && after.rows >= before.rows && after.line >= before.line;
}

bool marks_set(struct marks *m, const struct mark *mark, size_t count, struct mark end)
{
    struct mark before = {0};
    for (size_t i = 0; i < count; before = mark[i++])
        if (!follows(before, mark[i]))
            return false;
    if (!follows(before, end))
        return false;
    struct mark *all = count > 0 ? malloc(count * sizeof *all) : NULL;
    if (count > 0 && all == NULL)
        return false;
    free(m->mark);
    if (count > 0)
        memcpy(all, mark, count * sizeof *all);
    *m = (struct marks){.mark = all, .count = count, .cap = count, .end = end};
    return true;
}

void marks_release(struct marks *m)
{
    free(m->mark);
    *m = (struct marks){0};
}
