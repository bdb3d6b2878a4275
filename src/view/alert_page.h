/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine adds to the alerts pane: words for an incident's state, and the page of one alert. */
#ifndef DAVY_VIEW_ALERT_PAGE_H
#define DAVY_VIEW_ALERT_PAGE_H

#include "view/pane.h"

enum { ALERT_STATE = 120 };
/* "pending", "acked until 17:40, silenced", "": it just fires. */
const char *alert_state(char out[ALERT_STATE], const struct alert *x);
/* " not watched, 2 silenced", behind the pane's title; "". */
const char *alerts_note(struct arena *a, const struct model *m);
/* Evidence, runbook, last actions, history; below what the pane says of it. */
void alert_page(const struct model *m, const struct ui *ui, const struct alert *x, struct flow *f);
/* The values that its limit is held against, in one row; false: the model does not have them. */
bool alert_spark(const struct model *m, const struct ui *ui, const struct alert *x, struct grid row);
/* What became of all incidents. */
void alerts_history(const struct model *m, const struct ui *ui, struct flow *f);
void alert_page_over(const struct model *m, const struct ui *ui, struct flow *f);

#endif
