/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sources of one rig: each file watched, fetched with care, decoded into the idle one of two arenas, swapped only when
 * good. Gives models. Owns documents, folds, watches and timers; runs inside a loop, or once without. */
#ifndef DAVY_SOURCE_RIG_H
#define DAVY_SOURCE_RIG_H

#include "loop/loop.h"
#include "loop/watch.h"
#include "model/model.h"

#include <limits.h>

struct rig;
struct rig_options {
    const char *dir;                    /* -C */
    const char *config;                 /* --config; NULL: DIR/davy.toml */
    int64_t now_ms;                     /* --now; NOT_KNOWN: the clock */
    enum watch_backend backend;
    void (*check)(const struct settings *s, settings_say_fn *say, void *ctx);   /* see decode_in; NULL */
    void (*before_history)(void);       /* before the most memory is taken: what can be spared may go; NULL */
    char cache[PATH_MAX];               /* the user's folder for caches, when the rig cannot keep the history's index; "": none */
    bool keep;                          /* the index may be written */
    bool hurry;                         /* a dashboard: the rest of a long history is left to the loop */
};
/* Reads everything once. NULL only when dir is not a folder, or --config names a file that cannot be used. */
struct rig *rig_open(const struct rig_options *o, struct err *e);
void rig_close(struct rig *r);
/* Watches from now on; changed is called (within a loop turn) when a model would differ. */
bool rig_watch(struct rig *r, struct loop *l, loop_timer_fn *changed, void *ctx, struct err *e);
void rig_still(struct rig *r); /* before rig_close(): see watch_still(); r may be NULL */
bool rig_polls(const struct rig *r); /* not all of it could be watched: the model's notice says so */
/* The model now, in a; strings may point into documents: valid until the next loop turn. Alerts not judged yet. */
struct model *rig_model(struct rig *r, struct arena *a);
void rig_range(struct rig *r, int range);   /* enum score_range: of the models from now on */
/* Which rows of the history's file somebody looks at, from the newest: of rig_page() and the models from now on. */
void rig_look(struct rig *r, int64_t first, int64_t count);
/* Read now; NULL: there are none. Valid until the call, or the model, after the next. */
const struct task_page *rig_page(struct rig *r);
/* The row of the newest task that is not newer than t_ms, as the file has them in order; the oldest when all are. */
int64_t rig_task_at(struct rig *r, int64_t t_ms);
/* A filter over all tasks, see task_finder.h: what is searched for, "" for nothing, and which of those behind the newest are
 * wanted; then, whenever there is time, a step until the loop's clock says so: true: there is more to search. */
void rig_seek(struct rig *r, const char *text, int64_t first, int64_t count);
bool rig_seek_step(struct rig *r, const struct scores *s, int64_t until_ms);
/* What is known by now, of the list that these scores begin; NULL: nothing is searched for. Valid as a page is. */
const struct task_find *rig_find(struct rig *r, const struct scores *s);
/* How many of those behind the newest were found before that row of the list. */
int64_t rig_found_before(struct rig *r, const struct scores *s, int64_t row);
/* The lines of one task, likewise. */
void rig_open_task(struct rig *r, uint64_t line);
const struct task_record *rig_record(struct rig *r);
/* The chain's head, as the dashboard follows it by itself; NULL: it does not any more. */
void rig_head(struct rig *r, const struct auction_told *told);
const struct settings *rig_settings(const struct rig *r);
const char *rig_folder(const struct rig *r); /* absolute, as it is on disk: not text to show */
/* Grows whenever documents changed: a model built before then must not be looked at any more. */
uint64_t rig_changes(const struct rig *r);
/* While held nothing is fetched, so the last model stays valid; changed is still called for what would have changed. */
void rig_hold(struct rig *r, bool held);

#endif
