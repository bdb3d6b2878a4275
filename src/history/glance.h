/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A block of the history looked at before its turn: what its lines say, while nothing is counted yet. Looking needs nothing of
 * the fold, so another thread may do it for a later block while the fold takes an earlier one (source/pair.h). What was not
 * looked at - the ends of the block, lines of no known shape, the rest of a block with very many lines - is read in its turn
 * as if nobody had looked: the fold is the same, byte by byte. */
#ifndef DAVY_HISTORY_GLANCE_H
#define DAVY_HISTORY_GLANCE_H

#include "history/guess.h"
#include "history/judge.h"

enum { GLANCE_LINES = 1024 };

struct glance_line { /* what the fold needs to know of a line; texts are pieces of the block */
    struct judgement judged;
    struct bytes task_id, llm, strategy; /* as they stand there; empty when they are absent or no text */
    uint32_t at, len;                    /* in the block, with the \n; of glance_block() only */
};
struct glance { /* all zero is empty; one thread at a time */
    struct bytes block;
    struct glance_line line[GLANCE_LINES];
    size_t count;
    struct guess guess;
    struct judge_near near;
    struct line read;
};

/* block: at most LINE_LIMIT bytes, which stay where they are until history_feed_glance(). */
void glance_block(struct glance *l, struct bytes block);
void glance_release(struct glance *l);

static inline struct bytes glance_text(const struct line_value *v)
{
    return v->kind == LINE_TEXT ? v->text : (struct bytes){"", 0};
}

/* The facts of a line that was parsed. */
static inline void glance_line(const struct line *line, struct judge_near *near, struct glance_line *out)
{
    const struct line_value *v = line->value;
    judge_line(line, near, &out->judged);
    bool executed = out->judged.class == JUDGE_EXECUTED && v[LINE_LLM].kind == LINE_TEXT;
    out->task_id = glance_text(&v[LINE_TASK_ID]);
    out->llm = glance_text(&v[executed ? LINE_LLM : LINE_LLM_USED]);
    out->strategy = glance_text(&v[LINE_STRATEGY]);
}

#endif
