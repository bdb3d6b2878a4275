/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The proxies' files: whatever can be read is either refused, or changed in nothing but what was asked for; and cbc's answers. */
#include "auction/mps.h"
#include "auction/pools.h"
#include "base/toml.h"
#include "base/toml_map.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void check_pools(struct arena *a, struct bytes text)
{
    struct err e;
    struct pools_change c, again;
    if (!pools_update(a, text, "pools.toml", "a", "1TH/s", &c, &e))
        return;
    demand(c.state == ROUTE_UPDATED || bytes_equal(c.text, text));
    demand(pools_update(a, c.text, "pools.toml", "a", "1TH/s", &again, &e));
    demand(again.state == (c.state == ROUTE_UPDATED ? ROUTE_SAME : c.state));
}

static void check_goals(struct arena *a, struct bytes text)
{
    struct err e;
    struct braiins_change c, again;
    if (!braiins_update(a, text, "p.toml", 1, 2, &c, &e))
        return;
    demand(braiins_update(a, c.text, "p.toml", 1, 2, &again, &e) && again.state != ROUTE_UPDATED);
}

/* A value written into the first table, and taken away again. */
static void check_edit(struct arena *a, struct bytes text)
{
    struct err e;
    json_t *before = toml_read(text, "x", &e);
    if (before && !json_object_get(before, "fuzz")) {
        struct bytes with = toml_edit(a, text, "", "fuzz", "[1, \"x\"]", &e);
        struct bytes back = with.at ? toml_edit(a, with, "", "fuzz", NULL, &e) : (struct bytes){0};
        json_t *after = back.at ? toml_read(back, "x", &e) : NULL;
        demand(!after || json_equal(before, after));
        json_decref(after);
    }
    json_decref(before);
}

static void check_solution(struct arena *a, struct bytes text)
{
    struct err e;
    struct answer answer;
    const struct item item[] = {{3, 4, 0, 0}, {5, 6, 0, 0}, {7, 8, 0, 0}};
    const struct items all = {9, item, 3};
    if (cbc_solution(a, text, &all, &answer, &e))
        demand(answer.cost <= 9 && answer.value <= 8 + 6);
    demand(cbc_seed(text) >= 1 && cbc_seed(text) <= 2147483647);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct bytes text = {(const char *)data, size};
    check_pools(&a, text);
    check_goals(&a, text);
    check_edit(&a, text);
    check_solution(&a, text);
    arena_release(&a);
    return 0;
}
