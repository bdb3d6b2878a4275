/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Themes by name or path. */
#ifndef DAVY_CMD_DAVY_THEME_H
#define DAVY_CMD_DAVY_THEME_H

#include "base/err.h"
#include "view/theme.h"

struct theme_file {
    const struct theme *theme;
    const char *path;           /* NULL: the one inside davy */
};
/* rig: the rig's folder, whose themes/ comes first; NULL: where davy was started. name NULL: lamp. */
bool davy_theme(struct arena *a, const char *rig, const char *name, struct theme_file *out, struct err *e);
const char *const *davy_themes(struct arena *a, const char *rig); /* names: lamp, then the others sorted; NULL ends */

#endif
