/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table [mine] of config.toml: what davy-mine does besides what the original miner does. The original ignores the table.
 * What is not set there is asked of the environment variables that the original reads, then it is the default. */
#ifndef DAVY_AUCTION_MINE_CONFIG_H
#define DAVY_AUCTION_MINE_CONFIG_H

#include "base/arena.h"
#include "base/err.h"

enum { MINE_EXEC_MOST = 64, MINE_ENDPOINTS_MOST = 15 };

struct mine_config {
    const char *share;        /* "chain": the subnet's split; else a number of 0 to 1 (1) */
    const char *solver;       /* both, cbc, exact (both) */
    const char *cbc;          /* the program (cbc) */
    int64_t cbc_limit_s;      /* 40 */
    const char *routing;      /* auto, ihp, braiins, none (auto) */
    const char *pools;        /* the proxy's pools.toml; "": the default place */
    const char *pool_name;    /* central-proxy */
    const char *pools_signal; /* touched when pools.toml has changed */
    const char *profile;      /* the Braiins proxy's active_profile.toml */
    const char *profile_signal;
    bool in_place; /* write into the file instead of replacing it: for files that are mounted one by one */
    const char *exec[MINE_EXEC_MOST + 1];           /* a hook's argv; [0] NULL: none */
    int64_t exec_limit_s;                           /* 30 */
    int64_t job_limit_s;                            /* of a whole run of a job (120) */
    const char *endpoints[MINE_ENDPOINTS_MOST + 1]; /* asked when bittensor.network fails; NULL at the end */
    const char *metrics;                            /* a textfile of Prometheus; "": none */
    const char *healthz;                            /* PORT, or ADDRESS:PORT, that tells who asks; "": none */
    int64_t block_ms;                               /* how long the chain takes for a block (12000) */
};
/* What the environment says for a member, by the name of the original's variable; NULL: nothing. */
typedef const char *mine_env_fn(const char *name);
/* NULL with the sentence, prefixed by name and line. The rest of the file is not judged here. */
const struct mine_config *mine_config_parse(struct arena *a, struct bytes toml, const char *name, mine_env_fn *env,
                                            struct err *e);
/* The share as a number; NAN: "chain". */
double mine_config_share(const struct mine_config *c);

#endif
