/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The eight stages (rig-files.md 3.1), their statuses, and the grammar of their log lines (3.3). */
#ifndef DAVY_STAGE_STAGE_H
#define DAVY_STAGE_STAGE_H

#include "base/arena.h"

enum { STAGE_COUNT = 8 };
const char *stage_name(int number);             /* NULL outside 0..7 */
int stage_by_name(struct bytes name);           /* -1: no such stage */

enum stage_status { STAGE_STATUS_OTHER, STAGE_STATUS_RUNNING, STAGE_STATUS_DONE, STAGE_STATUS_FAILED, STAGE_STATUS_WAITING };
enum stage_status stage_status_of(struct bytes word);   /* any case, all synonyms of rig-files.md 3.2 */

struct stage_text {                             /* a parsed log line; slices of the line */
    int number;
    enum stage_status status;                   /* RUNNING, DONE or FAILED */
    struct bytes name, username, message;
};
/* line: one log line with or without level prefix, glyph (right, mojibake or missing), ANSI already stripped. */
bool stage_text_parse(struct bytes line, struct stage_text *out);
/* The line that the miner's reporter prints of an event, without level and time: "✅ Stage 3 Complete - ...". */
const char *stage_text_line(struct arena *a, const struct stage_text *t);
/* "📈 Miner Status: Mode: watchdog | Module 1: Running | Stage: NAME - STATUS (USER)". mode: NULL when not
 * known; modules: those parts, or ""; now: NULL when no stage is known; status: as the miner wrote it. */
const char *stage_status_line(struct arena *a, const char *mode, const char *modules, const struct stage_text *now,
                              const char *status);

#endif
