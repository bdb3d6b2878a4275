/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commitments: refused, or within the limits that they were checked for, and what we write of them reads back the same. */
#include "auction/prices.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static int64_t workers(const struct bids *b)
{
    int64_t n = 0;
    for (size_t i = 0; i < b->count; i++)
        n += b->bid[i].count;
    return n;
}

/* Writing is canonical: what it wrote, read and written again, is the same text. */
static void check_text(struct arena *a, const struct bids *b, bool legacy)
{
    struct err e;
    const char *text = legacy ? bids_encode_v1(a, b->bid, b->count, &e) : bids_encode(a, b->bid, b->count, &e);
    if (!text)
        return;
    const struct bids *again = bids_decode(a, bytes_of(text));
    demand(strlen(text) <= COMMITMENT_BYTES && again && workers(again) == workers(b));
    demand(strcmp(text, legacy ? bids_encode_v1(a, again->bid, again->count, &e)
                               : bids_encode(a, again->bid, again->count, &e)) == 0);
}

static void check_bids(struct arena *a, const struct bids *b)
{
    if (b->version >= COMMITMENT_V2)
        demand(workers(b) <= COMMITMENT_WORKERS);
    for (size_t i = 0; i < b->count; i++) {
        struct fp18 back;
        demand(b->bid[i].count > 0);
        demand(fp18_of_units(a, bytes_of(fp18_units_text(a, b->bid[i].price)), &back));
        demand(fp18_compare(back, b->bid[i].price) == 0);
    }
    if (b->count < 400) {
        check_text(a, b, b->version < COMMITMENT_V2);
        check_text(a, b, true);
    }
}

static void check_prices(struct arena *a, const struct prices *p)
{
    struct err e;
    for (size_t i = 0; i < p->count; i++)
        demand(p->price[i].key.len > 0);
    struct bytes raw = p->count < 400 ? prices_encode(a, p->price, p->count, p->ban, &e) : (struct bytes){0};
    const struct prices *again = raw.at ? prices_decode(a, raw) : NULL;
    demand(!raw.at || (again && again->count == p->count && memcmp(again->ban, p->ban, BAN_BYTES) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct bytes raw = {(const char *)data, size};
    const struct bids *b = bids_decode(&a, raw);
    const struct prices *p = prices_decode(&a, raw);
    demand(!b || !p);
    if (b)
        check_bids(&a, b);
    if (p)
        check_prices(&a, p);
    arena_release(&a);
    return 0;
}
