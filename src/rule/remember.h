/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine remembers, joined to what the rules say now: one list of alerts for everybody who shows them. */
#ifndef DAVY_RULE_REMEMBER_H
#define DAVY_RULE_REMEMBER_H

#include "model/incidents.h"
#include "model/model.h"

/* Gives each alert of m its incident: state, since, severity. An alert whose cause fires is left out, and its cause says so;
 * an incident that is not over, although its condition is not seen now, is in the list again. Sorted as before. */
void alerts_remember(struct arena *a, struct model *m, const struct incidents *s);

#endif
