/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The jobs of the node: from the assignment to the report. */
#include "node/agent_private.h"

#include <string.h>

enum { RETRY_MOST_MS = 300000, RETRY_JITTER = 20, DISK_AGAIN_MS = 5000 };

int agent_find(const struct agent *a, const char *id)
{
    for (int i = 0; i < AGENT_JOBS; i++)
        if (a->job[i].state != JOB_FREE && strcmp(a->job[i].id, id) == 0)
            return i;
    return -1;
}

size_t agent_count(const struct agent *a, unsigned states)
{
    size_t n = 0;
    for (int i = 0; i < AGENT_JOBS; i++)
        n += states >> a->job[i].state & 1;
    return n;
}

size_t agent_inflight(const struct agent *a)
{
    return agent_count(a,
                       1U << JOB_ACKED | 1U << JOB_PREP | 1U << JOB_RUNNING | 1U << JOB_COLLECT | 1U << JOB_RETRY_WAIT);
}

size_t agent_slots_used(const struct agent *a, bool gpu)
{
    size_t n = 0;
    for (int i = 0; i < AGENT_JOBS; i++)
        n += a->job[i].state != JOB_FREE && a->job[i].slot >= 0 && a->job[i].gpu == gpu;
    return n;
}

void agent_forget(struct agent *a, int job)
{
    a->job[job] = (struct agent_job){.slot = -1};
}

int agent_add(struct agent *a, const char *id)
{
    size_t length = strlen(id);
    for (int i = 0; i < AGENT_JOBS && length <= JOB_ID; i++)
        if (a->job[i].state == JOB_FREE) {
            a->job[i] = (struct agent_job){.slot = -1, .order = ++a->orders_given};
            memcpy(a->job[i].id, id, length + 1);
            return i;
        }
    return -1;
}

int agent_assigned(struct agent *a, const struct agent_job *job)
{
    int at = agent_find(a, job->id) >= 0 ? -1 : agent_add(a, job->id);
    if (at < 0)
        return -1;
    a->job[at].gpu = job->gpu;
    a->job[at].restartable = job->restartable;
    a->job[at].deadline_ms = job->deadline_ms;
    agent_move(a, at, JOB_ACKED);
    if (job->code != E_NONE)
        agent_finish(a, at, job->code);
    return at;
}

int agent_resend(struct agent *a, const char *id, enum node_code code)
{
    int at = agent_find(a, id) >= 0 ? -1 : agent_add(a, id);
    if (at < 0)
        return -1;
    a->job[at].state = JOB_COLLECT;
    a->job[at].code = code;
    agent_push(a, ORDER_PACK, at);
    return at;
}

void agent_finish(struct agent *a, int job, enum node_code code)
{
    a->job[job].code = code;
    a->job[job].due_ms = INT64_MAX; /* until the disk has said no */
    agent_move(a, job, JOB_COLLECT);
}

void agent_retry(struct agent *a, int job)
{
    struct agent_job *j = &a->job[job];
    const struct node_backoff b = {a->is.retry_ms, RETRY_MOST_MS, RETRY_JITTER};
    agent_move(a, job, JOB_RETRY_WAIT);
    j->due_ms = a->now_ms + node_backoff_ms(&b, j->attempt + 1, agent_random(a));
}

void agent_running(struct agent *a, int job)
{
    a->job[job].attempt++;
    a->job[job].started_ms = a->now_ms;
    a->job[job].stopping = false;
    agent_move(a, job, JOB_RUNNING);
}

static bool again(const struct agent *a, const struct agent_job *j, enum node_code code)
{
    if (a->stop && code == E_SHUTDOWN)
        return !a->is.report_shutdown;
    return !j->canceled && a->now_ms < j->deadline_ms && node_code_again(code, j->attempt, a->is.attempts_most);
}

void agent_ended(struct agent *a, int job, enum node_code code)
{
    struct agent_job *j = &a->job[job];
    if (j->state != JOB_PREP && j->state != JOB_RUNNING)
        return;
    if (j->canceled && code != E_NONE)
        code = E_CANCELED;
    if (again(a, j, code))
        agent_retry(a, job);
    else
        agent_finish(a, job, code);
}

void agent_packed(struct agent *a, int job, bool written)
{
    struct agent_job *j = &a->job[job];
    if (j->state != JOB_COLLECT)
        return;
    j->due_ms = written ? a->now_ms : a->now_ms + DISK_AGAIN_MS;
    if (written)
        agent_move(a, job, JOB_UPLOADING);
}

bool agent_cancel(struct agent *a, const char *id)
{
    int at = agent_find(a, id);
    struct agent_job *j = at < 0 ? NULL : &a->job[at];
    if (!j || j->state == JOB_COLLECT || j->state == JOB_UPLOADING || agent_job_over(j->state))
        return false;
    j->canceled = true;
    agent_push(a, ORDER_SAVE, at);
    if (j->state == JOB_ACKED || j->state == JOB_RETRY_WAIT)
        agent_finish(a, at, E_CANCELED);
    else if (!j->stopping) {
        j->stopping = true;
        agent_push(a, ORDER_STOP, at);
        a->order[a->orders - 1].code = E_CANCELED;
    }
    return true;
}

/* The one that came first of those that could start. */
static int next_start(const struct agent *a, bool gpu)
{
    int best = -1;
    for (int i = 0; i < AGENT_JOBS; i++) {
        const struct agent_job *j = &a->job[i];
        bool ready = j->state == JOB_ACKED || (j->state == JOB_RETRY_WAIT && a->now_ms >= j->due_ms);
        if (ready && j->gpu == gpu && (best < 0 || j->order < a->job[best].order))
            best = i;
    }
    return best;
}

static int free_slot(const struct agent *a, bool gpu)
{
    int most = gpu ? a->is.gpu_slots : a->is.cpu_slots;
    unsigned long long taken = 0;
    for (int i = 0; i < AGENT_JOBS; i++)
        if (a->job[i].state != JOB_FREE && a->job[i].gpu == gpu && a->job[i].slot >= 0)
            taken |= 1ULL << a->job[i].slot;
    for (int s = 0; s < most && s < 64; s++)
        if (!(taken >> s & 1))
            return s;
    return -1;
}

static void start_some(struct agent *a, bool gpu)
{
    bool lost = gpu && (a->side & AGENT_GPU_LOST);
    if (a->stop || !agent_states[a->state].works || (a->side & AGENT_DISK_LOW) || lost)
        return;
    for (int slot = free_slot(a, gpu), i; slot >= 0 && (i = next_start(a, gpu)) >= 0; slot = free_slot(a, gpu)) {
        agent_move(a, i, JOB_PREP);
        a->job[i].slot = slot;
        agent_push(a, ORDER_START, i);
    }
}

/* A job for a class of slots that this node does not have waits for nothing. */
static enum node_code hopeless(const struct agent *a, const struct agent_job *j)
{
    bool waits = j->state == JOB_ACKED || j->state == JOB_RETRY_WAIT;
    if (waits && j->gpu && a->is.gpu_slots == 0)
        return E_NOGPU;
    return waits && a->now_ms >= j->deadline_ms ? E_EXPIRED : E_NONE;
}

static void stop_one(struct agent *a, int i)
{
    struct agent_job *j = &a->job[i];
    if ((j->state != JOB_RUNNING && j->state != JOB_PREP) || j->stopping)
        return;
    j->stopping = true;
    agent_push(a, ORDER_STOP, i);
    a->order[a->orders - 1].code = E_SHUTDOWN;
}

static void report_some(struct agent *a)
{
    size_t asked = 0;
    for (int i = 0; i < AGENT_JOBS; i++)
        asked += a->job[i].state == JOB_UPLOADING && a->job[i].asked;
    for (int i = 0; i < AGENT_JOBS && asked < AGENT_REPORTS && agent_may_ask(a); i++) {
        struct agent_job *j = &a->job[i];
        if (j->state != JOB_UPLOADING || j->asked || a->now_ms < j->due_ms)
            continue;
        j->asked = true;
        asked++;
        agent_push(a, ORDER_REPORT, i);
        a->order[a->orders - 1].minimal = j->minimal;
    }
}

void agent_jobs_tick(struct agent *a)
{
    for (int i = 0; i < AGENT_JOBS; i++) {
        struct agent_job *j = &a->job[i];
        enum node_code code = hopeless(a, j);
        if (code != E_NONE)
            agent_finish(a, i, code);
        else if (j->state == JOB_COLLECT && a->now_ms >= j->due_ms) {
            j->due_ms = INT64_MAX;
            agent_push(a, ORDER_PACK, i);
        }
        if (a->stop && a->now_ms >= a->stop_ms)
            stop_one(a, i);
    }
    report_some(a);
    start_some(a, true);
    start_some(a, false);
}

static int64_t job_next_ms(const struct agent *a, const struct agent_job *j)
{
    bool slot = free_slot(a, j->gpu) >= 0;
    if (j->state == JOB_UPLOADING)
        return j->asked || !agent_may_ask(a) ? INT64_MAX : j->due_ms;
    if (j->state == JOB_COLLECT)
        return j->due_ms;
    if (j->state == JOB_RETRY_WAIT && slot && j->due_ms > a->now_ms && j->due_ms < j->deadline_ms)
        return j->due_ms;
    return j->state == JOB_ACKED || j->state == JOB_RETRY_WAIT ? j->deadline_ms : INT64_MAX;
}

int64_t agent_jobs_next_ms(const struct agent *a)
{
    int64_t next = INT64_MAX;
    for (int i = 0; i < AGENT_JOBS; i++) {
        int64_t at = a->job[i].state == JOB_FREE ? INT64_MAX : job_next_ms(a, &a->job[i]);
        if (at < next)
            next = at;
    }
    return next;
}
