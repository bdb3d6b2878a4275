/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/commitment.h"

#include "auction/fp18.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 18, SIZE_TEXT = 24 };

struct group {      /* workers of one size */
    uint64_t units; /* 10^-18 PH */
    int64_t count;
};
struct plan {
    struct group *group;
    size_t count;
    int64_t workers;
};

static uint64_t units_of(const char *constant)
{
    unsigned __int128 n = 0;
    fp18_units(fp18_of(constant), &n);
    return (uint64_t)n;
}

static bool add(struct plan *p, uint64_t units, int64_t count, struct err *e)
{
    p->workers += count;
    if (p->workers > COMMITMENT_WORKERS)
        return err_set(e, "the workers make more than %d bids, the limit of a commitment", COMMITMENT_WORKERS);
    if (count > 0)
        p->group[p->count++] = (struct group){units, count};
    return true;
}

/* One row of the table of sizes: published as it is. */
static bool add_size(struct plan *p, const struct worker_size *w, struct err *e)
{
    struct fp18 size;
    if (!fp18_parse(bytes_of(w->hashrate), &size) || fp18_compare(size, fp18_of("0")) <= 0)
        return err_set(e, "worker size %s is not above 0 PH", w->hashrate);
    if (fp18_compare(size, fp18_of(WORKER_MIN_PH)) < 0)
        return err_set(e, "worker size %s PH is below the smallest bid of " WORKER_MIN_PH " PH", w->hashrate);
    unsigned __int128 units = 0;
    if (!fp18_units(size, &units) || units > units_of(WORKER_MAX_PH))
        return err_set(e, "worker size %s PH is above the largest bid of " WORKER_MAX_PH " PH", w->hashrate);
    return add(p, (uint64_t)units, w->count, e);
}

/* One entry of the list: cut into bids of the largest size; a rest too small for a bid takes its missing part from the
 * last full one. */
static bool add_split(struct plan *p, const char *hashrate, struct err *e)
{
    uint64_t max = units_of(WORKER_MAX_PH), min = units_of(WORKER_MIN_PH);
    struct fp18 size;
    unsigned __int128 units = 0;
    if (!fp18_parse(bytes_of(hashrate), &size) || fp18_compare(size, fp18_of("0")) <= 0)
        return err_set(e, "worker hashrate %s is not above 0 PH", hashrate);
    if (!fp18_units(size, &units) || units / max > COMMITMENT_WORKERS)
        return err_set(e, "worker hashrate %s PH makes more than %d bids, the limit of a commitment", hashrate,
                       COMMITMENT_WORKERS);
    int64_t full = (int64_t)(units / max);
    uint64_t rest = (uint64_t)(units % max);
    if (rest > 0 && rest < min) {
        if (full == 0)
            return err_set(e, "worker hashrate %s PH is below the smallest bid of " WORKER_MIN_PH " PH", hashrate);
        full--;
        if (!add(p, max - (min - rest), 1, e))
            return false;
        rest = min;
    }
    return add(p, max, full, e) && add(p, rest, rest > 0 ? 1 : 0, e);
}

static int by_units(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    return (x->units > y->units) - (x->units < y->units);
}

static void merge(struct plan *p)
{
    qsort(p->group, p->count, sizeof p->group[0], by_units);
    size_t kept = 0;
    for (size_t i = 0; i < p->count; i++) {
        if (kept > 0 && p->group[kept - 1].units == p->group[i].units)
            p->group[kept - 1].count += p->group[i].count;
        else
            p->group[kept++] = p->group[i];
    }
    p->count = kept;
}

/* All sizes are below 1 PH, so the text is 0.DIGITS without trailing zeros. */
static const char *size_text(char out[SIZE_TEXT], uint64_t units)
{
    int length = snprintf(out, SIZE_TEXT, "0.%0*llu", PLACES, (unsigned long long)units);
    while (length > 0 && out[length - 1] == '0')
        out[--length] = 0;
    return out;
}

static const char *write_plan(struct arena *a, const struct plan *p, struct fp18 price, struct err *e)
{
    char text[COMMITMENT_BYTES + 1], size[SIZE_TEXT];
    size_t used = 0;
    for (size_t i = 0; i <= p->count && used < sizeof text; i++) {
        size_t room = sizeof text - used;
        int n = i == 0 ? snprintf(text, room, "2;b;BTC,%s=", fp18_text(a, price))
                       : snprintf(text + used, room, "%s%s:%lld", i > 1 ? "," : "",
                                  size_text(size, p->group[i - 1].units), (long long)p->group[i - 1].count);
        used += (size_t)n;
    }
    if (used > COMMITMENT_BYTES) {
        err_set(e, "the compact commitment exceeds %d bytes: use fewer different sizes", COMMITMENT_BYTES);
        return NULL;
    }
    return arena_copy(a, (struct bytes){text, used});
}

const char *commitment_text(struct arena *a, const struct auction_config *c, struct err *e)
{
    struct fp18 price;
    if (!fp18_parse(bytes_of(c->price_multiplier), &price)) {
        err_set(e, "price_multiplier %s is not a decimal number", c->price_multiplier);
        return NULL;
    }
    struct plan p = {.group = arena_array(a, c->worker_count * 3 + 1, sizeof *p.group)};
    for (size_t i = 0; i < c->worker_count; i++)
        if (!(c->is_list ? add_split(&p, c->worker[i].hashrate, e) : add_size(&p, &c->worker[i], e)))
            return NULL;
    merge(&p);
    return write_plan(a, &p, price, e);
}
