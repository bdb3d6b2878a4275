/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "queue/queue.h"

#include "base/file.h"
#include "queue/name.h"
#include "queue/redis.h"
#include "queue/scripts.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AGAIN_LEAST_MS = 1000, AGAIN_MOST_MS = 30000 };

struct queue {
    struct queue_options is;
    redisContext *redis;                         /* NULL: down */
    int64_t again_ms, pause_ms, heard_ms, up_ms; /* heard: Redis answered last; up: since when */
    char held[QUEUE_HELD][QUEUE_ID + 1];         /* taken, not done: "" is free */
    char past[48]; /* up to which entry we have seen what was ours before we died; "": all */
};

/* ---- Redis ---- */

struct key {
    char text[200];
};
static struct bytes key_of(const struct queue *q, const char *name, struct key *room)
{
    snprintf(room->text, sizeof room->text, "%s:%s", q->is.prefix, name);
    return bytes_of(room->text);
}

static bool run(struct queue *q, const char *script, struct bytes one, struct bytes two, struct bytes three)
{
    static const char *const names[] = {"q", "index", "done", "retry", "waiting"};
    struct key room[5];
    struct redis_words w = {0};
    redis_word(&w, bytes_of("EVAL"));
    redis_word(&w, bytes_of(script));
    redis_word(&w, bytes_of("5"));
    for (size_t i = 0; i < 5; i++)
        redis_word(&w, key_of(q, names[i], &room[i]));
    redis_word(&w, one);
    redis_word(&w, two);
    redis_word(&w, three);
    redisReply *r = redis_ask(&q->redis, &w);
    if (r)
        freeReplyObject(r);
    return r != NULL;
}

static redisReply *ask(struct queue *q, const char *const *words)
{
    struct redis_words w = {0};
    struct key room;
    for (; *words; words++)
        redis_word(&w, strcmp(*words, "$q") == 0 ? key_of(q, "q", &room) : bytes_of(*words));
    return redis_ask(&q->redis, &w);
}

static bool say(struct queue *q, const char *const *words)
{
    redisReply *r = ask(q, words);
    if (r)
        freeReplyObject(r);
    return r != NULL;
}

/* The group may be there already: that refusal is as good. */
static bool make_group(struct queue *q)
{
    say(q, (const char *const[]){"XGROUP", "CREATE", "$q", "nodes", "0", "MKSTREAM", NULL});
    return q->redis && say(q, (const char *const[]){"XINFO", "GROUPS", "$q", NULL});
}

static const char *number(char out[24], int64_t v)
{
    snprintf(out, 24, "%lld", (long long)v);
    return out;
}

/* ---- what is held ---- */

static char *held(struct queue *q, const char *id)
{
    for (size_t i = 0; i < QUEUE_HELD; i++)
        if (strcmp(q->held[i], id) == 0)
            return q->held[i];
    return NULL;
}

bool queue_hold(struct queue *q, const char *id)
{
    char *room = held(q, id) ? NULL : held(q, "");
    if (room)
        memcpy(room, id, strlen(id) + 1);
    return room != NULL;
}

static void let_go(struct queue *q, const char *id)
{
    char *room = held(q, id);
    if (room)
        *room = '\0';
}

/* ---- files ---- */

static const char *path_of(struct arena *a, const struct queue *q, const char *id, const char *kind)
{
    return arena_text(a, "%s/%s.%s", q->is.dir, id, kind);
}

static bool is_there(struct arena *a, const struct queue *q, const char *id, const char *kind)
{
    return faccessat(AT_FDCWD, path_of(a, q, id, kind), F_OK, 0) == 0;
}

static bool tell_done(struct queue *q, const char *id, int64_t now_ms)
{
    enum { KEPT_MS = 7 * 86400 * 1000 };
    char at[24], before[24];
    return run(q, done_script, bytes_of(id), bytes_of(number(at, now_ms)), bytes_of(number(before, now_ms - KEPT_MS)));
}

static bool is_known_done(struct queue *q, const char *id)
{
    struct key room;
    struct redis_words w = {0};
    redis_word(&w, bytes_of("ZSCORE"));
    redis_word(&w, key_of(q, "done", &room));
    redis_word(&w, bytes_of(id));
    redisReply *r = redis_ask(&q->redis, &w);
    bool known = r && r->type == REDIS_REPLY_STRING;
    if (r)
        freeReplyObject(r);
    return known;
}

/* Redis has it: until that has been away for long, the file is only for the day when it comes back with nothing. */
static void share(struct queue *q, struct arena *a, const char *id, const char *kind, struct bytes body)
{
    if (run(q, push_script, bytes_of(id), body, (struct bytes){0}) && strcmp(kind, "json") == 0)
        rename(path_of(a, q, id, "json"), path_of(a, q, id, "sent"));
}

static void drop(struct arena *a, const struct queue *q, const char *id)
{
    unlink(path_of(a, q, id, "json"));
    unlink(path_of(a, q, id, "sent"));
    unlink(path_of(a, q, id, "done"));
}

/* One of our files: away when it is done, else Redis is told. What we have in hand is nobody else's. */
static void settle(struct queue *q, struct arena *a, const char *name, const char *kind)
{
    char id[QUEUE_ID + 1];
    struct bytes body;
    struct file_stat s;
    queue_name(id, name, kind);
    if (!*id || is_there(a, q, id, "done") || held(q, id))
        return;
    if (is_known_done(q, id))
        drop(a, q, id);
    else if (file_read(a, path_of(a, q, id, kind), QUEUE_BODY, &body, &s, NULL))
        share(q, a, id, kind, body);
}

static void settle_done(struct queue *q, struct arena *a, const char *name, int64_t now_ms)
{
    char id[QUEUE_ID + 1];
    queue_name(id, name, "done");
    if (*id && tell_done(q, id, now_ms))
        drop(a, q, id);
}

static int by_name(const struct dirent *f)
{
    return *f->d_name != '.';
}

/* Rebuilds what Redis lost, and hears what others have done. */
static void settle_all(struct queue *q, int64_t now_ms)
{
    struct dirent **entry = NULL;
    struct arena a = {0};
    int n = scandir(q->is.dir, &entry, by_name, alphasort);
    for (int i = 0; i < n; i++) {
        if (q->redis) {
            settle_done(q, &a, entry[i]->d_name, now_ms);
            settle(q, &a, entry[i]->d_name, "json");
            settle(q, &a, entry[i]->d_name, "sent");
        }
        free(entry[i]);
        arena_reset(&a);
    }
    free(entry);
    arena_release(&a);
}

/* Its idle time begins anew: it stays ours. */
static void renew(struct queue *q, const char *id)
{
    struct key room;
    struct redis_words w = {0};
    redis_word(&w, bytes_of("HGET"));
    redis_word(&w, key_of(q, "index", &room));
    redis_word(&w, bytes_of(id));
    redisReply *r = redis_ask(&q->redis, &w);
    if (r && r->type == REDIS_REPLY_STRING)
        say(q, (const char *const[]){"XCLAIM", "$q", "nodes", q->is.node, "0", r->str, "JUSTID", NULL});
    if (r)
        freeReplyObject(r);
}

/* ---- the calls ---- */

static void connect_again(struct queue *q, int64_t now_ms)
{
    if (q->redis || !q->is.socket || now_ms < q->again_ms)
        return;
    q->redis = redis_open(q->is.socket);
    if (q->redis && !make_group(q) && q->redis) {
        redisFree(q->redis); /* loading, or not a Redis that can be used */
        q->redis = NULL;
    }
    int64_t most_ms = q->is.idle_ms / 4 < AGAIN_MOST_MS ? q->is.idle_ms / 4 : AGAIN_MOST_MS;
    q->pause_ms = q->redis || q->pause_ms == 0 ? AGAIN_LEAST_MS : 2 * q->pause_ms;
    q->pause_ms = q->pause_ms > most_ms ? most_ms : q->pause_ms;
    q->again_ms = now_ms + q->pause_ms;
    q->up_ms = now_ms;
}

struct queue *queue_open(const struct queue_options *o, int64_t now_ms)
{
    struct queue *q = calloc(1, sizeof *q);
    if (!q)
        abort();
    q->is = *o;
    memcpy(q->past, "0-0", 4);
    q->heard_ms = now_ms;
    queue_keep(q, now_ms);
    return q;
}

void queue_close(struct queue *q)
{
    if (q && q->redis)
        redisFree(q->redis);
    free(q);
}

bool queue_up(const struct queue *q)
{
    return q->redis != NULL;
}

void queue_keep(struct queue *q, int64_t now_ms)
{
    connect_again(q, now_ms);
    if (q->redis && !make_group(q)) /* it was emptied under way */
        return;
    if (q->redis) {
        q->heard_ms = now_ms;
        settle_all(q, now_ms);
    }
    for (size_t i = 0; i < QUEUE_HELD && q->redis; i++)
        if (*q->held[i])
            renew(q, q->held[i]);
}

bool queue_push(struct queue *q, const char *id, struct bytes body, struct err *e)
{
    struct arena a = {0};
    bool known = is_there(&a, q, id, "json") || is_there(&a, q, id, "sent") || is_there(&a, q, id, "done");
    bool kept = known || file_create(path_of(&a, q, id, "json"), body, 0600, e);
    if (kept && !known)
        share(q, &a, id, "json", body); /* if not, with the next queue_keep() */
    arena_release(&a);
    return kept;
}

static bool take_entry(struct queue *q, const redisReply *r, struct arena *a, char *id, struct bytes *body)
{
    struct bytes name;
    if (!redis_entry(r, &name, body) || name.len > QUEUE_ID)
        return false;
    memcpy(id, name.at, name.len);
    id[name.len] = '\0';
    body->at = arena_copy(a, *body);
    return queue_hold(q, id);
}

/* Of a dead node. After Redis was away all look dead, until they had time to come back too. */
static bool take_left(struct queue *q, int64_t now_ms, struct arena *a, char *id, struct bytes *body)
{
    char idle[24];
    if (now_ms - q->up_ms <= q->is.idle_ms)
        return false;
    redisReply *r = ask(q, (const char *const[]){"XAUTOCLAIM", "$q", "nodes", q->is.node, number(idle, q->is.idle_ms),
                                                 "0", "COUNT", "1", NULL});
    bool got = take_entry(q, redis_child(redis_child(r, 1), 0), a, id, body);
    if (r)
        freeReplyObject(r);
    return got;
}

/* behind: ">" for what nobody has had; an entry's id for what we had before we died. *more: there was an entry. */
static bool take_behind(struct queue *q, const char *behind, struct arena *a, char *id, struct bytes *body, bool *more)
{
    redisReply *r = ask(q, (const char *const[]){"XREADGROUP", "GROUP", "nodes", q->is.node, "COUNT", "1", "STREAMS",
                                                 "$q", behind, NULL});
    const redisReply *entry = redis_child(redis_child(redis_child(r, 0), 1), 0), *at = redis_child(entry, 0);
    bool got = take_entry(q, entry, a, id, body);
    *more = at && at->type == REDIS_REPLY_STRING;
    if (*more && *behind != '>')
        snprintf(q->past, sizeof q->past, "%s", at->str);
    if (r)
        freeReplyObject(r);
    return got;
}

static bool take_shared(struct queue *q, int64_t now_ms, struct arena *a, char *id, struct bytes *body)
{
    bool got = false, more = *q->past != '\0';
    char now[24], behind[sizeof q->past];
    while (!got && more) {
        memcpy(behind, q->past, sizeof behind);
        got = take_behind(q, behind, a, id, body, &more);
    }
    if (q->redis && !more)
        q->past[0] = '\0';
    if (got)
        return true;
    run(q, due_script, bytes_of(number(now, now_ms)), (struct bytes){0}, (struct bytes){0});
    return take_left(q, now_ms, a, id, body) || (q->redis && take_behind(q, ">", a, id, body, &more));
}

static bool take_file(struct queue *q, const char *name, const char *kind, struct arena *a, char *id,
                      struct bytes *body)
{
    struct file_stat s;
    queue_name(id, name, kind);
    return *id && !is_there(a, q, id, "done") && !held(q, id) &&
           file_read(a, path_of(a, q, id, kind), QUEUE_BODY, body, &s, NULL) && queue_hold(q, id);
}

/* Without Redis: of our own what it has never seen; what others may have in hand only when they, too, must have given up. */
static bool take_own(struct queue *q, int64_t now_ms, struct arena *a, char *id, struct bytes *body)
{
    struct dirent **entry = NULL;
    bool got = false, all = now_ms - q->heard_ms > q->is.idle_ms;
    int n = scandir(q->is.dir, &entry, by_name, alphasort);
    for (int i = 0; i < n; i++) {
        got = got || take_file(q, entry[i]->d_name, "json", a, id, body) ||
              (all && take_file(q, entry[i]->d_name, "sent", a, id, body));
        free(entry[i]);
    }
    free(entry);
    return got;
}

bool queue_take(struct queue *q, int64_t now_ms, struct arena *a, char *id, struct bytes *body)
{
    if (!held(q, ""))
        return false;
    if (!q->redis && now_ms - q->heard_ms > q->is.idle_ms) {
        q->again_ms = now_ms; /* the last look before we do what others may have done */
        connect_again(q, now_ms);
    }
    bool shared = q->redis != NULL;
    return shared ? take_shared(q, now_ms, a, id, body) : take_own(q, now_ms, a, id, body);
}

bool queue_done(struct queue *q, const char *id, int64_t now_ms, struct err *e)
{
    struct arena a = {0};
    bool kept = is_there(&a, q, id, "done") || file_create(path_of(&a, q, id, "done"), bytes_of(""), 0600, e);
    if (kept) {
        let_go(q, id);
        if (tell_done(q, id, now_ms))
            drop(&a, q, id);
    }
    arena_release(&a);
    return kept;
}

bool queue_retry(struct queue *q, const char *id, struct bytes body, int64_t due_ms)
{
    char due[24];
    bool told = run(q, retry_script, bytes_of(id), body, bytes_of(number(due, due_ms)));
    if (told)
        let_go(q, id);
    return told;
}
