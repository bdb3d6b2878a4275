/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What davy does with a history, and nothing else: read FILE [two] prints what was in it; two: with a second thread, as davy
 * reads a long one. */
#include "history/history.h"
#include "source/pair.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 128 * 1024 };

static void take_glanced(void *ctx, struct glance *glance)
{
    history_feed_glance(ctx, glance);
}

static int64_t feed_two(struct history *h, int fd)
{
    struct pair *pair = pair_new();
    int64_t done = 0, before = -1;
    while (pair != NULL && done > before) {
        before = done;
        done += pair_read(pair, fd, done, done + PAIR_STEP, take_glanced, h);
    }
    pair_free(pair);
    return done;
}

static void feed_all(struct history *h, int fd, bool two)
{
    char *block = malloc(BLOCK);
    int64_t at = two ? feed_two(h, fd) : 0;
    for (ssize_t n; (n = pread(fd, block, BLOCK, (off_t)at)) > 0; at += n)
        history_feed(h, (struct bytes){block, (size_t)n});
    free(block);
}

static void print(const struct history *h)
{
    struct history_counts c = history_counts_at(h, INT64_MAX);
    const struct record *r = history_records(h);
    double sum = 0;
    size_t count = history_record_count(h);
    for (size_t i = 0; i < count; i++)
        sum += isnan(r[i].score) ? 0 : r[i].score;
    printf("lines %llu scored %llu pending %llu invalid %llu executed %llu malformed %llu kept %zu sum %.9f\n",
           (unsigned long long)c.lines, (unsigned long long)c.scored, (unsigned long long)c.pending,
           (unsigned long long)c.invalid, (unsigned long long)c.executed, (unsigned long long)c.malformed, count, sum);
}

int main(int argc, char **argv)
{
    int fd = argc > 1 ? open(argv[1], O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (fd < 0)
        return perror(argv[1]), 1;
    struct history *h = history_new(NULL);
    feed_all(h, fd, argc > 2);
    print(h);
    history_free(h);
    return 0;
}
