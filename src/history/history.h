/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rig's memory, task-history.jsonl, folded: counts of every class of line, and the records of the newest 14 days (at
 * least the newest 50,000, and no more than 200,000 at any time: then the older ones of two weeks are hours, too). Bytes in, facts out; who reads the file, and where it was rotated, is the source's
 * business. A line counts once, in exactly one class; bad lines cost only themselves.
 * This folder owns plain memory (grow.h), the one exception of the pure folders: the fold outlives every snapshot.
 * What is returned lives until the next feed, break, clear or free. Reading may put the records in order first, so
 * one thread at a time.
 * A task_id counts once: the later line replaces the earlier one, but a line without a score never replaces one with a
 * score. Ids "", "unknown" and absent never join, nor do self-tests (test_N). Joins and awaited tasks are forgotten
 * with the records (an executed line after 100,000 further lines). */
#ifndef DAVY_HISTORY_HISTORY_H
#define DAVY_HISTORY_HISTORY_H

#include "base/arena.h"
#include "base/err.h"

struct record { /* one type S line with a usable timestamp */
    int64_t t_ms;
    uint64_t id_hash;       /* of task_id; 0: "", "unknown" or absent, never joined */
    double score;           /* NAN: pending or invalid */
    int64_t tokens;         /* 0 when absent or not a number */
    double tao;             /* NAN when absent */
    uint64_t line;          /* file order, 0-based: breaks ties of t_ms */
    int32_t subnet;         /* -1 unknown */
    uint16_t llm, strategy; /* index into names; 0 = "" unknown */
    uint8_t kind;           /* enum record_kind */
    uint8_t replaced;       /* another line with the same task_id took its place: counts in no window */
};
enum { HISTORY_SKEW_MS = 60000 }; /* t_ms > now + this is "future" */
enum record_kind { RECORD_SCORED, RECORD_PENDING, RECORD_INVALID, RECORD_SYNTHETIC, RECORD_FUTURE };

struct history_counts {
    uint64_t lines, scored, pending, invalid, malformed, synthetic, executed, blank, future, duplicates, oversize;
};

/* What counts, for whoever sums records up before the model sees them. Other rules: a new history. */
struct history_rules {
    double threshold; /* a success has a higher score */
    bool count_synthetic;
};

struct history;                                                 /* mutable; owned by the source */
struct history *history_new(const struct history_rules *rules); /* NULL: 0.6, without */
bool history_follows(const struct history *h, const struct history_rules *rules);
void history_free(struct history *h);
/* Feeds a block of bytes as they stand in the file, in order; an incomplete last line is kept for the next block. */
void history_feed(struct history *h, struct bytes block);
/* The same with glance->block, which somebody looked at before (glance.h). It is used up. */
struct glance;
void history_feed_glance(struct history *h, struct glance *glance);
/* The file was truncated or rotated: the torn tail is dropped, what was counted stays. */
void history_break(struct history *h);

/* Whoever wants every record, of a history of any length: each one is shown once, in the order of time but for lines that
 * came late, when it is final: nothing replaces it any more (those that were replaced are shown too). r lives for the call. */
typedef void history_visit_fn(void *ctx, const struct history *h, const struct record *r);
void history_visit(struct history *h, history_visit_fn *visit, void *ctx); /* before it is fed */
/* Whoever wants task_ids as they stand in the file, which no record keeps: told when the line of a record is read, long before
 * it is shown as final. record.line is the same number. The text lives for the call; it is from outside. */
typedef void history_text_fn(void *ctx, uint64_t line, struct bytes task_id);
void history_texts(struct history *h, history_text_fn *text, void *ctx); /* before it is fed */
void history_finish(
    struct history *h); /* nothing more will be fed: shows the records that are left, and forgets them */

/* Kept for the next start: all that was learnt from the complete lines so far. The bytes are of this machine and this
 * version, and good as long as the file still has the first *offset bytes that it had. history_drop() them. */
struct bytes history_save(const struct history *h, uint64_t *offset);
/* Into a new history, before it was fed. false: they say nothing that can be trusted, h is as new; read the file from its
 * start. The next block that is fed stands at offset. */
bool history_load(struct history *h, struct bytes saved);
void history_drop(struct bytes saved);

/* Reading it, for the model. "future" depends on now, so the classes scored, pending, ... are counted at now_ms. */
struct history_counts history_counts_at(const struct history *h, int64_t now_ms);
size_t history_record_count(const struct history *h);
const struct record *
history_records(const struct history *h); /* by t_ms, ties by line; synthetic and future included */
const char *history_name(const struct history *h, uint16_t index); /* safe text; "" for 0 */
size_t history_name_count(const struct history *h);

/* What the records do not hold any more: everything older, none of it replaced, by hour in the newest two weeks of it
 * (CELLS_HOURS), by UTC day before that. */
enum history_dim { HISTORY_ALL, HISTORY_LLM, HISTORY_STRATEGY, HISTORY_SUBNET, HISTORY_DIMS };
enum { HISTORY_BINS = 50 };
struct history_cell {
    int32_t day;   /* of the epoch */
    int32_t hour;  /* of the day; -1: all of it */
    uint32_t dim;  /* enum history_dim */
    int32_t index; /* of the name, or the subnet (-1: unknown); 0 with HISTORY_ALL */
    uint64_t records, scored, good, with_tao;
    double sum, tao; /* of the scores; of what is known */
    int64_t tokens;  /* over all records */
};
struct
    history_band { /* how the scores of a day lie, for percentiles: bin i holds i/50 <= score < (i+1)/50, the last one 1 too */
    int32_t day, hour; /* as of a cell */
    uint32_t bin[HISTORY_BINS];
};
size_t history_cells(const struct history *h, const struct history_cell **cells); /* by day, hour, dim, index */
size_t history_bands(const struct history *h, const struct history_band **bands); /* by day, hour */
struct history_note {
    uint64_t line /* 1-based, in the file as it is now */;
    uint64_t offset;
    const char *why;
};
size_t history_notes(const struct history *h,
                     const struct history_note **notes); /* the last 16 bad lines, for the user */
struct history_wait {
    const char *task_id, *llm;
    uint64_t line;
};
size_t history_awaiting(const struct history *h, const struct history_wait **list,
                        uint64_t *total); /* E without S; newest first, total counts all */

#endif
