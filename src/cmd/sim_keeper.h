/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the simulated daemon: starts it as start-miner.sh does, sees whether one runs (also one that the script started),
 * kills it for the scenarios, and takes it along at the end. */
#ifndef DAVY_CMD_SIM_KEEPER_H
#define DAVY_CMD_SIM_KEEPER_H

#include "cmd/sim.h"
#include "loop/loop.h"

struct sim_keeper {
    int dir_fd;
    const char *dir;
    char program[4096]; /* this program */
    char speed[32];
    pid_t child; /* 0: none of ours */
    int64_t starts;
    bool fresh_log;   /* also the first start begins a new log */
    const char *fate; /* one more option of the first daemon; NULL: none. A restart heals it. */
};
bool keeper_open(struct sim_keeper *k, int dir_fd, const char *dir, double speed, struct err *e);
bool keeper_start(struct sim_keeper *k, struct loop *l, struct err *e);
bool keeper_kill(struct sim_keeper *k);       /* SIGKILL to whichever daemon the pid file names; always true */
bool keeper_sees(const struct sim_keeper *k); /* a daemon of this folder runs */
void keeper_end(pid_t pid);                   /* ends a child that was not waited for, and waits */
void keeper_close(struct sim_keeper *k);      /* ends it, whoever started it, and waits until it is gone */

#endif
