/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The newest executed lines, with their names, to show which of them still await a score. */
#ifndef DAVY_HISTORY_WAITS_H
#define DAVY_HISTORY_WAITS_H

#include "history/history.h"
#include "history/ids.h"

/* WAIT_RAW: what 48 cells can ever show of a text; the rest is not kept. */
enum { WAITS_KEPT = 64, WAIT_CELLS = 48, WAIT_RAW = 256, WAIT_BYTES = WAIT_CELLS * 4 + 1 };

struct wait_text { /* as it stood in the file: made safe when somebody looks */
    size_t len;
    char at[WAIT_RAW];
};
struct wait_row {
    uint64_t hash, line;
    struct wait_text task_id, llm;
};
struct wait_soon { /* of a row that was not copied yet: pieces of the block that is being read */
    struct bytes task_id, llm;
};
struct waits { /* all zero is empty */
    struct wait_row row[WAITS_KEPT];
    struct wait_soon soon[WAITS_KEPT];
    uint64_t copied; /* rows up to this count hold their texts */
    uint64_t count;  /* ever; row[count % WAITS_KEPT] is the next one */
    struct history_wait list[WAITS_KEPT];
    char shown[WAITS_KEPT][2][WAIT_BYTES]; /* what list points at */
};

/* The texts must live until waits_settle(): most rows are overwritten before then, or answered, and never copied. ids may lag
 * behind: then a row is copied in vain. */
void waits_put(struct waits *w, uint64_t hash, uint64_t line, struct bytes task_id, struct bytes llm);
void waits_settle(struct waits *w, const struct ids *ids);
size_t waits_list(struct waits *w, const struct ids *ids); /* fills list, newest first; its length */

#endif
