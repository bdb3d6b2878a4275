/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is in the subnet: validators that say prices a block into each window, miners that bid a block later, and hotkeys that
 * act by what they sign. */
#include "sim/chain.h"

#include "auction/prices.h"
#include "auction/window.h"
#include "sim/text.h"

#include <string.h>

enum { RENEW_BLOCKS = 300, SIZES = 4, PRICE_PLACE = 1, BID_PLACE = 2 };

/* ---- accounts ----------------------------------------------------------------------------------------------------- */

struct chain_account *chain_account(struct sim_chain *c, const uint8_t key[32], bool make)
{
    for (size_t i = 0; i < c->accounts; i++)
        if (memcmp(c->account[i].key, key, 32) == 0)
            return &c->account[i];
    if (!make || c->accounts == CHAIN_ACCOUNTS)
        return NULL;
    struct chain_account *a = &c->account[c->accounts++];
    *a = (struct chain_account){.uid = -1};
    memcpy(a->key, key, 32);
    return a;
}

struct chain_account *chain_register(struct sim_chain *c, const uint8_t key[32], uint64_t stake_rao)
{
    struct chain_account *a = chain_account(c, key, true);
    int uid = 0;
    for (size_t i = 0; i < c->accounts; i++)
        uid = c->account[i].uid >= uid ? c->account[i].uid + 1 : uid;
    if (a && a->uid < 0)
        a->uid = uid;
    if (a)
        a->stake_rao = stake_rao;
    return a;
}

const struct chain_state *chain_state_at(const struct chain_account *a, int64_t block)
{
    static const struct chain_state nothing = {.committed = -1};
    size_t n = a->states;
    while (n > 0 && a->state[n - 1].block > block)
        n--;
    return n ? &a->state[n - 1] : &nothing;
}

struct chain_state *chain_change(struct sim_chain *c, struct chain_account *a, int64_t block)
{
    struct chain_state now = *chain_state_at(a, block);
    size_t bytes = sizeof *a->state;
    if (a->states > 0 && a->state[a->states - 1].block == block)
        return &a->state[a->states - 1];
    if (a->states == CHAIN_CHANGES) { /* the older half is before everything that is still asked */
        a->states /= 2;
        memmove(a->state, a->state + a->states, a->states * bytes);
    } else if (a->states == a->room) {
        size_t room = a->room ? a->room * 2 : 2;
        a->state = arena_grow(&c->arena, a->state, a->room * bytes, room * bytes);
        a->room = room;
    }
    now.block = block;
    a->state[a->states] = now;
    return &a->state[a->states++];
}

bool chain_commit(struct sim_chain *c, struct chain_account *a, int64_t block, struct bytes text)
{
    if (text.len > 128)
        return false;
    struct chain_state *s = chain_change(c, a, block);
    s->committed = block;
    s->info[0] = 4; /* one field */
    s->info[1] = (uint8_t)(text.len + 1);
    memcpy(s->info + 2, text.at, text.len);
    s->info_len = text.len + 2;
    return true;
}

/* ---- what they say ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *key;
    int64_t milliardths; /* about */
} prices[] = {{"ALPHA_TAO", 37639265}, {"HASHP_USDC", 50000000000}, {"TAO_USDC", 45000000000}, {"cap", 400000000}};
enum { PRICES = sizeof prices / sizeof *prices };

static struct fp18 made_up(struct sim_chain *c, struct arena *a, int64_t about)
{
    int64_t v = about + about / 1000 * random_between(&c->random, -4, 4);
    const int64_t whole = 1000000000;
    return fp18_of(arena_text(a, "%lld.%09lld", (long long)(v / whole), (long long)(v % whole)));
}

static size_t given_prices(const char *text, struct price *out, size_t room)
{
    struct bytes rest = bytes_of(text);
    size_t n = 0;
    while (rest.len > 0 && n < room) {
        struct bytes pair = {rest.at, bytes_find(rest, ";")};
        size_t equals = bytes_find(pair, "=");
        out[n].key = (struct bytes){pair.at, equals};
        n += fp18_parse(bytes_from(pair, equals + 1), &out[n].value);
        rest = bytes_from(rest, pair.len + 1);
    }
    return n;
}

static void say_prices(struct sim_chain *c, struct chain_account *v, int64_t block)
{
    static const uint8_t none[BAN_BYTES] = {0};
    struct arena a = {0};
    struct price p[8];
    size_t n = PRICES;
    for (size_t i = 0; i < PRICES; i++)
        p[i] = (struct price){bytes_of(prices[i].key), made_up(c, &a, prices[i].milliardths)};
    if (c->setup.prices)
        n = given_prices(c->setup.prices, p, sizeof p / sizeof *p);
    struct bytes raw = prices_encode(&a, p, n, none, NULL);
    if (raw.at)
        chain_commit(c, v, block, raw);
    arena_release(&a);
}

static void bid(struct sim_chain *c, struct chain_account *m, int64_t block)
{
    static const char *const size[SIZES] = {"0.1", "0.2", "0.25", "0.45"};
    struct arena a = {0};
    struct fp18 price =
        fp18_of(arena_text(&a, "%lld.%03lld", (long long)m->price_milli / 1000, (long long)m->price_milli % 1000));
    struct bid b[SIZES];
    for (int i = 0; i < SIZES; i++)
        b[i] = (struct bid){fp18_of(size[i]), price, 1 + m->workers * (i + 1) % 7};
    const char *text = bids_encode(&a, b, SIZES, NULL);
    if (text)
        chain_commit(c, m, block, bytes_of(text));
    arena_release(&a);
}

static void perhaps_bid(struct sim_chain *c, struct chain_account *m)
{
    bool moves = random_chance(&c->random, 0.1);
    if (moves)
        m->price_milli = random_between(&c->random, 930, 1060);
    if (moves || c->head - chain_state_at(m, c->head)->committed >= RENEW_BLOCKS)
        bid(c, m, c->head);
}

void chain_people_act(struct sim_chain *c)
{
    struct window w = window_of(c->head, c->setup.netuid, c->setup.tempo);
    int64_t place = c->head - w.start;
    for (size_t i = 0; i < c->accounts; i++) {
        struct chain_account *a = &c->account[i];
        if (a->role == CHAIN_VALIDATOR && place == PRICE_PLACE)
            say_prices(c, a, c->head);
        if (a->role == CHAIN_MINER && place == BID_PLACE)
            perhaps_bid(c, a);
    }
}

/* Made-up accounts have no secret: nobody signs for them. */
static struct chain_account *made_up_account(struct sim_chain *c, enum chain_role role, uint64_t stake_rao)
{
    uint64_t words[3] = {c->setup.seed, role, c->accounts};
    uint8_t key[32];
    blake2b(key, sizeof key, (struct bytes){(const char *)words, sizeof words});
    struct chain_account *a = chain_register(c, key, stake_rao);
    if (a)
        a->role = role;
    return a;
}

void chain_people_open(struct sim_chain *c)
{
    const int64_t rao = 1000000000;
    for (int64_t i = 0; i < c->setup.validators; i++) {
        uint64_t stake = (uint64_t)(random_between(&c->random, 2000, 20000) * rao);
        struct chain_account *v = made_up_account(c, CHAIN_VALIDATOR, stake);
        if (v)
            say_prices(c, v, c->head - WINDOW_BLOCKS);
    }
    for (int64_t i = 0; i < c->setup.miners; i++) {
        struct chain_account *m = made_up_account(c, CHAIN_MINER, 0);
        if (!m)
            return;
        m->price_milli = random_between(&c->random, 930, 1060);
        m->workers = random_between(&c->random, 1, 6);
        bid(c, m, c->head - random_between(&c->random, WINDOW_BLOCKS, RENEW_BLOCKS));
    }
}
