/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The winners, by cbc and by our own exact solver, held against each other (auction.md 4.6). */
#ifndef DAVY_CMD_MINE_SOLVER_H
#define DAVY_CMD_MINE_SOLVER_H

#include "auction/items.h"

enum mine_solver { SOLVER_BOTH, SOLVER_CBC, SOLVER_EXACT };
enum mine_agreement { SOLVERS_AGREE, SOLVERS_DIFFER, SOLVERS_NOT_COMPARED };

struct mine_question {
    enum mine_solver solver;
    const char *cbc;  /* the program; found in PATH */
    int64_t limit_ms; /* of cbc */
    int64_t seed;
    bool value_only; /* the objective of blocks before BIG_M_SWITCH_BLOCK */
};
/* With both, cbc's answer is taken as long as its objective is the best there is: so ties fall as in the reference. A worse one
 * is a mistake of cbc's (Debian's 2.10.8 makes one in some of 1,000 auctions) that other builds of it need not make: then the
 * exact answer is taken, and cbc's is told too. Who wants to follow cbc wherever it goes asks for cbc alone. */
struct mine_verdict {
    struct answer answer;          /* the one to act on */
    const char *solver;            /* whose it is: "cbc" or "exact" */
    enum mine_agreement agreement; /* of the objectives: several answers may be equally good */
    struct answer other;           /* cbc's, where they differ */
    bool proven;                   /* our own answer is the best there is (see auction/exact.h) */
    const char *trouble;           /* why cbc gave no answer; NULL */
};
/* false with the sentence only where cbc alone was asked for and gave no answer. */
bool mine_solver_run(struct arena *a, const struct items *all, const struct mine_question *q, struct mine_verdict *out,
                     struct err *e);
/* "both", "cbc", "exact". */
bool mine_solver_of(const char *name, enum mine_solver *out);

#endif
