/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The auction miner of a simulated rig: a real davy-mine on a simulated chain, which is a node on 127.0.0.1 in this process.
 * Its hotkey is made in the rig's folder. davy-mine ends with us, however we end. */
#ifndef DAVY_CMD_SIM_MINER_H
#define DAVY_CMD_SIM_MINER_H

#include "loop/loop.h"
#include "sim/rig.h"

struct sim_miner;
struct sim_miner_setup {
    struct loop *loop;
    int dir_fd;
    const char *dir;     /* of the rig, absolute */
    const char *program; /* davy-sim: davy-mine is beside it */
};
bool sim_miner_found(const char *program);                                            /* davy-mine is there */
struct sim_miner *sim_miner_open(const struct sim_miner_setup *setup, struct err *e); /* the hotkey, and a socket */
const char *sim_miner_url(const struct sim_miner *m);
/* Soon the chain goes on where the rig's market stands, and davy-mine works on it: not before the first files stand, which a
 * dashboard waits for. s lives as long as m. */
void sim_miner_begin(struct sim_miner *m, const struct sim *s);
void sim_miner_stop(struct sim_miner *m);  /* tells davy-mine to end; m may be NULL */
void sim_miner_close(struct sim_miner *m); /* and waits until it is gone */

#endif
