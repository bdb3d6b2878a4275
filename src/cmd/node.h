/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of davy-node. */
#ifndef DAVY_CMD_NODE_H
#define DAVY_CMD_NODE_H

#include "cmd/tool.h"

int node_allowlist(const struct tool *t, int argc, char **argv);
int node_ask(const struct tool *t, int argc, char **argv); /* every command that asks the node that runs */
int node_config(const struct tool *t, int argc, char **argv);
int node_job(const struct tool *t, int argc, char **argv);
int node_probe(const struct tool *t, int argc, char **argv);
int node_receipts(const struct tool *t, int argc, char **argv);
int node_run(const struct tool *t, int argc, char **argv);
extern const struct option_row node_allowlist_options[], node_ask_options[], node_job_options[],
    node_receipts_options[], node_run_options[];

#endif
