/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text that receipts are signed over: Python's json.dumps(x, separators=(",", ":"), sort_keys=True) after all nulls were
 * taken away, at every depth. Keys stand by code point, everything beyond ASCII is escaped, integers as written, doubles as
 * Python's repr. Needs LC_NUMERIC "C": who calls setlocale() leaves that category alone. */
#ifndef DAVY_NODE_CANONICAL_H
#define DAVY_NODE_CANONICAL_H

#include "node/tree.h"

/* without: names of members of the outermost object that are left out, NULL at the end; or NULL. */
struct bytes canonical(struct arena *a, const struct tree *root, const char *const *without);

enum { REPR_TEXT = 32 };
void repr(char out[REPR_TEXT], double v); /* finite; the shortest digits that give v again, in Python's shape */

#endif
