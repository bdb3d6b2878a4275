/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stagelib/queue.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static size_t cut(const char *text, size_t most)
{
    return text != NULL ? strnlen(text, most) : 0;
}

static const char *put(char **room, const char *text, size_t length)
{
    char *at = *room;
    if (length > 0)
        memcpy(at, text, length);
    at[length] = '\0';
    *room += length + 1;
    return at;
}

int64_t davystage_wall_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct stage_event *davystage_event(enum stage_kind kind, int number, const char *message, const char *username,
                                    const char *details)
{
    size_t m = cut(message, STAGE_TEXT_MOST), u = cut(username, STAGE_USER_MOST), d = cut(details, STAGE_DETAILS_MOST);
    struct stage_event *e = malloc(sizeof *e + m + u + d + 3);
    if (e == NULL)
        return NULL;
    char *room = (char *)(e + 1);
    *e = (struct stage_event){.number = number, .kind = kind, .at_ms = davystage_wall_ms()};
    e->message = put(&room, message, m);
    e->username = put(&room, username, u);
    e->details = put(&room, details, d);
    return e;
}

static void drop_first(struct stage_queue *q)
{
    struct stage_event *e = q->first;
    q->first = e->next;
    if (q->first == NULL)
        q->last = NULL;
    q->count--;
    free(e);
}

void davystage_queue_add(struct stage_queue *q, struct stage_event *e)
{
    e->next = NULL;
    *(q->last != NULL ? &q->last->next : &q->first) = e;
    q->last = e;
    q->count++;
    if (e->kind != STAGE_RESET) {
        q->total++;
        if (e->number >= 0 && e->number < STAGE_TABLE_MOST)
            q->tally[e->number][e->kind]++;
    }
    if (q->count > STAGE_EVENTS_MOST)
        drop_first(q);
}

/* Both are in order; the last one returned. */
static struct stage_event *merge(struct stage_event *a, struct stage_event *b, struct stage_event **first)
{
    struct stage_event **at = first, *last = NULL;
    while (a != NULL || b != NULL) {
        struct stage_event **from = b == NULL || (a != NULL && a->order < b->order) ? &a : &b;
        last = *from;
        *from = last->next;
        *at = last;
        at = &last->next;
    }
    *at = NULL;
    return last;
}

void davystage_queue_merge(struct stage_queue *q, struct stage_queue *other)
{
    if (davystage_queue_empty(other))
        return;
    q->last = merge(q->first, other->first, &q->first);
    q->count += other->count;
    q->total += other->total;
    for (int i = 0; i < STAGE_TABLE_MOST; i++)
        for (int kind = 0; kind < STAGE_KINDS; kind++)
            q->tally[i][kind] += other->tally[i][kind];
    *other = (struct stage_queue){.first = NULL};
    while (q->count > STAGE_EVENTS_MOST)
        drop_first(q);
}

void davystage_queue_clear(struct stage_queue *q)
{
    while (q->first != NULL)
        drop_first(q);
    *q = (struct stage_queue){.first = NULL};
}

bool davystage_queue_empty(const struct stage_queue *q)
{
    return q->first == NULL && q->total == 0;
}
