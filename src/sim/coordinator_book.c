/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The book: who is registered, what was ordered, and what became of it. */
#include "node/receipt.h"
#include "sim/coordinator_private.h"

#include <string.h>

struct bytes book_keep(struct coordinator *c, struct bytes text)
{
    return text.at ? (struct bytes){arena_copy(&c->arena, text), text.len} : text;
}

const char *book_keep_text(struct coordinator *c, const char *text)
{
    return text ? arena_copy(&c->arena, bytes_of(text)) : NULL;
}

struct book_miner *book_miner(struct coordinator *c, const char *id)
{
    for (size_t i = 0; i < c->miners; i++)
        if (strcmp(c->miner[i].id, id) == 0)
            return &c->miner[i];
    return NULL;
}

struct book_miner *book_enrol(struct coordinator *c, const char *id)
{
    struct book_miner *m = book_miner(c, id);
    if (m)
        return m;
    if (c->miners == c->miner_room) {
        c->miner_room = 2 * c->miner_room + 8;
        c->miner = arena_grow(&c->arena, c->miner, c->miners * sizeof *m, c->miner_room * sizeof *m);
    }
    m = &c->miner[c->miners++];
    *m = (struct book_miner){.id = book_keep_text(c, id)};
    return m;
}

struct book_job *book_job(struct coordinator *c, const char *id)
{
    for (size_t i = 0; i < c->jobs; i++)
        if (strcmp(c->job[i].id, id) == 0)
            return &c->job[i];
    return NULL;
}

struct book_job *book_add(struct coordinator *c)
{
    if (c->jobs == c->job_room) {
        c->job_room = 2 * c->job_room + 64;
        c->job = arena_grow(&c->arena, c->job, c->jobs * sizeof *c->job, c->job_room * sizeof *c->job);
    }
    struct book_job *j = &c->job[c->jobs++];
    *j = (struct book_job){.state = BOOK_QUEUED};
    return j;
}

void book_expire(struct coordinator *c, int64_t now_ms)
{
    for (size_t i = 0; i < c->jobs; i++)
        if (c->job[i].state <= BOOK_RUNNING && now_ms > c->job[i].expires_ms)
            c->job[i].state = BOOK_EXPIRED;
}

bool book_expect(struct coordinator *c, const char *miner, int64_t now_ms)
{
    bool any = false;
    for (size_t i = 0; i < c->jobs; i++) {
        struct book_job *j = &c->job[i];
        if (j->state == BOOK_RUNNING && now_ms - j->heard_ms > c->o.lease_ms && strcmp(j->miner, miner) == 0) {
            j->state = BOOK_QUEUED;
            any = true;
        }
    }
    return any;
}

struct book_job *book_latest(struct coordinator *c, const char *miner)
{
    struct book_job *latest = NULL;
    for (size_t i = 0; i < c->jobs; i++)
        if (c->job[i].miner && strcmp(c->job[i].miner, miner) == 0)
            latest = &c->job[i];
    return latest;
}

const char *book_id(struct coordinator *c, struct arena *a, const char *what, int64_t number)
{
    char hex[65], key[2 * COORDINATOR_SEED + 1] = "";
    for (size_t i = 0; c->o.seed && i < COORDINATOR_SEED; i++)
        memcpy(key + 2 * i,
               (const char[]){"0123456789abcdef"[c->o.seed[i] >> 4], "0123456789abcdef"[c->o.seed[i] & 15]}, 2);
    receipt_sha256(hex, bytes_of(arena_text(a, "%s %s %lld", key, what, (long long)number)));
    return arena_copy(a, (struct bytes){hex, 32});
}

/* ---- who can do what ---- */

static bool has_gpu(const json_t *caps, const char *name, double vram_mb)
{
    const json_t *gpus = json_list(caps, "gpus");
    for (size_t i = 0; i < json_array_size(gpus); i++) {
        const json_t *g = json_array_get(gpus, i);
        double memory_mb = json_num(g, "memory_mb");
        if ((!name || bytes_is(json_raw(g, "name"), name)) && (vram_mb <= 0 || memory_mb >= vram_mb))
            return true;
    }
    return false;
}

static bool has_models(const json_t *caps, const json_t *models)
{
    const json_t *have = json_list(caps, "models");
    for (size_t i = 0; i < json_array_size(models); i++) {
        bool found = false;
        for (size_t k = 0; k < json_array_size(have); k++)
            found = found || json_equal(json_array_get(models, i), json_array_get(have, k));
        if (!found)
            return false;
    }
    return true;
}

static const char *text_of(const json_t *o, const char *name)
{
    return json_string_value(json_object_get(o, name)); /* NULL: none */
}

static bool has_place(const json_t *wants, const struct book_miner *m)
{
    const char *region = text_of(wants, "region");
    return !region || (m->region && strcmp(region, m->region) == 0);
}

static bool can(const json_t *wants, const json_t *caps, const struct book_miner *m)
{
    const char *gpu = text_of(wants, "gpu"), *cuda = text_of(wants, "cuda"), *have = text_of(caps, "cuda");
    double vram_gb = json_num(wants, "min_vram_gb"), most = json_num(wants, "max_price"),
           price = json_num(caps, "price");
    return has_place(wants, m) && (!gpu || has_gpu(caps, gpu, 0)) &&
           (!(vram_gb > 0) || has_gpu(caps, NULL, vram_gb * 1024)) && (!cuda || (have && strstr(have, cuda))) &&
           has_models(caps, json_list(wants, "models")) && (!(most >= 0) || price <= most);
}

struct book_job *book_next(struct coordinator *c, const struct book_miner *m)
{
    struct book_job *found = NULL;
    json_t *caps = m->capabilities ? json_read(bytes_of(m->capabilities), "capabilities", NULL) : NULL;
    for (size_t i = 0; i < c->jobs && !found; i++) {
        if (c->job[i].state != BOOK_QUEUED)
            continue;
        json_t *wants = json_read(c->job[i].constraints, "constraints", NULL);
        found = can(wants, caps, m) ? &c->job[i] : NULL;
        json_decref(wants);
    }
    json_decref(caps);
    return found;
}
