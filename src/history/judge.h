/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The class of one parsed line (rig-files.md 1.3, 4.0) and its record. Which lines are "future" depends on now and is
 * decided by whoever reads. Precedence: executed, synthetic, then invalid, pending or scored. */
#ifndef DAVY_HISTORY_JUDGE_H
#define DAVY_HISTORY_JUDGE_H

#include "history/history.h"
#include "history/line.h"

enum judge_class { JUDGE_EXECUTED, JUDGE_SYNTHETIC, JUDGE_INVALID, JUDGE_PENDING, JUDGE_SCORED };

enum { JUDGE_DATE = 10 }; /* YYYY-MM-DD */

struct judgement {
    enum judge_class class;
    bool has_time;        /* false: counted, but no window can hold it */
    struct record record; /* without line, llm and strategy; of JUDGE_EXECUTED: id_hash alone */
    const char *why;      /* of JUDGE_INVALID: a constant phrase */
};
struct judge_near { /* all zero knows none: the date of the line before, whose lines mostly are of the same day */
    char date[JUDGE_DATE];
    int64_t day_ms;
};
void judge_line(const struct line *l, struct judge_near *near, struct judgement *out);

#endif
