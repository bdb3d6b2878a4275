/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program of the family as a child on a loop: what it is given, what it prints, and no longer than it may. */
#ifndef DAVY_CMD_DAVY_CHILD_H
#define DAVY_CMD_DAVY_CHILD_H

#include "base/bytes.h"
#include "loop/loop.h"

struct child;
typedef void child_fn(void *ctx, struct child *c, int status); /* as waitpid(); c->text, c->len: what it printed */

struct child { /* pid 0: there is none */
    struct loop *loop;
    pid_t pid;
    int out;   /* -1: closed */
    bool late; /* it was told to end */
    child_fn *fn;
    void *ctx;
    size_t len;
    char text[32 << 10]; /* more is read and dropped */
};

/* in: its standard input, less than a pipe holds; its errors go where ours go. Everything that it leaves in its session is
 * killed when it ends. env: ours, or spawn_environment(). false with the sentence: nothing runs, fn is not called. */
bool child_start(struct child *c, const char *const *argv, char *const *env, struct bytes in, int64_t limit_ms,
                 struct err *e);
void child_stop(struct child *c); /* kills it; fn is not called any more */

#endif
