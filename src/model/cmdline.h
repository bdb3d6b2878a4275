/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is a process the one that somebody means by a text of its command line? What merely has the text as an argument because
 * somebody looks at, edits or searches for it is not: pgrep -f takes those too, and so a dead bot was alive for days. */
#ifndef DAVY_MODEL_CMDLINE_H
#define DAVY_MODEL_CMDLINE_H

#include "base/bytes.h"

/* cmdline as /proc/PID/cmdline has it: words that end with NUL. Empty (a kernel thread, a zombie) matches nothing. */
bool cmdline_is(struct bytes cmdline, const char *match);

#endif
