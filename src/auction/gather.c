/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/gather.h"

#include "auction/consensus.h"
#include "auction/window.h"
#include "base/timetext.h"

#include <string.h>

static const char *const metric_names[METRIC_COUNT] = {"ALPHA_TAO", "TAO_USDC", "HASHP_USDC", "cap"};

struct voter { /* a neuron with a valid price commitment */
    const struct chain_neuron *neuron;
    const struct prices *prices;
};
struct gathering {
    struct arena *arena;
    const struct auction_facts *facts;
    struct auction_case *out;
    struct voter *voter;
    size_t voters;
};

static const struct chain_neuron *neuron_of(const struct auction_facts *f, const char *hotkey)
{
    for (size_t i = 0; i < f->neurons; i++)
        if (strcmp(f->neuron[i].hotkey, hotkey) == 0)
            return &f->neuron[i];
    return NULL;
}

/* ---- what validators say ------------------------------------------------------------------------------------------ */

static void find_voters(struct gathering *g)
{
    const struct auction_facts *f = g->facts;
    g->voter = arena_array(g->arena, f->commitments + 1, sizeof *g->voter);
    for (size_t i = 0; i < f->commitments; i++) {
        const struct chain_neuron *n = neuron_of(f, f->commitment[i].hotkey);
        const struct prices *p = n ? prices_decode(g->arena, f->commitment[i].raw) : NULL;
        if (p)
            g->voter[g->voters++] = (struct voter){n, p};
    }
}

static void agree_on(struct gathering *g, enum auction_metric m)
{
    struct price_point *point = arena_array(g->arena, g->voters + 1, sizeof *point);
    size_t count = 0;
    for (size_t i = 0; i < g->voters; i++) {
        const struct fp18 *value = prices_find(g->voter[i].prices, metric_names[m]);
        if (value)
            point[count++] = (struct price_point){g->voter[i].neuron->hotkey, *value, g->voter[i].neuron->stake_rao};
    }
    g->out->known[m] = consensus_price(g->arena, point, count, PRICE_GAMMA, &g->out->metric[m]);
}

static void make_budget(struct gathering *g)
{
    struct auction_case *c = g->out;
    for (int m = 0; m < METRIC_COUNT; m++)
        agree_on(g, (enum auction_metric)m);
    c->priced = c->known[METRIC_ALPHA_TAO] && c->known[METRIC_TAO_USDC] && c->known[METRIC_HASHP_USDC];
    const struct budget_prices p = {c->metric[METRIC_ALPHA_TAO],  c->metric[METRIC_TAO_USDC],
                                    c->metric[METRIC_HASHP_USDC], g->facts->share,
                                    c->known[METRIC_CAP],         c->metric[METRIC_CAP]};
    if (c->priced)
        c->budget = budget_of(g->arena, &p);
}

static void make_bans(struct gathering *g)
{
    struct ban_vote *vote = arena_array(g->arena, g->voters + 1, sizeof *vote);
    for (size_t i = 0; i < g->voters; i++)
        vote[i] = (struct ban_vote){g->voter[i].prices, g->voter[i].neuron->stake_rao};
    g->out->ban_stake = consensus_bans(vote, g->voters, g->out->ban);
}

/* ---- who bids ----------------------------------------------------------------------------------------------------- */

static bool is_stale(const struct auction_facts *f, const struct chain_commitment *c)
{
    return c->block != NOT_KNOWN && (f->start - c->block) * BLOCK_SECONDS >= COMMITMENT_MOST_AGE_S;
}

static bool is_banned(const struct gathering *g, const char *hotkey)
{
    const struct chain_neuron *n = neuron_of(g->facts, hotkey);
    return n && n->uid < BAN_UIDS && (g->out->ban[n->uid / 8] >> n->uid % 8 & 1) != 0;
}

static void find_bidders(struct gathering *g)
{
    const struct auction_facts *f = g->facts;
    struct bidder *bidder = arena_array(g->arena, f->commitments + 1, sizeof *bidder);
    for (size_t i = 0; i < f->commitments; i++) {
        const struct chain_commitment *c = &f->commitment[i];
        const struct bids *b = bids_decode(g->arena, c->raw);
        if (!b || (f->start >= V2_ONLY_SWITCH_BLOCK && b->version < COMMITMENT_V2))
            continue;
        bool stale = is_stale(f, c), banned = !stale && is_banned(g, c->hotkey);
        g->out->total++;
        g->out->stale += stale;
        g->out->banned += banned;
        if (!stale && !banned)
            bidder[g->out->bidders++] = (struct bidder){c->hotkey, b->bid, b->count};
    }
    g->out->bidder = bidder;
}

bool auction_gather(struct arena *a, const struct auction_facts *f, struct auction_case *out, struct err *e)
{
    struct auction_case made = {.bidders = 0};
    struct gathering g = {.arena = a, .facts = f, .out = &made};
    find_voters(&g);
    make_bans(&g);
    find_bidders(&g);
    make_budget(&g);
    if (!items_make(a, made.bidder, made.bidders, made.budget.capped_ph, MAX_MULTIPLIER, &made.items, e))
        return false;
    *out = made;
    return true;
}

const struct bidder *auction_bidder(const struct auction_case *c, const char *hotkey)
{
    for (size_t i = 0; i < c->bidders; i++)
        if (strcmp(c->bidder[i].hotkey, hotkey) == 0)
            return &c->bidder[i];
    return NULL;
}
