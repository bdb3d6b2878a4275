/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/scenario.h"

#include "sim/actors.h"

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
        .name = "bittensor-failed",
        .help = "the stage miner runs without the chain: its status line says Bittensor: Failed",
        .bittensor_failed = true,
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
        .trouble = trouble_episodes,
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
        .name = "chain-trouble",
        .help = "the auction miner reaches no endpoint, finality lags, and its two solvers differ",
        .chain_trouble = true,
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
    },
    {
        .name = "checklist-empty",
        .help = "HEARTBEAT.md holds headings and empty bullets only: the agent skips its heartbeat",
        .checklist_empty = true,
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
        .name = "commit-old",
        .help = "the commitment has not been renewed for three hours",
        .commit_old = true,
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
        .name = "config-warning",
        .help = "config.toml bids 1.08: nobody ever pays that",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .overpriced = true,
        .roi = 0.0012,
    },
    {
        .name = "crash-loop",
        .help = "davy-run keeps the stage miner's modules, and one of them dies whenever it is started",
        .crash_loop = true,
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
        .name = "daily-limit",
        .help = "one LLM is asked for more tokens today than its daily limit",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
        .trouble = trouble_glut,
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
        .name = "file-gone",
        .help = "heartbeat-state.json vanishes after four seconds; for a moment each minute it is back",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
        .trouble = trouble_gone,
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
        .name = "heartbeat-overdue",
        .help = "the agent has not run its checks for five hours",
        .agent_asleep = true,
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
    },
    {
        .name = "ipc-errors",
        .help = "somebody starts a second daemon every five minutes, and it cannot take the socket",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .old_trouble = true,
        .roi = 0.0012,
        .trouble = trouble_second,
    },
    {
        .name = "loop-stuck",
        .help = "the stage miner's main loop stands: no more status lines",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .loop_stuck = true,
        .roi = 0.0012,
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
        .name = "module-down",
        .help = "module 2 of the stage miner dies after each restart",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .module_down = true,
        .roi = 0.0012,
    },
    {
        .name = "score-decline",
        .help = "the scores of this week are a quarter below those of the week before",
        .decline = 0.26,
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
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
        .name = "socket-lost",
        .help = "the socket's file was removed under the running daemon",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
        .socket_lost = true,
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
        .name = "two-writers",
        .help = "a second stage miner writes miner_status.json in turn with the first",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .old_trouble = true,
        .roi = 0.0012,
        .trouble = trouble_writers,
    },
    {
        .name = "wallet-error",
        .help = "the wallet does not answer",
        .down_ms = OWNER_MS,
        .failing = 0.01,
        .roi = 0.0012,
        .trouble = trouble_wallet,
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

/* What goes wrong with the auction in these is made up as a whole; what is not there yet, or torn, nobody else may write. */
bool scenario_has_chain(const struct sim_scenario *sc)
{
    return !(sc->auction_missed || sc->bittensor_failed || sc->chain_lost || sc->chain_trouble || sc->clock_ahead ||
             sc->commit_old || sc->config_broken || sc->empty || sc->torn);
}
