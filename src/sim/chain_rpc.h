/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated chain as a node: JSON-RPC 2.0, one question or a batch, parameters in order or by name, and what goes wrong on
 * demand. Beside a node's own methods there are sim_..., with which a test moves the chain (chain_admin.c). */
#ifndef DAVY_SIM_CHAIN_RPC_H
#define DAVY_SIM_CHAIN_RPC_H

#include "base/json.h"
#include "sim/chain.h"

/* What a POST meets. Some make the line bad, some make the node tell something else than the chain. */
enum chain_fault {
    CHAIN_FINE,
    CHAIN_429,
    CHAIN_500,
    CHAIN_BEHIND, /* a node that is thirty blocks late */
    CHAIN_CUT,    /* the answer is cut in its middle */
    CHAIN_HTML,   /* somebody else's page */
    CHAIN_LOST,   /* what is sent is taken and goes into no block */
    CHAIN_NO_BATCH,
    CHAIN_SLOW,
    CHAIN_STUCK, /* a node whose head stands where it stood when the fault was first met */
    CHAIN_FAULTS
};
enum chain_fault chain_fault_of(struct bytes word, bool *known); /* of "ok", "429", ... */

enum { CHAIN_METHODS = 32, CHAIN_FAULT_QUEUE = 256 };
struct chain_node {
    struct sim_chain *chain;
    uint64_t asked[CHAIN_METHODS]; /* by method, as sim_state tells them */
    uint64_t posts;
    uint8_t queue[CHAIN_FAULT_QUEUE]; /* enum chain_fault of the next posts */
    size_t queued, met;
    enum chain_fault always; /* behind them */
    int64_t stuck_at;        /* 0: not yet */
    int64_t now_ms;          /* of the question under way */
};
/* Which fault the next POST to this path meets: "/slow" asks for one by itself. Those that ask sim_... meet none. */
enum chain_fault chain_node_fault(struct chain_node *n, const char *path, struct bytes body);
/* The answer to a body; a new reference. Time is the caller's. */
json_t *chain_node_answer(struct chain_node *n, struct bytes body, enum chain_fault fault, int64_t now_ms);

/* Between chain_rpc.c, chain_methods.c and chain_admin.c: one question. */
struct chain_ask {
    struct chain_node *node;
    struct sim_chain *chain;
    struct arena *arena;
    const struct chain_method *method;
    const json_t *params;
    enum chain_fault fault;
    int64_t head, finalized; /* as this node tells them */
    int64_t code;            /* of an error, with its words */
    const char *message, *data;
};
typedef json_t *chain_answer_fn(struct chain_ask *k); /* NULL: k->code says why */
struct chain_method {
    const char *name;
    chain_answer_fn *answer;
    const char *param[4]; /* their names */
};
extern const struct chain_method chain_methods[], chain_admin[]; /* .name NULL at the end */
const json_t *chain_param(const struct chain_ask *k, int place);
json_t *chain_wrong(struct chain_ask *k, int64_t code, const char *message, const char *data); /* NULL */
json_t *chain_hex(const struct chain_ask *k, struct bytes raw);
json_t *chain_node_counts(const struct chain_node *n); /* how often which method was asked */
bool chain_ask_hex(struct chain_ask *k, int place, struct bytes *out);
struct bytes chain_text(const json_t *v);                                /* of a string; empty else */
bool chain_ask_account(struct chain_ask *k, int place, uint8_t key[32]); /* an address */

#endif
