/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of the jobs that a run before left: the table of recovery. */
#include "node/agent_private.h"

enum fate { FATE_NOTHING, FATE_QUEUE, FATE_AGAIN, FATE_RETRY, FATE_PACK, FATE_SEND };

/* By the state that was written: with nothing else, with what it reports, with its outbox entry. JOB_FREE: the state was not
 * written or cannot be read, the assignment was. */
static const struct {
    enum fate alone, report, entry;
} fates[JOB_STATES] = {
    [JOB_FREE] = {FATE_AGAIN, FATE_AGAIN, FATE_AGAIN},    [JOB_ACKED] = {FATE_QUEUE, FATE_QUEUE, FATE_QUEUE},
    [JOB_PREP] = {FATE_QUEUE, FATE_QUEUE, FATE_QUEUE},    [JOB_RETRY_WAIT] = {FATE_QUEUE, FATE_QUEUE, FATE_QUEUE},
    [JOB_RUNNING] = {FATE_RETRY, FATE_PACK, FATE_SEND},   [JOB_COLLECT] = {FATE_RETRY, FATE_PACK, FATE_SEND},
    [JOB_UPLOADING] = {FATE_RETRY, FATE_PACK, FATE_SEND},
};

/* It ran when the node went down, and its processes are gone. */
static void interrupted(struct agent *a, int at)
{
    struct agent_job *j = &a->job[at];
    j->crashes++;
    j->state = JOB_RUNNING;
    if (j->canceled)
        agent_finish(a, at, E_CANCELED);
    else if (j->crashes >= AGENT_CRASHES)
        agent_finish(a, at, E_CRASHLOOP);
    else if (!j->restartable)
        agent_finish(a, at, E_INTERRUPTED);
    else if (a->now_ms >= j->deadline_ms)
        agent_finish(a, at, E_EXPIRED);
    else
        agent_retry(a, at);
}

static void queue(struct agent *a, int at)
{
    a->job[at].state = JOB_ACKED;
    if (a->now_ms >= a->job[at].deadline_ms)
        agent_finish(a, at, E_EXPIRED);
    else
        agent_push(a, ORDER_SAVE, at);
}

int agent_found(struct agent *a, const struct agent_job *found, bool has_report, bool has_entry)
{
    enum fate fate = has_entry    ? fates[found->state].entry
                     : has_report ? fates[found->state].report
                                  : fates[found->state].alone;
    int at = fate == FATE_NOTHING || agent_find(a, found->id) >= 0 ? -1 : agent_add(a, found->id);
    if (at < 0)
        return -1;
    struct agent_job *j = &a->job[at];
    uint64_t order = j->order;
    *j = (struct agent_job){.slot = -1,
                            .order = order,
                            .gpu = found->gpu,
                            .restartable = found->restartable,
                            .canceled = found->canceled,
                            .attempt = found->attempt,
                            .crashes = found->crashes,
                            .code = found->code,
                            .deadline_ms = found->deadline_ms,
                            .state = JOB_ACKED};
    for (int i = 0; i <= JOB_ID; i++)
        j->id[i] = found->id[i];
    if (fate == FATE_AGAIN)
        j->attempt++;
    if (fate == FATE_QUEUE || fate == FATE_AGAIN)
        queue(a, at);
    else if (fate == FATE_RETRY)
        interrupted(a, at);
    else if (fate == FATE_PACK)
        agent_finish(a, at, found->code);
    else {
        j->state = JOB_UPLOADING;
        j->due_ms = a->now_ms;
    }
    return at;
}
