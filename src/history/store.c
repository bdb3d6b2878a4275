/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/store.h"

#include "history/grow.h"

#include <stdlib.h>
#include <string.h>

static int order(const struct record *a, const struct record *b)
{
    if (a->t_ms != b->t_ms)
        return a->t_ms < b->t_ms ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static int order_any(const void *a, const void *b)
{
    return order(a, b);
}

struct record *store_grown(struct store *s)
{
    return s->rec = grow_to(s->rec, &s->cap, s->count + 1, sizeof *s->rec);
}

void store_replace(struct store *s, uint64_t line)
{
    s->gone = grow_to(s->gone, &s->gone_cap, s->gone_count + 1, sizeof *s->gone);
    s->gone[s->gone_count++] = line;
}

/* Both halves are in order; the tail is short or the file is odd. From the back, so that only the tail is copied. */
static void merge_tail(struct store *s)
{
    size_t left = s->sorted, tail = s->count - s->sorted, to = s->count;
    struct record *copy = grow_new(tail, sizeof *copy);
    memcpy(copy, s->rec + s->sorted, tail * sizeof *copy);
    while (tail) {
        bool take_left = left && order(&s->rec[left - 1], &copy[tail - 1]) > 0;
        s->rec[--to] = take_left ? s->rec[--left] : copy[--tail];
    }
    grow_free(copy);
}

/* Lines come in the order of time but for late ones, so looking as if they always did finds nearly all. */
static struct record *find_quick(struct store *s, uint64_t line)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->rec[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->count && s->rec[low].line == line ? &s->rec[low] : NULL;
}

static int order_lines(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Where many lines are late: one look at each record, whatever the number of those that are gone. */
static void mark_slowly(struct store *s)
{
    qsort(s->gone, s->gone_count, sizeof *s->gone, order_lines);
    for (size_t i = 0; i < s->count; i++)
        if (bsearch(&s->rec[i].line, s->gone, s->gone_count, sizeof *s->gone, order_lines))
            s->rec[i].replaced = 1;
}

/* One that is not found may also have been trimmed away. */
static void mark_gone(struct store *s)
{
    bool all = true;
    for (size_t i = 0; i < s->gone_count; i++) {
        struct record *r = find_quick(s, s->gone[i]);
        if (r)
            r->replaced = 1;
        all = all && r;
    }
    if (!all)
        mark_slowly(s);
    s->gone_count = 0;
}

void store_settle(struct store *s)
{
    if (s->sorted < s->count) {
        qsort(s->rec + s->sorted, s->count - s->sorted, sizeof *s->rec, order_any);
        merge_tail(s);
        s->sorted = s->count;
    }
    mark_gone(s);
}

uint64_t store_first_line(const struct store *s)
{
    uint64_t first = UINT64_MAX;
    for (size_t i = 0; i < (s->count + 1) / 2; i++)
        first = s->rec[i].line < first ? s->rec[i].line : first;
    return first;
}

/* First record to keep. The newest hundredth does not say how late it is: one wrong clock in the year 9999 must not
 * throw the real fortnight away. */
static size_t first_kept(const struct store *s)
{
    if (s->count <= STORE_LEAST)
        return 0;
    int64_t from = s->rec[s->count - 1 - s->count / 100].t_ms - STORE_DAYS * INT64_C(86400000);
    size_t low = s->count > STORE_MOST ? s->count - STORE_MOST : 0, high = s->count - STORE_LEAST;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->rec[middle].t_ms < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t store_trimmed(struct store *s)
{
    store_settle(s);
    return first_kept(s);
}

void store_drop(struct store *s, size_t count)
{
    if (count > 0)
        memmove(s->rec, s->rec + count, (s->count - count) * sizeof *s->rec);
    s->count -= count;
    s->sorted = s->count;
    s->trim_at = s->count * 2 > TRIM_LEAST ? s->count * 2 : TRIM_LEAST;
    s->trim_at = s->trim_at < TRIM_MOST ? s->trim_at : TRIM_MOST;
}

void store_release(struct store *s)
{
    grow_free(s->rec);
    grow_free(s->gone);
    *s = (struct store){0};
}
