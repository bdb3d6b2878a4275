/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for people in columns: words are moved to the next line where they would not fit. */
#ifndef DAVY_BASE_WRAP_H
#define DAVY_BASE_WRAP_H

#include <stdio.h>

enum { WRAP_WIDTH = 80 };
/* Writes text and a newline into lines of WRAP_WIDTH cells at most. The first begins at column at, where the cursor is; the
 * others at column indent. A word longer than a line stays whole. */
void wrap_put(FILE *out, int at, int indent, const char *text);
/* The same with "# " in front of each line: a comment of a TOML file. */
void wrap_comment(FILE *out, const char *text);

#endif
