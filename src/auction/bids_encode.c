/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The canonical texts of bids: what every reader of the same bids would have written. */
#include "auction/bids.h"

#include <stdlib.h>
#include <string.h>

struct writing {
    struct arena *arena;
    char text[COMMITMENT_BYTES + 1];
    size_t used; /* beyond COMMITMENT_BYTES: it did not fit */
};

static void put(struct writing *w, const char *piece)
{
    size_t len = strlen(piece);
    if (w->used + len <= COMMITMENT_BYTES)
        memcpy(w->text + w->used, piece, len);
    w->used += len;
}

static const char *finish(struct writing *w, struct err *e)
{
    if (w->used <= COMMITMENT_BYTES)
        return arena_copy(w->arena, (struct bytes){w->text, w->used});
    err_set(e, "the compact commitment exceeds %d bytes: use fewer different sizes", COMMITMENT_BYTES);
    return NULL;
}

static int by_price_and_size(const void *a, const void *b)
{
    const struct bid *x = a, *y = b;
    int by_price = fp18_compare(x->price, y->price);
    return by_price != 0 ? by_price : fp18_compare(x->hashrate, y->hashrate);
}

/* Sizes of version 1 are sorted as texts: 0.1, 10, 9. */
static int by_price_and_text(const void *a, const void *b)
{
    const struct bid *x = a, *y = b;
    int by_price = fp18_compare(x->price, y->price);
    return by_price != 0 ? by_price : fp18_text_compare(x->hashrate, y->hashrate);
}

static bool check(const struct bid *bid, size_t count, struct arena *a, struct err *e)
{
    int64_t workers = 0;
    for (size_t i = 0; i < count; i++) {
        const char *size = fp18_text(a, bid[i].hashrate);
        if (fp18_compare(bid[i].hashrate, fp18_of("0")) <= 0)
            return err_set(e, "worker size %.60s is not above 0 PH", size);
        if (fp18_compare(bid[i].hashrate, fp18_of(WORKER_MIN_PH)) < 0)
            return err_set(e, "worker size %.60s PH is below the smallest bid of " WORKER_MIN_PH " PH", size);
        if (fp18_compare(bid[i].hashrate, fp18_of(WORKER_MAX_PH)) > 0)
            return err_set(e, "worker size %.60s PH is above the largest bid of " WORKER_MAX_PH " PH", size);
        if (bid[i].count <= 0)
            return err_set(e, "the count of workers of %.60s PH is not above 0", size);
        if (bid[i].count > COMMITMENT_WORKERS || (workers += bid[i].count) > COMMITMENT_WORKERS)
            return err_set(e, "the workers make more than %d bids, the limit of a commitment", COMMITMENT_WORKERS);
    }
    return true;
}

static struct bid *sorted(struct arena *a, const struct bid *bid, size_t count,
                          int (*order)(const void *, const void *))
{
    struct bid *copy = arena_array(a, count + 1, sizeof *copy);
    if (count > 0)
        memcpy(copy, bid, count * sizeof *copy);
    qsort(copy, count, sizeof *copy, order);
    return copy;
}

static size_t merge(struct bid *bid, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && by_price_and_size(&bid[kept - 1], &bid[i]) == 0)
            bid[kept - 1].count += bid[i].count;
        else
            bid[kept++] = bid[i];
    }
    return kept;
}

/* Whether bid i is the first of its price. */
static bool begins_group(const struct bid *bid, size_t i)
{
    return i == 0 || fp18_compare(bid[i - 1].price, bid[i].price) != 0;
}

const char *bids_encode(struct arena *a, const struct bid *bid, size_t count, struct err *e)
{
    struct writing w = {.arena = a};
    if (!check(bid, count, a, e))
        return NULL;
    struct bid *b = sorted(a, bid, count, by_price_and_size);
    count = merge(b, count);
    put(&w, "2;b;");
    for (size_t i = 0; i < count; i++) {
        if (begins_group(b, i))
            put(&w, arena_text(a, "%sBTC,%s=", i > 0 ? ";" : "", fp18_text(a, b[i].price)));
        put(&w, arena_text(a, "%s%s:%lld", begins_group(b, i) ? "" : ",", fp18_text(a, b[i].hashrate),
                           (long long)b[i].count));
    }
    return finish(&w, e);
}

const char *bids_encode_v1(struct arena *a, const struct bid *bid, size_t count, struct err *e)
{
    struct writing w = {.arena = a};
    struct bid *b = sorted(a, bid, count, by_price_and_text);
    put(&w, "1;b;");
    for (size_t i = 0; i < count && w.used <= COMMITMENT_BYTES; i++) {
        const char *size = fp18_text(a, b[i].hashrate);
        if (begins_group(b, i))
            put(&w, arena_text(a, "%s%s=", i > 0 ? ";" : "", fp18_text(a, b[i].price)));
        for (int64_t n = 0; n < b[i].count && w.used <= COMMITMENT_BYTES; n++)
            put(&w, arena_text(a, "%s%s", begins_group(b, i) && n == 0 ? "" : ",", size));
    }
    return finish(&w, e);
}
