/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the simulated rig wants done to the world. sim/ only says it; cmd/sim_rig.c does it, in the manner of the real
 * writers (rig-files.md 1): appended lines are one write(), documents rewritten in place are one truncate and one write. */
#ifndef DAVY_SIM_ORDERS_H
#define DAVY_SIM_ORDERS_H

#include "base/arena.h"

enum sim_file { /* alphabetical by what it is; the paths are in orders.c */
                SIM_AUCTION_STATUS,
                SIM_BUDGETS,
                SIM_CHECKLIST,
                SIM_CONFIG,
                SIM_DAVY_TOML,
                SIM_HEARTBEAT,
                SIM_HISTORY,
                SIM_LOG,
                SIM_METRICS,
                SIM_MODULES,
                SIM_PID, /* written with the daemon's start: only the world knows the number */
                SIM_START_SCRIPT,
                SIM_STATE, /* written by the daemon itself */
                SIM_STATUS,
                SIM_STOP_SCRIPT,
                SIM_FILES
};
const char *sim_path(enum sim_file file); /* relative to the rig's folder */

enum sim_act {
    SIM_APPEND,       /* O_APPEND, one write */
    SIM_REWRITE,      /* O_TRUNC in place, one write */
    SIM_REPLACE,      /* temporary file and rename */
    SIM_REMOVE,       /* content empty */
    SIM_TELL,         /* a stage, to whoever writes the status file; content empty */
    SIM_DAEMON_START, /* content empty; the pid file follows */
    SIM_DAEMON_KILL,  /* SIGKILL: pid file and "running" stay behind */
};
enum sim_telling { SIM_STARTED, SIM_COMPLETED, SIM_FAILED };
struct sim_told { /* an event of a stage, of SIM_TELL */
    enum sim_telling what;
    int number;
    const char *message, *username; /* live as long as the arena */
};
struct sim_order {
    enum sim_act act;
    enum sim_file file;
    struct bytes content; /* lives as long as the arena */
    int64_t age_ms;       /* set the file's time back by this much; 0: leave it */
    bool executable;
    struct sim_told told;
};
struct sim_orders { /* filled in by sim_step(); all zero but the arena to begin with */
    struct arena *arena;
    struct sim_order *order;
    size_t count, room;
};
struct sim_order *order_add(struct sim_orders *o, enum sim_act act, enum sim_file file, struct bytes content);

#endif
