/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs that several nodes share through Redis (node.redis; queue/queue.h). What the coordinator gives goes there when it needs
 * no GPU, and whichever node has a slot free takes it; from then on it is a job like any other, durable in this workspace, and
 * leaves the queue when it is over. A Redis that hangs costs half a second and counts as down: hiredis is asked in turn, because
 * each question is answered within a millisecond or the queue does without. */
#include "cmd/node_daemon.h"

#include "queue/queue.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IDLE_MS = 60000, LOOK_MS = 1000 };

struct node_share {
    struct queue *queue;
    struct arena a; /* texts of the options */
    int64_t kept_ms;
    bool up;
};

/* The workspace's own name: the same after a restart, another one for each node. */
static const char *name_of(struct arena *a, const struct node_daemon *d)
{
    char host[65] = "", sum[65];
    gethostname(host, sizeof host - 1);
    receipt_sha256(sum, bytes_of(arena_text(a, "%s:%s", host, d->config.root)));
    return arena_text(a, "%s-%.12s", d->id, sum);
}

static bool has_room(const struct node_daemon *d)
{
    const struct agent *a = &d->agent;
    return agent_states[a->state].works && !a->drain && !a->stop && !(a->side & (AGENT_PAUSED | AGENT_DISK_LOW)) &&
           agent_inflight(a) < (size_t)d->config.is->cpu_slots;
}

static void take_some(struct node_daemon *d)
{
    char id[QUEUE_ID + 1];
    struct bytes body;
    struct arena a = {0};
    while (has_room(d) && queue_take(d->share->queue, wall_now(), &a, id, &body)) {
        agent_at(&d->agent, loop_now(), (uint32_t)wall_now());
        if (!node_take_shared(d, body) && agent_find(&d->agent, id) < 0)
            node_share_done(d, id); /* nothing will ever come of it */
        arena_reset(&a);
    }
    arena_release(&a);
}

static void keep(struct node_daemon *d)
{
    struct node_share *s = d->share;
    bool was = s->up;
    int64_t now = loop_now();
    if (now - s->kept_ms >= IDLE_MS / 6 || !was) {
        s->kept_ms = now;
        queue_keep(s->queue, wall_now());
    }
    s->up = queue_up(s->queue);
    if (s->up != was)
        node_log(d, s->up ? NODE_INFO : NODE_WARNING, s->up ? "redis.up" : "redis.down", NULL, NULL);
}

static void on_share(void *ctx)
{
    struct node_daemon *d = ctx;
    int64_t poll_ms = (int64_t)(d->config.is->poll_s * 1000);
    keep(d);
    take_some(d);
    loop_timer(d->loop, loop_now() + (poll_ms < LOOK_MS ? poll_ms : LOOK_MS), on_share, d);
    node_pump(d);
}

void node_share_open(struct node_daemon *d)
{
    if (!d->config.is->redis)
        return;
    struct node_share *s = d->share = calloc(1, sizeof *s);
    if (!s)
        abort();
    const char *dir = arena_text(&s->a, "%s/shared", d->config.root);
    mkdir(dir, 0700); /* is there, or what is pushed is refused with a sentence */
    const struct queue_options o = {.dir = dir,
                                    .socket = arena_text(&s->a, "%s", d->config.is->redis),
                                    .prefix = arena_text(&s->a, "aitbc:miner:%s", d->id),
                                    .node = name_of(&s->a, d),
                                    .idle_ms = IDLE_MS};
    s->queue = queue_open(&o, wall_now());
    for (int i = 0; i < AGENT_JOBS; i++) /* of the run before */
        if (d->agent.job[i].state != JOB_FREE)
            queue_hold(s->queue, d->agent.job[i].id);
    on_share(d);
}

void node_share_close(struct node_daemon *d)
{
    if (!d->share)
        return;
    loop_timer_stop(d->loop, on_share, d);
    queue_close(d->share->queue);
    arena_release(&d->share->a);
    free(d->share);
    d->share = NULL;
}

bool node_share_up(const struct node_daemon *d)
{
    return d->share && d->share->up;
}

bool node_share_put(struct node_daemon *d, const char *id, struct bytes body)
{
    struct err e;
    if (!d->share)
        return false;
    bool put = queue_push(d->share->queue, id, body, &e);
    if (!put)
        node_log(d, NODE_ERROR, "disk.error", id, json_pack("{ss}", "why", e.text)); /* done here, then */
    loop_timer(d->loop, loop_now(), on_share, d);
    return put;
}

void node_share_done(struct node_daemon *d, const char *id)
{
    struct err e;
    if (d->share && !queue_done(d->share->queue, id, wall_now(), &e))
        node_log(d, NODE_ERROR, "disk.error", id, json_pack("{ss}", "why", e.text));
}
