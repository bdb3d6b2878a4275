/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of the proxies that send hashrate where it was won (auction.md 6): texts in, texts out, every byte kept that has
 * not to change. */
#ifndef DAVY_AUCTION_POOLS_H
#define DAVY_AUCTION_POOLS_H

#include "base/arena.h"
#include "base/err.h"

enum route_state {
    ROUTE_UPDATED,
    ROUTE_SAME,        /* it says so already: nothing is written, nobody is told */
    ROUTE_NO_FILE,     /* there is no proxy here */
    ROUTE_NO_SECTION,  /* no [pools] */
    ROUTE_NO_ENTRIES,  /* no [[pools.main]] */
    ROUTE_NO_MATCH,    /* no pool, or not both goals, of that name */
    ROUTE_NO_HASHRATE, /* nothing bid: there is nothing to divide */
    ROUTE_STATES
};
extern const char *const route_state_names[ROUTE_STATES]; /* "updated", "same", "no file", ... */

/* So many PH as the proxy reads them: 0.45 -> 450TH/s; three decimals, and never below 0. */
const char *pools_target(struct arena *a, double ph);

struct pools_change {
    enum route_state state;
    struct bytes text; /* ROUTE_UPDATED: the new file */
    size_t matched;    /* pools of that name */
};
/* pools.toml: target_hashrate of every main pool of that name (blanks around and case do not count) becomes target, and its
 * weight goes away. file is its name for the sentence. */
bool pools_update(struct arena *a, struct bytes text, const char *file, const char *name, const char *target,
                  struct pools_change *out, struct err *e);

struct braiins_change {
    enum route_state state;
    struct bytes text;
    int64_t luxor, usual;         /* the new weights; 2^32 in sum */
    int64_t old_luxor, old_usual; /* NOT_KNOWN: none, or no integer */
};
/* active_profile.toml: hr_weight of the two goals is in the proportion of what was won and lost. */
bool braiins_update(struct arena *a, struct bytes text, const char *file, double won_ph, double lost_ph,
                    struct braiins_change *out, struct err *e);

#endif
