/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules that davy-run keeps running, in the pane of the stages. */
#ifndef DAVY_VIEW_MODULES_ROWS_H
#define DAVY_VIEW_MODULES_ROWS_H

#include "view/pane.h"

void modules_line(const struct model *m, struct grid row); /* all of them; m->modules->known */
void modules_rows(const struct model *m, struct flow *f);  /* a row each, under a heading; nothing when not known */

#endif
