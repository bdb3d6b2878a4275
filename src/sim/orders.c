/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/orders.h"

static const char *const paths[SIM_FILES] = {
    [SIM_AUCTION_STATUS] = "state/auction-status.json",
    [SIM_BUDGETS] = "config/token-budgets.json",
    [SIM_CHECKLIST] = "HEARTBEAT.md",
    [SIM_CONFIG] = "config.toml",
    [SIM_DAVY_TOML] = "davy.toml",
    [SIM_HEARTBEAT] = "memory/heartbeat-state.json",
    [SIM_HISTORY] = "state/task-history.jsonl",
    [SIM_LOG] = "logs/miner.log",
    [SIM_METRICS] = "state/performance-metrics.json",
    [SIM_MODULES] = "state/davy/run.json",
    [SIM_PID] = "state/miner.pid",
    [SIM_START_SCRIPT] = "scripts/start-miner.sh",
    [SIM_STATE] = "state/miner-state.json",
    [SIM_STATUS] = "miner_status.json",
    [SIM_STOP_SCRIPT] = "scripts/stop-miner.sh",
};

const char *sim_path(enum sim_file file)
{
    return paths[file];
}

struct sim_order *order_add(struct sim_orders *o, enum sim_act act, enum sim_file file, struct bytes content)
{
    if (o->count == o->room) {
        size_t room = o->room ? o->room * 2 : 16;
        o->order = arena_grow(o->arena, o->order, o->count * sizeof *o->order, room * sizeof *o->order);
        o->room = room;
    }
    struct sim_order *order = &o->order[o->count++];
    *order = (struct sim_order){.act = act, .file = file, .content = content};
    return order;
}
