/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A filter over the list of all tasks. The newest are asked at once, the file behind them piece by piece, the newest piece
 * first, as long as whoever owns the loop gives it time. Of a piece only the number of rows that fit is kept: 4 bytes each
 * 128 KiB, so 10 GB are 320 KB, whatever is found. The pieces that somebody looks at are read again. */
#ifndef DAVY_SOURCE_TASK_FINDER_H
#define DAVY_SOURCE_TASK_FINDER_H

#include "base/needle.h"
#include "history/where.h"
#include "model/task_page.h"
#include "source/task_piece.h"

enum { FINDER_MOST = 256 };

struct task_finder {
    char text[FINDER_MOST];    /* "": nothing is searched for */
    const struct where *where; /* NULL: the needle */
    struct needle needle;
    const char *error;
    struct arena life;    /* of the three */
    int64_t first, count; /* of what was found behind the newest: what is wanted */
    uint32_t *hits;       /* of the pieces low to high */
    size_t cap, low, high;
    int64_t back_ms;
    struct finder_newest {
        uint64_t line;
        size_t piece;     /* that it is in; SIZE_MAX: none of this file's */
    } newest[TASK_LINES]; /* of the newest: those that were found, which are not found once more in the file */
    size_t newest_count, newest_piece; /* the lowest of their pieces */
    struct arena arena[2];
    bool live;
};
/* What is searched in: the caller's, while a call lasts. */
struct finder_in {
    struct pieces *pieces;
    const struct marks *marks;
    int fd;                        /* -1: nothing behind the newest can be read now */
    const struct history *history; /* knows which of the younger lines were replaced */
    const struct scores *scores;
    int64_t now_ms;
};

/* The rows first to first + count behind the newest are wanted. Another text begins anew; "" forgets all. */
void finder_seek(struct task_finder *f, const char *text, int64_t first, int64_t count);
void finder_restart(struct task_finder *f); /* the file is another one */
/* Searches until the loop's clock says until_ms, one piece at least. true: there is more to search. */
bool finder_step(struct task_finder *f, const struct finder_in *in, int64_t until_ms);
/* What is known by now; NULL: nothing is searched for. Valid until the call after the next. */
const struct task_find *finder_read(struct task_finder *f, const struct finder_in *in);
/* How many of those behind the newest were found that are newer than that row of the list. */
int64_t finder_before(struct task_finder *f, const struct finder_in *in, int64_t row);
void finder_release(struct task_finder *f);

#endif
