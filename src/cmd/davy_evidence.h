/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies behind the alert that somebody opened. */
#ifndef DAVY_CMD_DAVY_EVIDENCE_H
#define DAVY_CMD_DAVY_EVIDENCE_H

#include "model/model.h"
#include "view/ui.h"

/* Reads, into a, what the screen needs and m does not have yet. false: nothing. */
bool davy_evidence(struct arena *a, struct model *m, const struct ui *ui, const char *dir);

#endif
