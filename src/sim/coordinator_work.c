/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What both dialects do with the book: enrol, give, end. */
#include "sim/coordinator_private.h"

#include <string.h>

static bool strict(const struct coordinator_call *k)
{
    return k->c->o.strict;
}

bool work_enrol(struct coordinator_call *k, const char *capabilities, int64_t concurrency, const char *region)
{
    struct book_miner *m = book_enrol(k->c, k->who);
    m->capabilities = book_keep_text(k->c, capabilities);
    m->region = book_keep_text(k->c, region);
    m->concurrency = concurrency;
    m->inflight = 0;
    m->status = "ONLINE";
    m->heard_ms = k->r->now_ms;
    return k->out->changed = true;
}

struct book_job *work_give(struct coordinator_call *k, struct book_miner *m)
{
    bool again = strcmp(k->r->twist, "duplicate") == 0;
    if (strict(k))
        k->out->changed = book_expect(k->c, m->id, k->r->now_ms);
    m->heard_ms = k->r->now_ms;
    struct book_job *j = again ? book_latest(k->c, m->id) : m->inflight < m->concurrency ? book_next(k->c, m) : NULL;
    if (!j)
        return NULL;
    k->out->changed = true;
    j->given++;
    if (again)
        return j;
    j->state = BOOK_RUNNING;
    j->miner = m->id;
    j->heard_ms = k->r->now_ms;
    m->inflight++;
    return j;
}

static bool is_other(const struct coordinator_call *k, const struct book_job *j)
{
    return !j->miner || strcmp(j->miner, k->who) != 0;
}

bool work_may_end(struct coordinator_call *k, struct book_job *j, enum coordinator_state state, bool *again)
{
    *again = false;
    if (!j) {
        answer_detail(k, 404, "job not found");
        return false;
    }
    if (!strict(k))
        return true;
    if (is_other(k, j)) {
        answer_detail(k, 409, "job is not yours");
        return false;
    }
    *again = j->state == state;
    if (j->state <= BOOK_RUNNING || *again)
        return true;
    answer_detail(k, 409, arena_text(k->a, "job is %s", book_state_names[j->state]));
    return false;
}

static void one_less(struct coordinator_call *k, bool good)
{
    struct book_miner *m = book_miner(k->c, k->who);
    if (!m)
        return;
    m->inflight -= m->inflight > 0;
    m->done += good;
    m->failed += !good;
}

void work_result(struct coordinator_call *k, struct book_job *j, struct bytes result, struct bytes metrics)
{
    j->state = BOOK_COMPLETED;
    j->results++;
    j->result = book_keep(k->c, result);
    if (!j->miner)
        j->miner = book_keep_text(k->c, k->who);
    struct bytes receipt = receipt_make(k, j, result, metrics);
    j->receipt = book_keep(k->c, receipt);
    j->receipts += receipt.at != NULL;
    one_less(k, true);
    k->out->changed = true;
}

void work_fail(struct coordinator_call *k, struct book_job *j, const char *code, const char *message)
{
    j->state = BOOK_FAILED;
    j->fails++;
    j->error = book_keep_text(k->c, arena_text(k->a, "%s: %s", code, message));
    one_less(k, false);
    k->out->changed = true;
}

static bool names(const json_t *jobs, const char *id)
{
    for (size_t i = 0; i < json_array_size(jobs); i++)
        if (bytes_is(json_raw(json_array_get(jobs, i), "job_id"), id))
            return true;
    return false;
}

/* Who names no jobs but says that some are running means all of them. */
void work_heard(struct coordinator_call *k, const char *miner, const json_t *jobs, int64_t inflight)
{
    for (size_t i = 0; i < k->c->jobs; i++) {
        struct book_job *j = &k->c->job[i];
        bool his = j->state == BOOK_RUNNING && strcmp(j->miner, miner) == 0;
        if (his && (jobs ? names(jobs, j->id) : inflight > 0))
            j->heard_ms = k->r->now_ms;
    }
    k->out->changed = true; /* what is given out later depends on it */
}
