/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks of the simulated chain: when they come, what they are called, and which of them are given up. */
#include "sim/chain.h"

#include "sim/runtime.h"

#include <string.h>

enum { CATCH_UP = 256, FORK_MOST = 3, V14 = 14 };

/* ---- names -------------------------------------------------------------------------------------------------------- */

static uint64_t branch_of(const struct sim_chain *c, int64_t block)
{
    size_t n = c->forks;
    while (n > 0 && c->fork[n - 1].from > block)
        n--;
    return n ? (uint64_t)c->fork[n - 1].from << 16 | n : 0;
}

/* The number of the block is folded into the first bytes, so that no table has to tell which block a hash means. */
void chain_hash(const struct sim_chain *c, int64_t block, uint8_t out[32])
{
    uint64_t words[3] = {c->setup.seed, (uint64_t)block, branch_of(c, block)};
    blake2b(out, 32, (struct bytes){(const char *)words, sizeof words});
    for (int i = 0; i < 4; i++)
        out[i] = out[4 + i] ^ (uint8_t)(block >> 8 * i);
}

bool chain_block(const struct sim_chain *c, const uint8_t hash[32], int64_t *block)
{
    uint8_t own[32];
    int64_t number = 0;
    for (int i = 0; i < 4; i++)
        number |= (int64_t)(hash[i] ^ hash[4 + i]) << 8 * i;
    if (number > c->head)
        return false;
    chain_hash(c, number, own);
    if (memcmp(own, hash, sizeof own) != 0)
        return false;
    *block = number;
    return true;
}

int64_t chain_made_ms(const struct sim_chain *c, int64_t block)
{
    if (block > c->head - CHAIN_KEEP && block >= c->setup.head)
        return c->made_ms[block % CHAIN_KEEP];
    return c->made_ms[c->setup.head % CHAIN_KEEP] - (c->setup.head - block) * c->setup.block_ms;
}

uint64_t chain_epoch(const struct sim_chain *c, int64_t block)
{
    return (uint64_t)(block + c->setup.netuid + 1) / (c->setup.tempo + 1u);
}

/* ---- branches ----------------------------------------------------------------------------------------------------- */

static void forget_after(struct sim_chain *c, int64_t block)
{
    for (size_t i = 0; i < c->accounts; i++)
        while (c->account[i].states && c->account[i].state[c->account[i].states - 1].block > block)
            c->account[i].states--;
    for (size_t i = 0; i < CHAIN_SENT; i++)
        if (c->sent[i].block > block)
            c->sent[i].block = 0;
}

int64_t chain_reorganise(struct sim_chain *c, int64_t blocks)
{
    int64_t most = c->head - c->finalized;
    blocks = blocks < most ? blocks : most;
    if (blocks < 1 || c->forks == CHAIN_FORKS)
        return 0;
    c->head -= blocks;
    c->fork[c->forks++].from = c->head + 1;
    forget_after(c, c->head);
    return blocks;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------- */

static void finalize(struct sim_chain *c)
{
    int64_t to = c->head - c->setup.lag;
    if (!c->finality_held && to > c->finalized)
        c->finalized = to;
}

static void make_block(struct sim_chain *c, int64_t at_ms)
{
    c->head++;
    c->made_ms[c->head % CHAIN_KEEP] = at_ms;
    chain_people_act(c);
    chain_include(c);
    finalize(c);
}

/* Another branch has won: it is longer than ours. */
static void perhaps_fork(struct sim_chain *c, int64_t at_ms)
{
    if (c->setup.forks == 0 || !random_chance(&c->random, 1.0 / (double)c->setup.forks))
        return;
    for (int64_t lost = chain_reorganise(c, random_between(&c->random, 1, FORK_MOST)); lost > 0; lost--)
        make_block(c, at_ms);
}

static int64_t gap_ms(struct sim_chain *c)
{
    bool late = c->setup.skips > 0 && random_chance(&c->random, (double)c->setup.skips / 100);
    return c->setup.block_ms * (late ? 2 : 1);
}

void chain_step(struct sim_chain *c, int64_t now_ms)
{
    for (int made = 0; c->next_ms <= now_ms && made < CATCH_UP; made++) {
        perhaps_fork(c, c->next_ms);
        make_block(c, c->next_ms);
        c->next_ms += gap_ms(c);
    }
    if (c->next_ms <= now_ms)
        c->next_ms = now_ms + c->setup.block_ms;
}

void chain_advance(struct sim_chain *c, int64_t blocks, int64_t now_ms)
{
    while (blocks-- > 0)
        make_block(c, now_ms);
    c->next_ms = now_ms + c->setup.block_ms;
}

void chain_open(struct sim_chain *c, const struct sim_chain_setup *setup, int64_t now_ms)
{
    const int64_t usual = 7500000, wide = 400000;
    *c = (struct sim_chain){.setup = *setup};
    random_seed(&c->random, setup->seed);
    int64_t head = usual + random_between(&c->random, 0, wide);
    if (c->setup.head == 0)
        c->setup.head = head;
    c->head = c->finalized = c->setup.head;
    c->finalized -= c->head > setup->lag ? setup->lag : c->head;
    c->made_ms[c->head % CHAIN_KEEP] = now_ms;
    c->next_ms = now_ms + setup->block_ms;
    for (unsigned i = 0; i < 2; i++)
        c->raw[i] = runtime_metadata(&c->arena, V14 + i);
    c->metadata = metadata_read(&c->arena, c->raw[1], NULL);
    chain_people_open(c);
}

void chain_close(struct sim_chain *c)
{
    arena_release(&c->arena);
}
