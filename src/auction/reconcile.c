/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/reconcile.h"

#include <string.h>

enum { WORKERS_MOST = 1 << 18 };

/* Takes the next winner that this bid can be; false: there is none left. */
static bool take_winner(const char *hotkey, const struct bid *b, const struct winner *winner, size_t winners,
                        bool *taken)
{
    for (size_t i = 0; i < winners; i++) {
        if (!taken[i] && strcmp(winner[i].hotkey, hotkey) == 0 && fp18_compare(winner[i].price, b->price) == 0 &&
            fp18_compare(fp18_of(winner[i].hashrate), b->hashrate) == 0) {
            taken[i] = true;
            return true;
        }
    }
    return false;
}

static size_t workers_of(const struct bid *own, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count && n < WORKERS_MOST; i++)
        n += own[i].count > 0 && own[i].count <= WORKERS_MOST ? (size_t)own[i].count : 0;
    return n;
}

struct bid_results bids_reconcile(struct arena *a, const char *hotkey, const struct bid *own, size_t count,
                                  const struct winner *winner, size_t winners)
{
    size_t workers = workers_of(own, count);
    bool *taken = arena_array(a, winners + 1, sizeof *taken);
    struct bid_result *result = arena_array(a, workers + 1, sizeof *result);
    struct bid_results out = {.result = result};
    for (size_t i = 0; i < count; i++) {
        bool more = true;
        const char *text = fp18_text(a, own[i].hashrate);
        for (int64_t n = 0; n < own[i].count && out.count < workers; n++) {
            more = more && take_winner(hotkey, &own[i], winner, winners, taken);
            result[out.count++] = (struct bid_result){text, own[i].hashrate, own[i].price, more};
            out.won += more;
        }
    }
    return out;
}
