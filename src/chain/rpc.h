/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON-RPC 2.0 as messages: questions to text, answers from bytes. One question is one object, several are a batch; answers
 * of a batch come in any order and are sorted by their ids. Answers are hostile: one that is missing, doubled, or without
 * sense is a failed answer with a sentence, never somebody else's result. */
#ifndef DAVY_CHAIN_RPC_H
#define DAVY_CHAIN_RPC_H

#include "base/json.h"

struct rpc_question {
    const char *method;
    const char *params; /* a JSON array, made of numbers and hex by whoever asks; NULL: [] */
};
/* Ids are 1, 2, ... in order. The text lives in the arena. */
struct bytes rpc_body(struct arena *a, const struct rpc_question *q, size_t count);

struct rpc_answer {
    bool ok;
    const json_t *result; /* when ok; may be null */
    int64_t code;         /* of the node's error; 0: it said none */
    const char *why;      /* when not ok: one sentence, safe text */
};
struct rpc_answers {
    struct rpc_answer *at; /* count of them, by question; in the arena */
    json_t *root;          /* what the results belong to */
};
/* false with the sentence: what came is no answer to these questions at all (another endpoint may give one). true: look at
 * each; then rpc_answers_release(). */
bool rpc_answers_read(struct arena *a, struct bytes body, size_t count, struct rpc_answers *out, struct err *e);
/* A whole batch was refused with one error: some nodes take no batches. */
bool rpc_refuses_batch(struct bytes body);
/* Puts more into all from place on (all->at has room), and takes what its results belong to. */
void rpc_answers_join(struct rpc_answers *all, size_t place, struct rpc_answers *more, size_t count);
void rpc_answers_release(struct rpc_answers *r);

/* Results. false: another kind of value. Outputs untouched then. */
bool rpc_hex(struct arena *a, const struct rpc_answer *r, struct bytes *out);        /* "0x..." */
bool rpc_hash(const struct rpc_answer *r, uint8_t out[32]);                          /* of a block */
bool rpc_uint(const struct rpc_answer *r, uint64_t *out);                            /* a JSON number */
bool rpc_header_number(const struct rpc_answer *r, uint64_t *out);                   /* of chain_getHeader */
bool rpc_runtime(const struct rpc_answer *r, uint32_t *spec, uint32_t *transaction); /* of state_getRuntimeVersion */
bool rpc_is_null(const struct rpc_answer *r);                                        /* answered, with nothing */
/* state_getKeysPaged: the keys, in the order of the node. */
bool rpc_keys(struct arena *a, const struct rpc_answer *r, struct bytes **out, size_t *count);
/* state_queryStorageAt: pairs of key and value; .at NULL: no value. */
struct rpc_value {
    struct bytes key, value;
};
bool rpc_values(struct arena *a, const struct rpc_answer *r, struct rpc_value **out, size_t *count);

#endif
