/* SPDX-License-Identifier: GPL-2.0-or-later */
/* src/queue as a filter, for tests/live/test_queue.py: push ID | take | done ID | retry ID MS | keep; an answer a line. */
#include "queue/queue.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void take(struct queue *q)
{
    struct arena a = {0};
    char id[QUEUE_ID + 1];
    struct bytes body;
    if (queue_take(q, now(), &a, id, &body))
        printf("%s %.*s\n", id, (int)body.len, body.at);
    else
        puts("none");
    arena_release(&a);
}

static void obey(struct queue *q, char *line)
{
    struct err e = {""};
    char *verb = strtok(line, " \n"), *id = strtok(NULL, " \n"), *more = strtok(NULL, " \n");
    if (!verb)
        return;
    if (strcmp(verb, "take") == 0)
        take(q);
    else if (strcmp(verb, "push") == 0 && id)
        puts(queue_push(q, id, bytes_of("{\"a\":\"b c\"}"), &e) ? "ok" : e.text);
    else if (strcmp(verb, "done") == 0 && id)
        puts(queue_done(q, id, now(), &e) ? "ok" : e.text);
    else if (strcmp(verb, "retry") == 0 && id && more)
        puts(queue_retry(q, id, bytes_of("{}"), now() + atoi(more)) ? "ok" : "down");
    else
        queue_keep(q, now()), puts(queue_up(q) ? "up" : "down");
}

int main(int argc, char **argv)
{
    char line[512];
    signal(SIGPIPE, SIG_IGN); /* queue.h asks for it */
    if (argc != 5)
        return 2;
    const struct queue_options o = {argv[1], argv[2], "davy:test", argv[3], atoi(argv[4])};
    struct queue *q = queue_open(&o, now());
    while (fgets(line, sizeof line, stdin)) {
        obey(q, line);
        fflush(stdout);
    }
    queue_close(q);
    return 0;
}
