/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "queue/redis.h"

#include <sys/time.h>

enum { LIMIT_US = 500000 };

redisContext *redis_open(const char *socket)
{
    const struct timeval limit = {.tv_usec = LIMIT_US};
    redisContext *c = redisConnectUnixWithTimeout(socket, limit);
    if (c && !c->err && redisSetTimeout(c, limit) == REDIS_OK)
        return c;
    if (c)
        redisFree(c);
    return NULL;
}

void redis_word(struct redis_words *w, struct bytes text)
{
    if (w->count < REDIS_WORDS)
        w->word[w->count++] = text;
}

redisReply *redis_ask(redisContext **c, const struct redis_words *w)
{
    const char *at[REDIS_WORDS];
    size_t len[REDIS_WORDS];
    for (int i = 0; i < w->count; i++) {
        at[i] = w->word[i].at ? w->word[i].at : "";
        len[i] = w->word[i].len;
    }
    redisReply *r = *c ? redisCommandArgv(*c, w->count, at, len) : NULL;
    if (r && r->type != REDIS_REPLY_ERROR)
        return r;
    if (r)
        freeReplyObject(r);
    if (*c && (*c)->err) {
        redisFree(*c);
        *c = NULL;
    }
    return NULL;
}

const redisReply *redis_child(const redisReply *r, size_t i)
{
    return r && r->type == REDIS_REPLY_ARRAY && i < r->elements ? r->element[i] : NULL;
}

bool redis_entry(const redisReply *r, struct bytes *id, struct bytes *body)
{
    const redisReply *f = redis_child(r, 1), *one = redis_child(f, 1), *two = redis_child(f, 3);
    if (!one || !two || one->type != REDIS_REPLY_STRING || two->type != REDIS_REPLY_STRING)
        return false;
    *id = (struct bytes){one->str, one->len};
    *body = (struct bytes){two->str, two->len};
    return true;
}
