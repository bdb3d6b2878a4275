/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the agent. For agent*.c only. */
#ifndef DAVY_NODE_AGENT_PRIVATE_H
#define DAVY_NODE_AGENT_PRIVATE_H

#include "node/agent.h"

void agent_push(struct agent *a, enum agent_order_kind kind, int job);
void agent_move(struct agent *a, int job, enum agent_job_state to); /* an illegal move ends the job with E_INTERNAL */
uint32_t agent_random(struct agent *a);
/* The job is over with code: what it reports is packed. */
void agent_finish(struct agent *a, int job, enum node_code code);
void agent_retry(struct agent *a, int job);
void agent_jobs_tick(struct agent *a);
int64_t agent_jobs_next_ms(const struct agent *a);
void agent_settle(struct agent *a); /* the state from what is known */
int agent_add(struct agent *a, const char *id);
bool agent_may_ask(const struct agent *a); /* no pause, no refused key */

#endif
