/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls of the node: when each is made, and what follows from its answer. */
#include "node/agent_private.h"

#include <string.h>

enum { AUTH_FIRST_MS = 60000, AUTH_LATER_MS = 300000, CONFIG_MS = 60000, BEAT_BACKOFF_MS = 5000 };
enum { BEAT_BACKOFF_MOST_MS = 15000, POLL_BACKOFF_MOST_MS = 60000, REGISTER_BACKOFF_MS = 1000 };

void agent_push(struct agent *a, enum agent_order_kind kind, int job)
{
    if (a->orders < AGENT_ORDERS)
        a->order[a->orders++] = (struct agent_order){.kind = kind, .job = job};
}

uint32_t agent_random(struct agent *a)
{
    a->random = a->random * 1664525U + 1013904223U;
    return a->random >> 16;
}

void agent_open(struct agent *a, const struct agent_options *o)
{
    *a = (struct agent){.is = *o, .reachable = true};
}

void agent_at(struct agent *a, int64_t now_ms, uint32_t random)
{
    a->now_ms = now_ms;
    a->random ^= random;
}

void agent_recovering(struct agent *a)
{
    a->state = AGENT_RECOVER;
}

void agent_connect(struct agent *a)
{
    a->state = AGENT_CONNECTING;
    a->call[CALL_REGISTER].due_ms = a->now_ms;
    agent_settle(a);
}

bool agent_may_ask(const struct agent *a)
{
    return a->now_ms >= a->pause_until_ms && !(a->side & AGENT_AUTH_FAILED);
}

/* How long a call that failed rests: the table of intervals. A coordinator that is not there is asked for a sign of life every
 * quarter of a minute at least. */
static int64_t rest_ms(struct agent *a, enum node_call call)
{
    const struct node_backoff of[NODE_CALLS] = {
        [CALL_REGISTER] = {REGISTER_BACKOFF_MS, POLL_BACKOFF_MOST_MS, a->is.jitter_pct},
        [CALL_HEARTBEAT] = {BEAT_BACKOFF_MS, BEAT_BACKOFF_MOST_MS, a->is.jitter_pct},
        [CALL_POLL] = {a->is.poll_ms, POLL_BACKOFF_MOST_MS, a->is.jitter_pct},
        [CALL_REPORT] = {REGISTER_BACKOFF_MS, AUTH_LATER_MS, a->is.jitter_pct},
    };
    struct node_backoff b = of[call];
    if (b.least_ms > a->is.heartbeat_ms) /* who wants short intervals wants short pauses */
        b.least_ms = a->is.heartbeat_ms;
    return node_backoff_ms(&b, a->call[call].tries, agent_random(a));
}

static void later(struct agent *a, enum node_call call)
{
    a->call[call].tries++;
    a->call[call].due_ms = a->now_ms + rest_ms(a, call);
}

static void done(struct agent *a, enum node_call call)
{
    int64_t every = call == CALL_POLL ? a->is.poll_ms : a->is.heartbeat_ms;
    a->call[call] = (struct agent_call){.due_ms = a->now_ms + node_jitter_ms(every, a->is.jitter_pct, agent_random(a))};
    a->side &= ~(unsigned)AGENT_MISTAKE;
    if (call != CALL_REGISTER)
        return;
    a->registered = true;
    a->call[CALL_HEARTBEAT].due_ms = a->now_ms;
    a->call[CALL_POLL].due_ms = a->now_ms;
}

static void refused_key(struct agent *a)
{
    a->side |= AGENT_AUTH_FAILED;
    a->call[CALL_REGISTER].due_ms = a->now_ms + (a->auth_tries == 0 ? AUTH_FIRST_MS : AUTH_LATER_MS);
    a->auth_tries++;
}

static void mistake(struct agent *a, enum node_call call)
{
    a->side |= AGENT_MISTAKE;
    a->call[call].tries++;
    a->call[call].due_ms = a->now_ms + CONFIG_MS;
}

static void unknown_here(struct agent *a)
{
    a->registered = false;
    a->call[CALL_REGISTER].due_ms = a->now_ms;
}

static void follow(struct agent *a, enum node_call call, enum node_reaction r)
{
    if (r == REACT_MINIMAL) {
        a->call[call].minimal = true;
        a->call[call].due_ms = a->now_ms;
        return;
    }
    if (r == REACT_REGISTER)
        unknown_here(a);
    if (r == REACT_PROBE)
        a->call[CALL_HEARTBEAT].due_ms = a->now_ms;
    later(a, call);
    if (r == REACT_CONFIG)
        mistake(a, call);
}

/* What any answer says of the coordinator, whatever was asked. */
static void learn(struct agent *a, int status, enum node_reaction r, int64_t retry_after_s)
{
    a->reachable = status > 0 && status < 500;
    if (r == REACT_AUTH && !(a->side & AGENT_AUTH_FAILED))
        refused_key(a);
    if (r == REACT_PAUSE)
        a->pause_until_ms = a->now_ms + node_pause_ms(retry_after_s);
    if (r == REACT_DONE) {
        a->side &= ~(unsigned)AGENT_AUTH_FAILED;
        a->auth_tries = 0;
    }
}

static void report_rests(struct agent *a, struct agent_job *j)
{
    const struct node_backoff b = {a->is.heartbeat_ms < REGISTER_BACKOFF_MS ? a->is.heartbeat_ms : REGISTER_BACKOFF_MS,
                                   AUTH_LATER_MS, a->is.jitter_pct};
    j->tries++;
    j->due_ms = a->now_ms + node_backoff_ms(&b, j->tries, agent_random(a));
}

static void buried(struct agent *a, int job, const char *why)
{
    agent_move(a, job, JOB_LOST);
    agent_push(a, ORDER_DEAD, job);
    a->order[a->orders - 1].why = why;
}

static void delivered(struct agent *a, int job)
{
    const struct agent_job *j = &a->job[job];
    agent_move(a, job, j->code == E_NONE ? JOB_DONE : j->code == E_CANCELED ? JOB_CANCELED : JOB_FAILED);
    agent_push(a, ORDER_CLOSE, job);
}

static void report_answer(struct agent *a, int job, int status, enum node_reaction r)
{
    static const char *const graves[] = {
        [REACT_VANISHED] = "job_vanished", [REACT_CONFLICT] = "conflict", [REACT_DEAD] = "refused"};
    struct agent_job *j = &a->job[job];
    j->asked = false;
    j->last_status = status;
    if (r == REACT_DONE)
        delivered(a, job);
    else if (r >= REACT_VANISHED)
        buried(a, job, graves[r]);
    else if (r == REACT_MINIMAL || r == REACT_SHRINK)
        j->minimal = true;
    else
        report_rests(a, j);
}

void agent_answer(struct agent *a, enum node_call call, int job, int status, int64_t retry_after_s)
{
    bool minimal = call == CALL_REPORT ? a->job[job].minimal : a->call[call].minimal;
    enum node_reaction r = node_react(call, status, minimal);
    bool refused = a->side & AGENT_AUTH_FAILED;
    a->call[call].busy = false;
    learn(a, status, r, retry_after_s);
    if (r == REACT_AUTH && refused && call == CALL_REGISTER)
        refused_key(a);
    if (call == CALL_REPORT)
        report_answer(a, job, status, r);
    else if (r == REACT_DONE)
        done(a, call);
    else if (r != REACT_AUTH)
        follow(a, call, r);
    agent_settle(a);
}

void agent_key_read(struct agent *a, bool changed)
{
    if (!changed || !(a->side & AGENT_AUTH_FAILED))
        return;
    a->side &= ~(unsigned)AGENT_AUTH_FAILED;
    a->auth_tries = 0;
    unknown_here(a);
    agent_settle(a);
}

void agent_facts_changed(struct agent *a)
{
    if (a->registered)
        a->call[CALL_REGISTER] = (struct agent_call){.busy = a->call[CALL_REGISTER].busy, .due_ms = a->now_ms};
    a->registered = false;
    agent_settle(a);
}

void agent_side(struct agent *a, unsigned bit, bool on)
{
    a->side = on ? a->side | bit : a->side & ~bit;
}

void agent_drain(struct agent *a, bool on)
{
    a->drain = on;
    a->call[CALL_HEARTBEAT].due_ms = a->now_ms;
    agent_settle(a);
}

void agent_stop(struct agent *a)
{
    a->stop = true;
    a->stop_ms = a->now_ms + a->is.drain_ms;
    a->call[CALL_HEARTBEAT].due_ms = a->now_ms;
    agent_settle(a);
}

/* Work is asked for only where there is room for it. */
static bool wants_work(const struct agent *a)
{
    unsigned hindered = AGENT_PAUSED | AGENT_DISK_LOW;
    bool room = agent_slots_used(a, false) < (size_t)a->is.cpu_slots ||
                (agent_slots_used(a, true) < (size_t)a->is.gpu_slots && !(a->side & AGENT_GPU_LOST));
    return agent_states[a->state].polls && !(a->side & hindered) && room &&
           agent_count(a, 1U << JOB_ACKED) < (size_t)a->is.pending_most &&
           agent_count(a, ~(1U << JOB_FREE)) + 4 < AGENT_JOBS;
}

static bool is_due(const struct agent *a, enum node_call call)
{
    return !a->call[call].busy && a->now_ms >= a->call[call].due_ms;
}

static void make(struct agent *a, enum node_call call, enum agent_order_kind order)
{
    agent_push(a, order, -1);
    a->order[a->orders - 1].minimal = a->call[call].minimal;
    a->call[call].busy = true;
}

static void try_key(struct agent *a)
{
    if (a->now_ms < a->pause_until_ms || !is_due(a, CALL_REGISTER))
        return;
    agent_push(a, ORDER_KEY, -1);
    make(a, CALL_REGISTER, ORDER_REGISTER);
}

static void call_tick(struct agent *a)
{
    if (!agent_may_ask(a)) {
        if (a->side & AGENT_AUTH_FAILED)
            try_key(a);
        return;
    }
    if (!a->registered) {
        if (is_due(a, CALL_REGISTER) && !a->parting)
            make(a, CALL_REGISTER, ORDER_REGISTER);
        return;
    }
    if (is_due(a, CALL_HEARTBEAT) && !a->parting)
        make(a, CALL_HEARTBEAT, ORDER_HEARTBEAT);
    if (is_due(a, CALL_POLL) && wants_work(a))
        make(a, CALL_POLL, ORDER_POLL);
}

/* Nothing runs any more: one last heartbeat that says so, where somebody hears it, then the end. */
static void part(struct agent *a)
{
    bool runs = agent_count(a, 1U << JOB_PREP | 1U << JOB_RUNNING | 1U << JOB_COLLECT) > 0;
    bool reports = agent_count(a, 1U << JOB_UPLOADING) > 0 && a->reachable && agent_may_ask(a) && a->registered;
    if (!a->stop || a->state == AGENT_STOPPED || runs || (reports && a->now_ms < a->stop_ms))
        return;
    if (!a->parting && a->registered && a->reachable && agent_may_ask(a)) {
        a->parting = true;
        a->state = AGENT_STOPPED;
        make(a, CALL_HEARTBEAT, ORDER_HEARTBEAT);
    } else {
        a->state = AGENT_STOPPED;
    }
    agent_push(a, ORDER_EXIT, -1);
}

void agent_tick(struct agent *a)
{
    if (a->state == AGENT_BOOT || a->state == AGENT_RECOVER || a->state == AGENT_STOPPED)
        return;
    agent_jobs_tick(a); /* reports go first */
    call_tick(a);
    part(a);
}

bool agent_next_order(struct agent *a, struct agent_order *out)
{
    if (a->orders == 0)
        return false;
    *out = a->order[0];
    a->orders--;
    memmove(a->order, a->order + 1, (size_t)a->orders * sizeof *a->order);
    return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t agent_next_ms(const struct agent *a)
{
    int64_t next = agent_jobs_next_ms(a);
    bool refused = a->side & AGENT_AUTH_FAILED, known = a->registered && !refused;
    if (!known && !a->call[CALL_REGISTER].busy)
        next = earlier(next, a->call[CALL_REGISTER].due_ms);
    if (known && !a->call[CALL_HEARTBEAT].busy)
        next = earlier(next, a->call[CALL_HEARTBEAT].due_ms);
    if (known && !a->call[CALL_POLL].busy && wants_work(a))
        next = earlier(next, a->call[CALL_POLL].due_ms);
    if (next < a->pause_until_ms && a->now_ms < a->pause_until_ms)
        next = a->pause_until_ms;
    return a->stop ? earlier(next, a->stop_ms > a->now_ms ? a->stop_ms : a->now_ms + 1000) : next;
}
