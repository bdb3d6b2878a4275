/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket of davy-sim chain: HTTP/1.1 on 127.0.0.1, POST only, everything bounded; what goes wrong on demand goes wrong
 * here. */
#ifndef DAVY_CMD_SIM_CHAIN_H
#define DAVY_CMD_SIM_CHAIN_H

#include "loop/loop.h"
#include "sim/chain_rpc.h"

struct chain_http;
struct chain_http_setup {
    struct loop *loop; /* the caller's, as the node is; both live longer */
    struct chain_node *node;
    uint16_t port; /* 0: any */
    int64_t slow_ms;
    loop_timer_fn *after; /* a question was answered */
    void *ctx;
};
/* Binds the port; who asks has to wait until chain_http_serve(). NULL with the sentence. */
struct chain_http *chain_http_open(const struct chain_http_setup *setup, struct err *e);
bool chain_http_serve(struct chain_http *h, struct err *e);
int chain_http_port(const struct chain_http *h);
void chain_http_close(struct chain_http *h);

#endif
