/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of task-history.jsonl into the fields that we know (rig-files.md 1.3). The whole line is checked, the last
 * of duplicate names wins, null counts as absent. This is the seam for a faster reader: whatever gives the same
 * struct line may stand behind line_parse(). */
#ifndef DAVY_HISTORY_LINE_H
#define DAVY_HISTORY_LINE_H

#include "history/scan.h"

enum line_key {           /* alphabetical, as in the table of line.c */
                LINE_LLM, /* of an executed record */
                LINE_LLM_USED,
                LINE_STRATEGY,
                LINE_SUBNET,
                LINE_TAO,
                LINE_TASK_ID,
                LINE_TIMESTAMP,
                LINE_TOKENS,
                LINE_SCORE,
                LINE_KEYS
};
enum line_kind { LINE_ABSENT, LINE_TEXT, LINE_NUMBER, LINE_OTHER /* true, false, list, object */ };
struct line_value {
    enum line_kind kind;
    struct scan_number number; /* of LINE_NUMBER */
    struct scan_text text;     /* of LINE_TEXT */
};
struct line {
    struct line_value value[LINE_KEYS];
    const char *why; /* when it is not one JSON object: a constant phrase */
};

bool line_parse(struct bytes in, struct line *out);

#endif
