/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Internal to the part "stages": "stage_totals" of miner_status.json, which libdavystage keeps over all runs. */
#ifndef DAVY_MODEL_STAGE_TOTALS_H
#define DAVY_MODEL_STAGE_TOTALS_H

#include "model/stages.h"

#include "base/json.h"

/* What is not there, or of no use, is not known. */
void stage_totals_read(struct arena *a, const json_t *root, struct stage_total total[STAGE_COUNT]);

#endif
