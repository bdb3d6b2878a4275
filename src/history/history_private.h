/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fold's memory, for history.c, which feeds it, and kept.c, which saves it. */
#ifndef DAVY_HISTORY_HISTORY_PRIVATE_H
#define DAVY_HISTORY_HISTORY_PRIVATE_H

#include "history/cells.h"
#include "history/glance.h"
#include "history/history.h"
#include "history/joins.h"
#include "history/names.h"
#include "history/split.h"
#include "history/store.h"
#include "history/waits.h"

/* IDS_LEAST: below that many ids nothing is forgotten. IDS_LINES: an executed line without a score is awaited that
 * long. */
enum { NOTES_KEPT = 16, IDS_LEAST = 4 * 65536, IDS_LINES = 100000 };

/* What reading may put in order lies behind this pointer, so that readers can have a const history. */
struct lazy {
    struct store store;
    struct waits waits;
    struct cells cells;
};
struct history {
    struct split split;
    struct line line; /* the one being read */
    struct guess guess;
    struct judge_near near;
    struct glance_line facts;     /* of that line; here, because a place on the stack is filled with zeros each time */
    struct history_counts counts; /* future ones under their own class */
    uint64_t line_in_file;        /* 1-based, for notes */
    struct names names;
    struct joins joins;
    size_t prune_at;
    struct history_note note[NOTES_KEPT];
    size_t note_count;
    history_visit_fn *visit; /* NULL: nobody */
    void *visit_ctx;
    history_text_fn *text; /* NULL: nobody */
    void *text_ctx;
    struct lazy *lazy;
};

void history_forget(struct history *h); /* all of it: as new */

#endif
