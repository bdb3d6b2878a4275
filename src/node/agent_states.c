/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of states: of the node, and of a job. */
#include "node/agent_private.h"

#include <string.h>

const struct agent_state_row agent_states[AGENT_STATES] = {
    [AGENT_BOOT] = {"BOOT", "OFFLINE", false, false},
    [AGENT_RECOVER] = {"RECOVER", "OFFLINE", false, false},
    [AGENT_CONNECTING] = {"CONNECTING", "ONLINE", false, true},
    [AGENT_ONLINE] = {"ONLINE", "ONLINE", true, true},
    [AGENT_DEGRADED] = {"DEGRADED", "ONLINE", true, true},
    [AGENT_DRAINING] = {"DRAINING", "DRAINING", false, true},
    [AGENT_STOPPED] = {"STOPPED", "OFFLINE", false, false},
};
const char *const agent_job_states[JOB_STATES] = {
    [JOB_FREE] = "",
    [JOB_ACKED] = "ACKED",
    [JOB_PREP] = "PREP",
    [JOB_RUNNING] = "RUNNING",
    [JOB_COLLECT] = "COLLECT",
    [JOB_UPLOADING] = "UPLOADING",
    [JOB_RETRY_WAIT] = "RETRY_WAIT",
    [JOB_DONE] = "DONE",
    [JOB_FAILED] = "FAILED",
    [JOB_CANCELED] = "CANCELED",
    [JOB_LOST] = "LOST",
};
static const unsigned may[JOB_STATES] = {
    [JOB_FREE] = 1U << JOB_ACKED,
    [JOB_ACKED] = 1U << JOB_PREP | 1U << JOB_COLLECT,
    [JOB_PREP] = 1U << JOB_RUNNING | 1U << JOB_RETRY_WAIT | 1U << JOB_COLLECT,
    [JOB_RUNNING] = 1U << JOB_COLLECT | 1U << JOB_RETRY_WAIT,
    [JOB_COLLECT] = 1U << JOB_UPLOADING | 1U << JOB_RETRY_WAIT | 1U << JOB_COLLECT,
    [JOB_UPLOADING] = 1U << JOB_DONE | 1U << JOB_FAILED | 1U << JOB_CANCELED | 1U << JOB_LOST,
    [JOB_RETRY_WAIT] = 1U << JOB_PREP | 1U << JOB_COLLECT,
};

bool agent_job_may(enum agent_job_state from, enum agent_job_state to)
{
    return may[from] >> to & 1;
}

bool agent_job_over(enum agent_job_state s)
{
    return s >= JOB_DONE;
}

enum agent_job_state agent_job_state_of(const char *name)
{
    int i = JOB_STATES - 1;
    while (i > JOB_FREE && strcmp(agent_job_states[i], name) != 0)
        i--;
    return (enum agent_job_state)i;
}

void agent_move(struct agent *a, int job, enum agent_job_state to)
{
    struct agent_job *j = &a->job[job];
    if (!agent_job_may(j->state, to)) {
        j->code = E_INTERNAL;
        to = agent_job_over(to) ? JOB_FAILED : JOB_COLLECT;
    }
    j->state = to;
    if (to != JOB_PREP && to != JOB_RUNNING)
        j->slot = -1;
    if (to == JOB_COLLECT)
        agent_push(a, ORDER_PACK, job);
    else if (to != JOB_PREP && to != JOB_RUNNING)
        agent_push(a, ORDER_SAVE, job);
}

/* Where the node stands follows from what is known; the order of the questions is the order of importance. */
void agent_settle(struct agent *a)
{
    if (a->state == AGENT_BOOT || a->state == AGENT_RECOVER || a->state == AGENT_STOPPED)
        return;
    if (a->stop || a->drain)
        a->state = AGENT_DRAINING;
    else if (!a->registered)
        a->state = AGENT_CONNECTING;
    else
        a->state = a->reachable ? AGENT_ONLINE : AGENT_DEGRADED;
}
