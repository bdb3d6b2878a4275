/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config.toml: refused with a sentence, or within the limits that it was checked for; and fp18 is its own inverse. */
#include "auction/commitment.h"

#include <stdlib.h>
#include <string.h>

#include "auction/fp18.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void check_number(struct arena *a, struct bytes text)
{
    struct fp18 v, back;
    if (!fp18_parse(text, &v))
        return;
    demand(v.fraction.len <= 18 && fp18_compare(v, v) == 0);
    demand(fp18_parse(bytes_of(fp18_text(a, v)), &back) && fp18_compare(v, back) == 0);
}

static void check_config(const struct auction_config *c)
{
    demand(c->network && c->wallet_name && c->hotkey_name && c->wallet_directory && c->price_multiplier);
    demand(c->worker_count > 0 && c->total_workers > 0 && (c->is_list || c->total_workers <= COMMITMENT_WORKERS));
    demand(c->commitment || c->warning);
    demand(!c->commitment || (strlen(c->commitment) <= COMMITMENT_BYTES && strncmp(c->commitment, "2;b;BTC,", 8) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct bytes in = {(const char *)data, size};
    const struct auction_config *c = auction_config_parse(&a, in, "config.toml", &e);
    demand(c ? e.text[0] == 0 : strstr(e.text, "config.toml") != NULL);
    if (c)
        check_config(c);
    check_number(&a, in);
    arena_release(&a);
    return 0;
}
