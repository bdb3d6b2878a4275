/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/ahead.h"

#include <stdlib.h>
#include <unistd.h>

enum { END = 1 << 20, WORTH = 4 << 20, SOON_MS = 100 };

static struct history *fold_end(int fd, int64_t size)
{
    char *block = malloc(END);
    ssize_t n = block != NULL ? pread(fd, block, END, (off_t)(size - END)) : 0;
    struct history *h = NULL;
    if (n > 0) {
        struct bytes end = {block, (size_t)n};
        size_t newline = bytes_find(end, "\n");
        h = history_new(NULL);
        if (newline < end.len)
            history_feed(h, bytes_from(end, newline + 1));
    }
    free(block);
    return h;
}

void ahead_look(struct ahead *a, const struct stream *s, int64_t size, int64_t loop_ms)
{
    if (a->looked)
        return;
    a->looked = true;
    a->begun_ms = loop_ms;
    a->begun = s->offset;
    if (s->fd >= 0 && size - s->offset > WORTH)
        a->newest = fold_end(s->fd, size);
}

void ahead_release(struct ahead *a)
{
    history_free(a->newest);
    a->newest = NULL;
}

static const char *time_left(struct arena *arena, double seconds)
{
    if (seconds < 90)
        return arena_text(arena, "%.0f s left", seconds < 1 ? 1 : seconds);
    return arena_text(arena, "%.0f min left", seconds / 60);
}

const char *ahead_text(const struct ahead *a, struct arena *arena, int64_t offset, int64_t size, int64_t loop_ms)
{
    double percent = size > 0 ? (double)offset * 100 / (double)size : 0;
    int64_t done = offset - a->begun, ms = loop_ms - a->begun_ms;
    if (!a->looked || ms < SOON_MS || done <= 0)
        return arena_text(arena, "reading the history: %.0f %%", percent);
    double rate = (double)done / (double)ms * 1000;
    double left = size > offset ? (double)(size - offset) / rate : 0;
    return arena_text(arena, "reading the history: %.0f %%, %.0f MB/s, %s", percent, rate / 1e6,
                      time_left(arena, left));
}
