/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A chain that a miner cannot tell from a real one by asking: blocks, epochs, finality that lags, branches that are given up,
 * neurons with stake, and their commitments with prices and bans. What is signed for it is verified as a node verifies it.
 * Pure and seeded: the same setup and the same calls give the same chain. The caller owns the struct and tells the time;
 * memory comes from the struct's arena. Times are milliseconds of the epoch, amounts rao. */
#ifndef DAVY_SIM_CHAIN_H
#define DAVY_SIM_CHAIN_H

#include "chain/extrinsic.h"
#include "sim/random.h"

enum {
    CHAIN_KEEP = 1024, /* blocks whose state is still there; older ones are refused, as nodes without an archive do */
    CHAIN_ACCOUNTS = 300,
    CHAIN_CHANGES = 128, /* of one account that are remembered */
    CHAIN_INFO = 400,    /* bytes of a commitment with all its fields */
    CHAIN_FORKS = 1024,
    CHAIN_SENT = 256,       /* extrinsics that are remembered, waiting or not */
    CHAIN_EXTRINSIC = 2048, /* bytes of the largest one */
    CHAIN_SPLITS = 8
};

struct sim_chain_setup {
    uint64_t seed;
    uint16_t netuid, tempo;
    int64_t head;     /* where the story begins; 0: the seed says */
    int64_t block_ms; /* between two blocks */
    int64_t lag;      /* of finality, in blocks */
    int64_t forks;    /* about every so many blocks one to three are replaced; 0: never */
    int64_t skips;    /* percent of the blocks that come a block's time late */
    int64_t miners, validators;
    const char *prices; /* KEY=PRICE;..., what every validator says; NULL: each its own, about the same */
};

struct chain_state { /* of one account, from a block on */
    int64_t block;
    uint64_t nonce, free_rao;
    uint64_t used_epoch, used; /* bytes of commitments */
    int64_t committed;         /* when; -1: never */
    size_t info_len;
    uint8_t info[CHAIN_INFO]; /* SCALE, as it was committed */
};
enum chain_role { CHAIN_SIGNER, CHAIN_VALIDATOR, CHAIN_MINER };
struct chain_account {
    uint8_t key[32];
    enum chain_role role; /* who acts by itself */
    int uid;              /* -1: not registered */
    uint64_t stake_rao;
    int64_t price_milli, workers; /* of a miner */
    struct chain_state *state;    /* by block */
    size_t states, room;
};
struct chain_sent {
    uint8_t bytes[CHAIN_EXTRINSIC];
    size_t len;
    uint8_t hash[32], account[32];
    uint64_t nonce;
    int64_t block;     /* 0: it waits; -1: it was dropped */
    const char *error; /* of its call, in the runtime's words; NULL: none */
};

struct sim_chain {
    struct sim_chain_setup setup;
    struct arena arena;
    struct sim_random random;
    const struct metadata *metadata;
    struct bytes raw[2]; /* of V14 and V15 */
    int64_t head, finalized, next_ms;
    bool finality_held;
    int64_t made_ms[CHAIN_KEEP];
    struct chain_fork {
        int64_t from; /* blocks from here on are of another branch than those before had said */
    } fork[CHAIN_FORKS];
    size_t forks;
    struct chain_account account[CHAIN_ACCOUNTS];
    size_t accounts;
    struct chain_sent sent[CHAIN_SENT]; /* a ring */
    size_t sents;                       /* ever */
    uint16_t split[CHAIN_SPLITS];
    size_t splits;
};

void chain_open(struct sim_chain *c, const struct sim_chain_setup *setup, int64_t now_ms);
void chain_close(struct sim_chain *c);
/* Makes the blocks that are due. After a long sleep the lost ones are skipped, not made up for. */
void chain_step(struct sim_chain *c, int64_t now_ms);
void chain_advance(struct sim_chain *c, int64_t blocks, int64_t now_ms); /* at once; the clock goes on from here */
/* Gives up the last blocks, never finalized ones. What was sent in them waits again. The number that went. */
int64_t chain_reorganise(struct sim_chain *c, int64_t blocks);

void chain_hash(const struct sim_chain *c, int64_t block, uint8_t out[32]);
bool chain_block(const struct sim_chain *c, const uint8_t hash[32], int64_t *block); /* false: not on this branch */
int64_t chain_made_ms(const struct sim_chain *c, int64_t block);
uint64_t chain_epoch(const struct sim_chain *c, int64_t block);

/* chain_people.c: accounts. NULL: none, or no room for another. */
struct chain_account *chain_account(struct sim_chain *c, const uint8_t key[32], bool make);
struct chain_account *chain_register(struct sim_chain *c, const uint8_t key[32], uint64_t stake_rao);
/* As it was at that block; never NULL: an account without a past is all zero. */
const struct chain_state *chain_state_at(const struct chain_account *a, int64_t block);
struct chain_state *chain_change(struct sim_chain *c, struct chain_account *a, int64_t block); /* to be written to */
bool chain_commit(struct sim_chain *c, struct chain_account *a, int64_t block, struct bytes text); /* one raw field */
void chain_people_open(struct sim_chain *c);
void chain_people_act(struct sim_chain *c); /* in the newest block */

/* chain_pool.c: what is sent. code 0: taken, and hash is told; else the node's number, with its words. */
struct chain_verdict {
    int64_t code;
    const char *message, *data; /* static */
};
struct chain_verdict chain_submit(struct sim_chain *c, struct bytes extrinsic, uint8_t hash[32]);
void chain_include(struct sim_chain *c); /* what waits goes into the newest block */
uint64_t chain_next_nonce(const struct sim_chain *c, const uint8_t key[32]);

/* chain_storage.c: keys in their order, and values, at a block. value.at NULL: none, and there is no default either. */
struct chain_entry {
    struct bytes key, value;
};
size_t chain_entries(struct sim_chain *c, struct arena *a, int64_t block, struct bytes prefix,
                     struct chain_entry **out);
/* The answer of a runtime API; .at NULL: there is none of that name. */
struct bytes chain_call(struct sim_chain *c, struct arena *a, int64_t block, const char *method, struct bytes in);

#endif
