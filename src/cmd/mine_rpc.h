/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking a chain: batches of JSON-RPC questions, POSTed to the first healthy endpoint, tried again at another one when it
 * fails, until a limit. What counts as a failure of the endpoint: no whole answer, a status other than 200, an answer that
 * is none, a node that stands still. An error that the node reports to one question is an answer, and the asker's to judge.
 *
 * A question is asked again when nobody knows whether it arrived. That is safe for all that davy asks: an extrinsic is the
 * same extrinsic however often it is sent.
 *
 * A node that refuses batches is asked one question after the other.
 *
 * One batch at a time; rpc_ask() runs the loop until it is answered. Who has more to do than to wait gives a callback. */
#ifndef DAVY_CMD_MINE_RPC_H
#define DAVY_CMD_MINE_RPC_H

#include "chain/endpoints.h"
#include "chain/rpc.h"
#include "loop/fetch.h"

struct mine_rpc;

struct mine_rpc_limits {
    int64_t try_ms;      /* for one try; 0: 15 s */
    int64_t all_ms;      /* for all tries of a batch together; 0: 45 s */
    size_t answer_bytes; /* 0: 16 MiB */
};
typedef void mine_rpc_fn(void *ctx, struct rpc_answers *answers, const struct err *e); /* answers NULL: e says why */

/* The endpoints are the caller's and show how they are. The loop outlives it. */
struct mine_rpc *mine_rpc_open(struct loop *l, struct endpoints *endpoints, const struct mine_rpc_limits *limits,
                               struct err *e);
void mine_rpc_close(struct mine_rpc *r);
/* Answers live in the arena until rpc_answers_release(). false with the sentence: nobody answered in time. */
bool mine_rpc_ask(struct mine_rpc *r, struct arena *a, const struct rpc_question *q, size_t count,
                  struct rpc_answers *out, struct err *e);
/* The same without waiting: fn is called once from the loop; it releases the answers. */
void mine_rpc_start(struct mine_rpc *r, struct arena *a, const struct rpc_question *q, size_t count, mine_rpc_fn *fn,
                    void *ctx);
/* The head that the last answers told of: a node that stands still or lags is not the next one to be asked. */
void mine_rpc_head(struct mine_rpc *r, uint64_t block);
struct endpoint *mine_rpc_endpoint(const struct mine_rpc *r); /* who gave the last answers; NULL: nobody yet */

#endif
