/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done with a window's result (auction.md 6): the proxy's file, and the owner's hook. */
#ifndef DAVY_CMD_MINE_ROUTE_H
#define DAVY_CMD_MINE_ROUTE_H

#include "auction/mine_config.h"
#include "auction/pools.h"
#include "auction/result.h"

struct mine_routed {
    const char *mode; /* ihp, braiins, none */
    const char *path; /* the file; NULL for none */
    enum route_state state;
    const char *target;            /* ihp: the text; NULL */
    size_t matched;                /* ihp: pools of the name */
    struct braiins_change braiins; /* braiins: the weights; without the text */
    const char *trouble;           /* the file could not be read or written, or nobody could be told; NULL */
    bool hooked;                   /* the hook ran, and ended with 0 */
    const char *hook_trouble;      /* NULL */
};
/* Does all of it, one after the other; what fails is told in out and does not keep the rest from being done. result is what
 * the hook reads. Files are written, and a program may run for as long as exec_limit_s. */
void mine_route_result(struct arena *a, const struct mine_config *c, const struct bid_results *mine,
                       const json_t *result, struct mine_routed *out);
/* What getenv() says, for mine_config_parse(). */
const char *mine_env(const char *name);

#endif
