/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Another program under a hard time limit: cbc, and hooks. An argv array, no shell; it ends when we end. */
#ifndef DAVY_CMD_MINE_CHILD_H
#define DAVY_CMD_MINE_CHILD_H

#include "base/bytes.h"
#include "base/err.h"

struct mine_child {
    char *const *argv;  /* argv[0] is looked for in PATH */
    struct bytes input; /* its standard input; none: /dev/null */
    int64_t limit_ms;
    bool own_group;  /* a hook may start others: at the limit all of its group is ended, first politely */
    bool quiet;      /* its output is thrown away; else it goes to our standard error */
    int keep[2];     /* descriptors that it shall have too, under the same numbers; 0: none */
    uint64_t memory; /* address space in bytes; 0: as ours */
};
/* Waits for it. true: it ended by itself with status (as of waitpid()); false with the sentence: it could not be started, or
 * had to be ended. Uses a loop of its own: not from inside a callback of another. */
bool mine_child_run(const struct mine_child *c, int *status, struct err *e);

/* A file in memory with this content, read from its beginning; it is gone with its last descriptor. -1 where there is no
 * room. */
int mine_memory_file(struct bytes content);

#endif
