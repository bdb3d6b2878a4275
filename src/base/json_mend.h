/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes JSON of what Python and shell scripts write beside the standard. Only what no parser would take is touched:
 * text that is JSON already comes back byte for byte, and line numbers stay. Private to base/. */
#ifndef DAVY_BASE_JSON_MEND_H
#define DAVY_BASE_JSON_MEND_H

#include "base/arena.h"

/* Outside strings: NaN, Infinity, -Infinity and numbers that no int64 or double holds become null. In strings: lone
 * surrogate escapes and bad UTF-8 become U+FFFD; in keys \u0000 too. */
struct bytes json_mend(struct arena *a, struct bytes in);

#endif
