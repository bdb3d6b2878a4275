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
    struct bytes text;         /* of LINE_TEXT: a piece of the line or of its room; until the next line */
};
struct line { /* all zero is empty */
    struct line_value value[LINE_KEYS];
    const char *why; /* when it is not one JSON object: a constant phrase */
    struct scan_room room;
    unsigned times[LINE_KEYS]; /* how often each key stands in it */
    struct scan_marks marks;   /* where its scalars stand */
};

bool line_parse(struct bytes in, struct line *out);
void line_release(struct line *l);
/* For guess.c: nothing is known of the next line; one value of a known key, at its first byte or blanks before it. */
static inline void line_begin(struct line *l)
{
    for (int k = 0; k < LINE_KEYS; k++)
        l->value[k].kind = LINE_ABSENT;
    l->why = NULL;
    l->room.used = 0;
}
bool line_value_read(struct scan *s, enum line_key key, struct line_value *out);

#endif
