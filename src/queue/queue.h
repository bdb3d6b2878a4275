/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Work that several nodes share through Redis. Files are the truth, Redis is a queue and an index over them that can be lost at
 * any moment: what a node has pushed stays in its folder until some node has done it, and goes to Redis again when Redis comes
 * back with nothing. Without Redis a node goes on with its own files. At least once: who dies with a job in hand leaves it to
 * others after idle_ms; nothing else ever runs twice, and nothing is lost.
 *
 * The program ignores SIGPIPE: a Redis that dies ends no node.
 * Folder (the caller's, 0700):  ID.json  pushed here; Redis does not have it.  ID.sent  it has; not done yet.  ID.done  done here,
 * Redis does not know yet.
 * Keys (PREFIX:...): stream `q` of {id, body} with group `nodes`, consumers are nodes; hash `index` id -> entry; sorted set
 * `retry` by due time and hash `waiting` id -> body; sorted set `done` by time. What belongs together moves in one Lua script. */
#ifndef DAVY_QUEUE_QUEUE_H
#define DAVY_QUEUE_QUEUE_H

#include "base/arena.h"
#include "base/err.h"

enum { QUEUE_ID = 127, QUEUE_HELD = 128, QUEUE_BODY = 1 << 20 };

struct queue_options {
    const char *dir, *socket;  /* socket: of Redis, a path; NULL: files only. Both borrowed until the end */
    const char *prefix, *node; /* node: the consumer's name, of this workspace alone */
    int64_t idle_ms;           /* who has not called queue_keep() for so long is dead */
};
struct queue;

struct queue *queue_open(const struct queue_options *o, int64_t now_ms);
void queue_close(struct queue *q);
bool queue_up(const struct queue *q); /* Redis answers */
/* Every idle_ms / 3 or sooner: says that we live, connects again when it is time (1 to 30 s), tells what is to be told.
 * now_ms: Unix time, as in all calls. */
void queue_keep(struct queue *q, int64_t now_ms);
/* true: on our disk, and never lost from then on. An id that was pushed before is not pushed twice. */
bool queue_push(struct queue *q, const char *id, struct bytes body, struct err *e);
/* The next job for us: of a dead node, or the oldest. false: none. id: QUEUE_ID + 1 bytes. */
bool queue_take(struct queue *q, int64_t now_ms, struct arena *a, char *id, struct bytes *body);
/* Is in our hands since before the start. false: it was, or we hold as many as we can. */
bool queue_hold(struct queue *q, const char *id);
bool queue_done(struct queue *q, const char *id, int64_t now_ms, struct err *e);
/* Somebody does it from due_ms on. false: Redis is down; it stays in our hands. */
bool queue_retry(struct queue *q, const char *id, struct bytes body, int64_t due_ms);

#endif
