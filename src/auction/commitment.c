/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/commitment.h"

struct plan {
    struct arena *arena;
    struct bid *bid;
    size_t count;
    struct fp18 price;
};

static uint64_t units_of(const char *constant)
{
    unsigned __int128 n = 0;
    fp18_units(fp18_of(constant), &n);
    return (uint64_t)n;
}

static struct fp18 of_units(struct arena *a, uint64_t units)
{
    struct fp18 v = {0};
    fp18_of_units(a, bytes_of(arena_text(a, "%llu", (unsigned long long)units)), &v);
    return v;
}

static void add(struct plan *p, uint64_t units, int64_t count)
{
    if (count > 0)
        p->bid[p->count++] = (struct bid){of_units(p->arena, units), p->price, count};
}

/* One row of the table of sizes: published as it is. */
static bool add_size(struct plan *p, const struct worker_size *w, struct err *e)
{
    struct bid b = {.price = p->price, .count = w->count};
    if (!fp18_parse(bytes_of(w->hashrate), &b.hashrate))
        return err_set(e, "worker size %s is not a decimal number", w->hashrate);
    p->bid[p->count++] = b;
    return true;
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
        add(p, max - (min - rest), 1);
        rest = min;
    }
    add(p, max, full);
    add(p, rest, rest > 0 ? 1 : 0);
    return true;
}

static bool read_price(const struct auction_config *c, struct fp18 *price, struct err *e)
{
    return fp18_parse(bytes_of(c->price_multiplier), price) ||
           err_set(e, "price_multiplier %s is not a decimal number", c->price_multiplier);
}

const char *commitment_text(struct arena *a, const struct auction_config *c, struct err *e)
{
    struct plan p = {.arena = a, .bid = arena_array(a, c->worker_count * 3 + 1, sizeof *p.bid)};
    if (!read_price(c, &p.price, e))
        return NULL;
    for (size_t i = 0; i < c->worker_count; i++)
        if (!(c->is_list ? add_split(&p, c->worker[i].hashrate, e) : add_size(&p, &c->worker[i], e)))
            return NULL;
    return bids_encode(a, p.bid, p.count, e);
}

const char *commitment_text_v1(struct arena *a, const struct auction_config *c, struct err *e)
{
    struct bid *bid = arena_array(a, c->worker_count + 1, sizeof *bid);
    struct fp18 price;
    if (!read_price(c, &price, e))
        return NULL;
    for (size_t i = 0; i < c->worker_count; i++) {
        bid[i] = (struct bid){.price = price, .count = c->worker[i].count};
        if (!fp18_parse(bytes_of(c->worker[i].hashrate), &bid[i].hashrate)) {
            err_set(e, "worker hashrate %s is not a decimal number", c->worker[i].hashrate);
            return NULL;
        }
    }
    return bids_encode_v1(a, bid, c->worker_count, e);
}
