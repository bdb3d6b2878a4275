/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A miner that does nothing but tell stages: tell FILE EVENTS [THREADS [PAUSE_US]]. Prints how long calls took and the whole
 * thing, in microseconds. */
#include <davy_stage.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { USER = 32 };
struct teller {
    pthread_t thread;
    int events, pause_us;
    char username[USER];
    double *took_us;
    double outside_us; /* the longest time between two calls, where nothing is done: what the kernel took away */
    long waits;        /* how often this thread slept */
};

static double now_us(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void *tell(void *arg)
{
    struct teller *t = arg;
    double ended = now_us(CLOCK_MONOTONIC);
    for (int i = 0; i < t->events; i++) {
        double began = now_us(CLOCK_MONOTONIC);
        if (t->pause_us == 0 && began - ended > t->outside_us)
            t->outside_us = began - ended;
        if (i % 2 == 0)
            stage_start(i / 2 % 7, "Indexing 50 posts in vector database", t->username, "{\"posts\": 50}");
        else
            stage_complete(i / 2 % 7, "Successfully indexed posts", t->username, NULL);
        ended = now_us(CLOCK_MONOTONIC);
        t->took_us[i] = ended - began;
        if (t->pause_us > 0)
            usleep((useconds_t)t->pause_us);
    }
    struct rusage u;
    getrusage(RUSAGE_THREAD, &u);
    t->waits = t->pause_us == 0 ? u.ru_nvcsw : 0;
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

int main(int argc, char **argv)
{
    int events = argc > 2 ? atoi(argv[2]) : 0, threads = argc > 3 ? atoi(argv[3]) : 1, count = events * threads;
    if (argc < 3 || events < 1 || threads < 1)
        return fputs("usage: tell FILE EVENTS [THREADS [PAUSE_US]]\n", stderr), 2;
    struct stage_options o = {.file = argv[1]};
    struct teller *teller = calloc((size_t)threads, sizeof *teller);
    double *took_us = calloc((size_t)count, sizeof *took_us), began = now_us(CLOCK_MONOTONIC);
    if (teller == NULL || took_us == NULL || stage_open(&o) != 0)
        return 1;
    for (int i = 0; i < threads; i++) {
        teller[i] = (struct teller){
            .events = events, .pause_us = argc > 4 ? atoi(argv[4]) : 0, .took_us = took_us + i * events};
        snprintf(teller[i].username, USER, "%d.%d", (int)getpid(), i);
        pthread_create(&teller[i].thread, NULL, tell, &teller[i]);
    }
    double outside_us = 0;
    long waits = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(teller[i].thread, NULL);
        outside_us = teller[i].outside_us > outside_us ? teller[i].outside_us : outside_us;
        waits += teller[i].waits;
    }
    double told = now_us(CLOCK_MONOTONIC) - began;
    int good = stage_flush(60000);
    double written = now_us(CLOCK_MONOTONIC) - began;
    qsort(took_us, (size_t)count, sizeof *took_us, by_size);
    printf(
        "{\"events\": %d, \"p50_us\": %.2f, \"p99_us\": %.2f, \"max_us\": %.1f, \"outside_us\": %.1f, \"waits\": %ld, ",
        count, took_us[count / 2], took_us[count * 99 / 100], took_us[count - 1], outside_us, waits);
    printf("\"told_s\": %.4f, \"written_s\": %.4f, \"cpu_s\": %.4f}\n", told / 1e6, written / 1e6, cpu_us() / 1e6);
    free(took_us);
    free(teller);
    return good ? 0 : 1;
}
