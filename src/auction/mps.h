/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The knapsack as the text that cbc reads, cbc's options, and its answer (auction.md 4.6): written exactly as the auction's
 * own software does, number formats and order of columns included, because both decide which of several equal answers wins. */
#ifndef DAVY_AUCTION_MPS_H
#define DAVY_AUCTION_MPS_H

#include "auction/items.h"

enum { CBC_NODES_MOST = 100000, BIG_M_SWITCH_BLOCK = 7405572 };

/* Before BIG_M_SWITCH_BLOCK the objective was value alone; since then value first, then least cost. */
struct bytes mps_text(struct arena *a, const struct items *all, bool value_only);
/* Of the block hash, "0x" and 64 digits: its low 64 bits modulo 2^31 - 1, and one. 1 for what is no number. */
int64_t cbc_seed(struct bytes block_hash);
/* The arguments: cbc, the model, the options, where the solution goes. NULL at the end. */
char **cbc_argv(struct arena *a, const char *program, const char *model, const char *solution, int64_t seed);
/* cbc's solution file. The answer is summed up; false with the sentence for no solution, one that is not readable, and one
 * that costs more than the capacity. */
bool cbc_solution(struct arena *a, struct bytes text, const struct items *all, struct answer *out, struct err *e);

#endif
