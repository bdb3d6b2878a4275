/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs from runner to runner, and the files of a job. For job.c only. */
#ifndef DAVY_NODE_JOB_PART_H
#define DAVY_NODE_JOB_PART_H

#include "node/job.h"

bool job_parts_of(struct arena *a, const json_t *payload, struct job *out, struct err *e);
bool job_name_is_good(struct bytes name);

#endif
