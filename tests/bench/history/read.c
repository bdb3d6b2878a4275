/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What davy does with a history, and nothing else: read FILE prints what was in it. */
#include "history/history.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 128 * 1024 };

static void feed_all(struct history *h, int fd)
{
    char *block = malloc(BLOCK);
    for (ssize_t n; (n = read(fd, block, BLOCK)) > 0;)
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
    feed_all(h, fd);
    print(h);
    history_free(h);
    return 0;
}
