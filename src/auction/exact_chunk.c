/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/exact_chunk.h"

#include <stdlib.h>

struct sorted { /* an item with its number: qsort() has no context */
    struct item item;
    uint32_t number;
};

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* More value per cost first; of equal ones the larger first, so that small ones are left to fill up. */
static int by_worth(int64_t cost_a, int64_t value_a, int64_t cost_b, int64_t value_b)
{
    __int128 left = (__int128)value_a * cost_b, right = (__int128)value_b * cost_a;
    return left != right ? (left > right ? -1 : 1) : order(cost_b, cost_a);
}

static int sorted_order(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int c = by_worth(x->item.cost, x->item.value, y->item.cost, y->item.value);
    return c != 0 ? c : order(x->number, y->number);
}

static int chunk_order(const void *a, const void *b)
{
    const struct chunk *x = a, *y = b;
    int c = by_worth(x->cost, x->value, y->cost, y->value);
    return c != 0 ? c : order(x->group, y->group);
}

static bool same_kind(const struct item *a, const struct item *b)
{
    return a->cost == b->cost && a->value == b->value;
}

/* Numbers of the first items of each kind; their count. */
static size_t find_groups(const struct sorted *s, size_t count, uint32_t *first)
{
    size_t groups = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !same_kind(&s[i - 1].item, &s[i].item))
            first[groups++] = (uint32_t)i;
    first[groups] = (uint32_t)count;
    return groups;
}

static size_t split(struct chunk *out, uint32_t group, const struct item *kind, uint32_t items)
{
    size_t n = 0;
    for (uint32_t size = 1; items > 0; size *= 2) {
        uint32_t now = size < items ? size : items;
        out[n++] = (struct chunk){kind->cost * now, kind->value * now, group, now};
        items -= now;
    }
    return n;
}

struct chunks chunks_of(struct arena *a, const struct items *all)
{
    struct sorted *s = arena_array(a, all->count + 1, sizeof *s);
    uint32_t *numbers = arena_array(a, all->count + 1, sizeof *numbers);
    uint32_t *first = arena_array(a, all->count + 1, sizeof *first);
    struct chunk *chunk = arena_array(a, all->count + 1, sizeof *chunk);
    struct chunks out = {.chunk = chunk, .order = numbers, .first = first};
    for (size_t i = 0; i < all->count; i++)
        s[i] = (struct sorted){all->item[i], (uint32_t)i};
    qsort(s, all->count, sizeof *s, sorted_order);
    for (size_t i = 0; i < all->count; i++)
        numbers[i] = s[i].number;
    out.groups = find_groups(s, all->count, first);
    for (uint32_t g = 0; g < out.groups; g++)
        out.count += split(chunk + out.count, g, &s[first[g]].item, first[g + 1] - first[g]);
    qsort(chunk, out.count, sizeof *chunk, chunk_order);
    return out;
}
