/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of a theme file: {fg = "#ffaf5f", bold = true}. */
#ifndef DAVY_VIEW_THEME_LOOK_H
#define DAVY_VIEW_THEME_LOOK_H

#include "base/json.h"
#include "view/theme.h"

bool theme_look(const json_t *table, struct look *out, struct err *e); /* the sentence names neither file nor style */

#endif
