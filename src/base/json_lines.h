/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON as people read it: one member a line. The text stays as it stands, right or wrong: only blanks between its tokens go,
 * and line breaks come. */
#ifndef DAVY_BASE_JSON_LINES_H
#define DAVY_BASE_JSON_LINES_H

#include "base/arena.h"

/* The lines, at most `most`, each safe to show. Returns their number; what is beyond them is left out. */
size_t json_lines(struct arena *a, struct bytes json, const char **line, size_t most);

#endif
