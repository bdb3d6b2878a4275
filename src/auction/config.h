/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config.toml of the auction miner, with every validation of auction.md 1 (what can be judged without the chain). */
#ifndef DAVY_AUCTION_CONFIG_H
#define DAVY_AUCTION_CONFIG_H

#include "base/arena.h"
#include "base/err.h"

struct worker_size {
    const char *hashrate;
    int64_t count;
}; /* PH as decimal text */
struct auction_config {
    const char *network;
    int64_t netuid;
    const char *wallet_name, *hotkey_name, *wallet_directory;
    const char *price_multiplier;     /* decimal text, verbatim */
    double price;                     /* the same as a number, 0 when it is none; for showing */
    bool is_list;                     /* v1 worker list; else a table of sizes */
    const struct worker_size *worker; /* list entries have count 1 */
    size_t worker_count;
    int64_t total_workers;
    double total_ph;        /* for showing */
    const char *commitment; /* what these workers would publish (auction.md 1.2); NULL: nothing can be built */
    bool no_network;        /* no name or URL that the miner could connect to (auction.md 1) */
    const char *warning;    /* loads, but no commitment can be built or it never wins; NULL */
};
/* NULL with the sentence of auction.md 1, prefixed by name. */
const struct auction_config *auction_config_parse(struct arena *a, struct bytes toml, const char *name, struct err *e);

#endif
