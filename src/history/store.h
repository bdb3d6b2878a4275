/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records, ordered by time and line. Appending is cheap in any order; order is made when somebody reads
 * (store_settle), which costs nothing when the lines came in order. Keeps the newest 14 days, and at least 50,000;
 * but of very many tasks STORE_MOST, so that memory and whoever walks over all of them have a bound: up to half as many more,
 * for a while. */
#ifndef DAVY_HISTORY_STORE_H
#define DAVY_HISTORY_STORE_H

#include "history/history.h"

/* TRIM_LEAST, TRIM_MOST: looked at when there are that many. */
enum {
    STORE_LEAST = 50000,
    STORE_MOST = 131072,
    STORE_DAYS = 14,
    TRIM_LEAST = 2 * 65536,
    TRIM_MOST = STORE_MOST / 2 * 3
};

struct store {          /* all zero is empty */
    struct record *rec; /* grow.h */
    size_t count, cap;
    size_t sorted;  /* rec[0..sorted) is in order */
    uint64_t *gone; /* lines of replaced ones, not yet marked */
    size_t gone_count, gone_cap;
    size_t trim_at; /* store_is_full() from here on */
};

void store_replace(struct store *s, uint64_t line); /* its record counts no longer */
/* Of the older half of its records: one of a wrong clock, far in the future and from long ago, does not count. UINT64_MAX:
 * it has none. */
uint64_t store_first_line(const struct store *s);
void store_settle(struct store *s);
size_t store_trimmed(struct store *s); /* how many of the oldest can go, in order, none of them to be replaced later */
void store_drop(struct store *s, size_t count); /* the oldest */
void store_release(struct store *s);
struct record *store_grown(struct store *s); /* for store_push() */

static inline bool store_is_later(const struct record *a, const struct record *b)
{
    return a->t_ms > b->t_ms || (a->t_ms == b->t_ms && a->line > b->line);
}

static inline void store_push(struct store *s, const struct record *r)
{
    struct record *rec = s->count < s->cap ? s->rec : store_grown(s);
    s->sorted += s->sorted == s->count && (s->count == 0 || store_is_later(r, &rec[s->count - 1]));
    rec[s->count++] = *r;
}

/* Worth asking store_trimmed(). */
static inline bool store_is_full(const struct store *s)
{
    size_t limit = s->trim_at ? s->trim_at : TRIM_LEAST;
    return s->count >= limit || s->gone_count >= limit;
}

#endif
