/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands to Redis through hiredis, each with a limit of half a second: a Redis that hangs is a Redis that is down. Words have
 * lengths, so that no text of a job is ever taken for a command. */
#ifndef DAVY_QUEUE_REDIS_H
#define DAVY_QUEUE_REDIS_H

#include "base/bytes.h"

#include <hiredis/hiredis.h>

enum { REDIS_WORDS = 16 };
struct redis_words {
    struct bytes word[REDIS_WORDS];
    int count;
};
redisContext *redis_open(const char *socket); /* NULL: not there */
void redis_word(struct redis_words *w, struct bytes text);
/* NULL: the line is broken, *c closed and NULL; or Redis refused (LOADING, READONLY, OOM, WRONGTYPE...): *c stays. */
redisReply *redis_ask(redisContext **c, const struct redis_words *w);
/* NULL: r is no array that has it; r may be NULL. */
const redisReply *redis_child(const redisReply *r, size_t i);
/* Of an entry of a stream, [id, ["id", ID, "body", BODY]]. Borrowed from r. */
bool redis_entry(const redisReply *r, struct bytes *id, struct bytes *body);

#endif
