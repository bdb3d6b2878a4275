/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/pair.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct part { /* of the thread that claimed it, until it is done; then of the one that hands on */
    struct glance glance;
    char block[PAIR_BLOCK];
    int64_t at;
    size_t want, len; /* len < want: the file has no more, now */
    bool done;
};
struct pair {
    pthread_mutex_t lock; /* of all below but what is in parts */
    pthread_cond_t turn;  /* something changed */
    int fd;
    int64_t next, end;     /* of the bytes nobody claimed */
    size_t claimed, taken; /* parts, ever */
    bool over;
    struct part part[PAIR_AHEAD];
};

static bool has_two(void)
{
    cpu_set_t mine;
    return sched_getaffinity(0, sizeof mine, &mine) == 0 && CPU_COUNT(&mine) > 1;
}

struct pair *pair_new(void)
{
    struct pair *p = has_two() ? calloc(1, sizeof *p) : NULL;
    if (p == NULL)
        return NULL;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->turn, NULL);
    return p;
}

void pair_free(struct pair *p)
{
    if (p == NULL)
        return;
    for (size_t i = 0; i < PAIR_AHEAD; i++)
        glance_release(&p->part[i].glance);
    pthread_cond_destroy(&p->turn);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* With the lock. NULL: nothing is left, or all parts are full. */
static struct part *claim(struct pair *p)
{
    if (p->over || p->next >= p->end || p->claimed - p->taken == PAIR_AHEAD)
        return NULL;
    struct part *part = &p->part[p->claimed++ % PAIR_AHEAD];
    int64_t left = p->end - p->next;
    part->at = p->next;
    part->want = left < PAIR_BLOCK ? (size_t)left : PAIR_BLOCK;
    part->done = false;
    p->next += (int64_t)part->want;
    return part;
}

/* Without the lock. */
static void fill(const struct pair *p, struct part *part)
{
    ssize_t n = pread(p->fd, part->block, part->want, (off_t)part->at);
    part->len = n > 0 ? (size_t)n : 0;
    glance_block(&part->glance, (struct bytes){part->block, part->len});
}

/* With the lock, which it lets go meanwhile. */
static void work(struct pair *p, struct part *part)
{
    pthread_mutex_unlock(&p->lock);
    fill(p, part);
    pthread_mutex_lock(&p->lock);
    part->done = true;
    pthread_cond_signal(&p->turn);
}

static void *help(void *of)
{
    struct pair *p = of;
    pthread_mutex_lock(&p->lock);
    while (!p->over && p->next < p->end) {
        struct part *part = claim(p);
        if (part != NULL)
            work(p, part);
        else
            pthread_cond_wait(&p->turn, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* With the lock. What was asked for and is not there ends it: later parts may be of another time. */
static int64_t hand_on(struct pair *p, struct part *part, pair_take_fn *take, void *ctx)
{
    pthread_mutex_unlock(&p->lock);
    if (part->len > 0)
        take(ctx, &part->glance);
    pthread_mutex_lock(&p->lock);
    p->taken++;
    p->over = part->len < part->want;
    pthread_cond_signal(&p->turn);
    return (int64_t)part->len;
}

/* Handing on goes first: it is what only this thread does. */
static int64_t lead(struct pair *p, pair_take_fn *take, void *ctx)
{
    int64_t given = 0;
    while (!p->over && (p->taken < p->claimed || p->next < p->end)) {
        struct part *first = &p->part[p->taken % PAIR_AHEAD], *free_one;
        if (p->taken < p->claimed && first->done)
            given += hand_on(p, first, take, ctx);
        else if ((free_one = claim(p)) != NULL)
            work(p, free_one);
        else
            pthread_cond_wait(&p->turn, &p->lock);
    }
    return given;
}

static bool start(struct pair *p, pthread_t *helper)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool good = pthread_create(helper, NULL, help, p) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return good;
}

int64_t pair_read(struct pair *p, int fd, int64_t from, int64_t end, pair_take_fn *take, void *ctx)
{
    pthread_t helper;
    p->fd = fd;
    p->next = from;
    p->end = end;
    p->claimed = p->taken = 0;
    p->over = false;
    if (!start(p, &helper))
        return 0;
    pthread_mutex_lock(&p->lock);
    int64_t given = lead(p, take, ctx);
    p->over = true;
    pthread_cond_signal(&p->turn);
    pthread_mutex_unlock(&p->lock);
    pthread_join(helper, NULL);
    return given;
}
