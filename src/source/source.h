/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One document of a rig: where it is, how it is fetched, what it last said, what is wrong with it now. Whole documents are
 * decoded into the idle one of two arenas and swapped in only when good; streams are folded as they grow. */
#ifndef DAVY_SOURCE_SOURCE_H
#define DAVY_SOURCE_SOURCE_H

#include "base/file.h"
#include "base/timetext.h"
#include "model/docs.h"
#include "source/ahead.h"
#include "source/marks.h"
#include "source/place.h"
#include "source/index.h"
#include "source/stream.h"

enum { SOURCE_PLACES = 2 };
/* A document that was read so soon after it was written that its writer may be at it again, without an event yet. */
struct young {
    const void *doc;                    /* in the idle arena; NULL: none */
    struct file_stat stat;
    struct place_look look;
    uint64_t changes;
    int64_t due_ms;
};
struct source {
    enum doc_id id;
    struct place place[SOURCE_PLACES];
    const char *shown[SOURCE_PLACES];   /* the path as it was configured; points into place */
    int place_count, chosen;
    struct origin origin;
    struct err error;                   /* what origin.error points at */
    struct arena arena[2];
    int live;                           /* the arena that doc is in */
    const void *doc;                    /* last good one; NULL: none yet */
    struct young young;                 /* waits for due_ms, and becomes doc when nothing happened to it by then */
    uint64_t dev, ino;                  /* of the file that doc was in */
    struct stream stream;
    struct index *index;                /* of the history, the rig's; NULL: of no other */
    void *fold;                         /* of a stream: struct history or struct logfold */
    uint64_t fed;                       /* blocks and gaps handed to the fold */
    bool caught_up;                     /* a stream was read to its end once */
    struct ahead ahead;                 /* of a history that was not */
    uint64_t gaps;                      /* how often its file was another one */
    struct marks marks;                 /* of the history: where what stands in its file */
    int percent;                        /* of a stream that was not, when it was last said */
    bool dirty;
    int64_t due_ms;                     /* loop clock: look again even if nothing happens; INT64_MAX: no */
    int64_t failing_ms;                 /* loop clock: unusable since; NOT_KNOWN: it is not */
    int64_t failing_mtime_ns;           /* of the file, when it was last found unusable */
    int64_t backoff_ms;
};
struct fetch_in {
    int64_t wall_ms, loop_ms;
    int64_t budget;                     /* bytes of a stream in one go */
    int32_t local_offset_s;
    void (*check)(const struct settings *s, settings_say_fn *say, void *ctx);   /* see decode_in; NULL */
    void (*take_events)(void *ctx);     /* brings writing and changes of the places up to now; NULL: nothing is watched */
    void *ctx;
};

/* dir: the rig's folder, absolute. path and second as configured; second may be NULL. */
void source_init(struct source *s, enum doc_id id, const char *dir, const char *path, const char *second, int32_t local_offset_s);
/* Of the history, before its first fetch. */
void source_rules(struct source *s, struct index *index, const struct history_rules *rules);
void source_release(struct source *s);
bool source_is_at(const struct source *s, const char *dir, const char *path, const char *second);
/* A whole document that its writer has open right now: reading it would tear it. Sets due_ms for one that stays open. */
bool source_postponed(struct source *s, int64_t loop_ms);
/* Reads what there is. true: documents or origin differ from before. Clears dirty, sets due_ms. */
bool source_fetch(struct source *s, const struct fetch_in *in);
/* For source_fetch and its two kinds: */
bool source_state(struct source *s, enum origin_state state, const char *error);
bool source_absent(struct source *s);
bool source_unreadable(struct source *s, const struct fetch_in *in, const struct err *why);
bool whole_fetch(struct source *s, const struct fetch_in *in);
bool folded_fetch(struct source *s, const struct fetch_in *in);
void folded_init(struct source *s, int32_t local_offset_s);
/* Of the history, right after source_init(): where its index is kept, and what it counts as a success. */
void folded_rules(struct source *s, struct index *index, const struct history_rules *rules);
void folded_release(struct source *s);

#endif
