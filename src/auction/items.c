/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/items.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UNITS_PER_PH 1e6
#define MOST_UNITS 1099511627776.0 /* 2^40, a million PH: no worker and no budget has that, and sums stay exact */

/* What is no amount at all comes back as 0, which no item has. */
static int64_t millionths(double ph)
{
    double units = rint(ph * UNITS_PER_PH + 1e-7);
    return units > 0 && units < MOST_UNITS ? (int64_t)units : 0;
}

static int64_t capacity_of(double budget_ph)
{
    double units = floor(budget_ph * UNITS_PER_PH);
    return units > 0 ? (int64_t)fmin(units, MOST_UNITS) : 0;
}

static bool dearer(struct arena *a, struct fp18 price, double max_multiplier)
{
    struct fp18 most = {0};
    fp18_of_units(a, bytes_of(arena_text(a, "%.0f", trunc(max_multiplier * 1e18))), &most);
    return fp18_compare(price, most) > 0;
}

/* The item that each worker of this bid is; value 0: none. */
static struct item item_of(struct arena *a, const struct bid *b, int64_t capacity, double max_multiplier)
{
    struct item none = {0};
    if (b->count <= 0 || b->hashrate.negative || dearer(a, b->price, max_multiplier))
        return none;
    double ph = fp18_ratio(a, b->hashrate), multiplier = fmax(0, fp18_ratio(a, b->price));
    struct item i = {.cost = millionths(ph * multiplier), .value = millionths(ph)};
    return i.cost > 0 && i.value > 0 && i.cost <= capacity ? i : none;
}

struct making {
    struct item *item;
    size_t count, room;
};

static void add(struct arena *a, struct making *m, struct item i)
{
    if (m->count == m->room) {
        size_t room = m->room > 0 ? m->room * 2 : 256;
        m->item = arena_grow(a, m->item, m->count * sizeof i, room * sizeof i);
        m->room = room;
    }
    m->item[m->count++] = i;
}

static bool add_bid(struct arena *a, struct making *m, struct item i, int64_t workers, struct err *e)
{
    if (i.value > 0 && workers > (int64_t)(ITEMS_MOST - m->count))
        return err_set(e, "the bids make more than %d items: no auction has so many workers", ITEMS_MOST);
    for (int64_t n = 0; i.value > 0 && n < workers; n++)
        add(a, m, i);
    return true;
}

bool items_make(struct arena *a, const struct bidder *bidder, size_t bidders, double budget_ph, double max_multiplier,
                struct items *out, struct err *e)
{
    struct making m = {0};
    int64_t capacity = capacity_of(budget_ph);
    for (size_t who = 0; who < bidders && capacity > 0; who++) {
        for (size_t i = 0; i < bidder[who].count; i++) {
            struct item item = item_of(a, &bidder[who].bid[i], capacity, max_multiplier);
            item.bidder = (uint32_t)who;
            item.bid = (uint32_t)i;
            if (!add_bid(a, &m, item, bidder[who].bid[i].count, e))
                return false;
        }
    }
    *out = (struct items){capacity, m.item, m.count};
    return true;
}

bool answer_sum(const struct items *all, struct answer *answer)
{
    answer->cost = answer->value = 0;
    for (size_t i = 0; i < all->count; i++) {
        answer->cost += answer->taken[i] ? all->item[i].cost : 0;
        answer->value += answer->taken[i] ? all->item[i].value : 0;
    }
    return answer->cost <= all->capacity;
}

/* As texts of which each is followed by ":HASHRATE": the end of a hotkey sorts as a colon. */
static int by_hotkey(const char *x, const char *y)
{
    while (*x != 0 && *x == *y)
        x++, y++;
    return (*x ? (unsigned char)*x : ':') - (*y ? (unsigned char)*y : ':');
}

static int by_price(const void *a, const void *b)
{
    const struct winner *x = a, *y = b;
    int c = fp18_compare(x->price, y->price);
    if (c == 0)
        c = strcmp(x->hashrate, y->hashrate);
    return c != 0 ? c : by_hotkey(x->hotkey, y->hotkey);
}

const struct winner *winners_list(struct arena *a, const struct bidder *bidder, const struct items *all,
                                  const struct answer *answer, size_t *count)
{
    struct winner *list = arena_array(a, all->count + 1, sizeof *list);
    size_t n = 0;
    for (size_t i = 0; i < all->count; i++) {
        const struct bidder *who = &bidder[all->item[i].bidder];
        const struct bid *b = &who->bid[all->item[i].bid];
        if (answer->taken[i])
            list[n++] = (struct winner){who->hotkey, fp18_text(a, b->hashrate), b->price};
    }
    qsort(list, n, sizeof *list, by_price);
    *count = n;
    return list;
}
