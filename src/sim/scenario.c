/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/scenario.h"

#include <stddef.h>
#include <string.h>

enum { OWNER_MS = 25000 };

const struct sim_scenario sim_scenarios[] = {
    {
        .name = "auction-missed",
        .help = "auctions are not processed any more: windows pass without a result",
        .auction_missed = true,
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
    },
    {
        .name = "budget",
        .help = "one budget is above 80 %, another above 95 % of the month",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
        .used_claude = 0.962,
        .used_openai = 0.836,
    },
    {
        .name = "budget-exhausted",
        .help = "one budget is used up, another nearly: the miner refuses tasks",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
        .used_claude = 1.014,
        .used_openai = 0.957,
    },
    {
        .name = "budget-not-reset",
        .help = "the month changed and nobody reset the counters",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .not_reset = true,
        .roi = 0.0012,
        .used_claude = 0.71,
        .used_openai = 0.68,
    },
    {
        .name = "busy",
        .help = "everything lives, with a small trouble now and then (the default)",
        .down_ms = OWNER_MS,
        .episodes = true,
        .failing = 0.015,
        .roi = 0.0012,
    },
    {
        .name = "calm",
        .help = "a good day: nothing fails",
        .down_ms = OWNER_MS,
        .roi = 0.0014,
    },
    {
        .name = "chain-lost",
        .help = "the chain stopped answering ten minutes ago: auction-status.json is old",
        .chain_lost = true,
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
    },
    {
        .name = "clock-ahead",
        .help = "the writers' clock is two hours fast: records from the future",
        .clock_ahead = true,
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
    },
    {
        .name = "config-broken",
        .help = "config.toml has both kinds of worker list",
        .config_broken = true,
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
    },
    {
        .name = "daemon-crash",
        .help = "the daemon is killed after 2 seconds, stays down for a minute, and again",
        .crash_after_ms = 2000,
        .down_ms = 60000,
        .failing = 0.01,
        .roi = 0.0012,
    },
    {
        .name = "daemon-hang",
        .help = "the daemon lives but writes no state any more",
        .daemon_hang = true,
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
    },
    {
        .name = "empty",
        .help = "a new rig: no files at first, they come one after another",
        .empty = true,
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
    },
    {
        .name = "files-torn",
        .help = "half-written documents, torn lines, foreign lines, holes in the log",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
        .torn = true,
    },
    {
        .name = "low-score",
        .help = "three bad days: low scores, low success rate, hardly any TAO",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .low_score = 0.41,
        .roi = 0.0003,
    },
    {
        .name = "score-drop",
        .help = "the last ten tasks score far below the fifty before them",
        .dip = true,
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
    },
    {
        .name = "stage-fail",
        .help = "most runs of the pipeline fail",
        .down_ms = OWNER_MS,
        .failing = 0.6,
        .roi = 0.0012,
    },
    {
        .name = "stage-stall",
        .help = "the vector database has been at work for 45 minutes",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
        .stall = true,
    },
    {
        .name = "wallet-error",
        .help = "the wallet does not answer",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
        .wallet_error = true,
    },
    {.name = NULL},
};

const struct sim_scenario *scenario_find(const char *name)
{
    for (const struct sim_scenario *s = sim_scenarios; s->name; s++)
        if (!strcmp(s->name, name))
            return s;
    return NULL;
}
