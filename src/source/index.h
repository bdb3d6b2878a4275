/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history's fold, kept from one start to the next, so that a start costs what was appended since. It is a cache: with it
 * and without it the same is shown. It stands in the rig's state/davy/, or in the user's cache when that cannot be written, and
 * counts only while the history begins as it did then and has the same bytes before the place where reading goes on. */
#ifndef DAVY_SOURCE_INDEX_H
#define DAVY_SOURCE_INDEX_H

#include "history/history.h"
#include "source/marks.h"
#include "source/stream.h"

#include <limits.h>

struct index {
    char rig[PATH_MAX];     /* its folder, absolute; "": nothing is kept */
    char cache[PATH_MAX];   /* the user's folder for caches; "": none */
    bool write;             /* it may be written */
    bool tried;             /* to load it */
    int64_t offset;         /* of the history, when it was last loaded or saved */
    int64_t size;           /* its own, then */
};

/* Puts h, s and m (all new) to where they were. Otherwise they stay new. */
void index_load(struct index *x, struct history *h, struct stream *s, struct marks *m);
/* When there is enough new in it to be worth it; s has its file open and is at its end. */
void index_save(struct index *x, const struct history *h, const struct stream *s, const struct marks *m, int64_t worth);

#endif
