/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part "log": miner.log folded as it grows (rig-files.md 2.5): families of line formats, levels, adjacent duplicates,
 * the last lines and errors, stage lines and status lines, restarts of the file. */
#ifndef DAVY_MODEL_LOG_H
#define DAVY_MODEL_LOG_H

#include "model/decode.h"
#include "model/docs.h"
#include "model/stages.h"

enum log_level { LOG_NONE, LOG_DEBUG, LOG_INFO, LOG_SUCCESS, LOG_WARNING, LOG_ERROR, LOG_CRITICAL, LOG_LEVELS };

struct log_line {
    enum log_level level;               /* LOG_NONE: a continuation or an unknown family */
    int64_t at_ms;                      /* NOT_KNOWN */
    const char *source;                 /* logger's name; "" */
    const char *text;                   /* safe, at most 512 cells */
    uint32_t repeat;                    /* adjacent duplicates: 1, 2, ... */
    bool continuation;
};
enum log_mark { LOG_MARK_START, LOG_MARK_SHUTDOWN, LOG_MARK_IPC_ERROR, LOG_MARK_WALLET_ERROR, LOG_MARK_WALLET_OK, LOG_MARK_BUDGET_REFUSED,
                LOG_MARK_INFERENCE_FAILED, LOG_MARK_SAVE_FAILED, LOG_MARKS };
struct log_mark_count { uint64_t count; int64_t last_ms; };

enum { LOG_LINES = 500, LOG_ERRORS = 50 };

struct logfold;                         /* mutable; owned by the source */
struct logfold *logfold_new(int32_t local_offset_s);
void logfold_free(struct logfold *f);
void logfold_feed(struct logfold *f, struct bytes block);   /* incomplete last line is kept */
void logfold_break(struct logfold *f, const char *why);     /* restarted, rotated: a marker line */

struct log {
    bool known;
    uint64_t lines, count[LOG_LEVELS], nul_runs;
    int64_t last_hour[LOG_LEVELS];      /* lines of the last hour by their own time */
    int64_t last_day[LOG_LEVELS];
    const struct log_line *line;        /* newest last, at most LOG_LINES */
    size_t line_count;
    const struct log_line *error;       /* newest first, WARNING and up excluded: ERROR and CRITICAL, at most LOG_ERRORS */
    size_t error_count;
    int64_t last_ms;                    /* newest parsed time; NOT_KNOWN */
    struct log_mark_count mark[LOG_MARKS];
    int64_t ipc_errors_hour;
    bool wallet_broken;                 /* the last wallet line is an error, no success since */
    const char *wallet_text;
    uint64_t restarts;
    const struct stage_event *stage;    /* stage events seen, oldest first, at most 200 */
    size_t stage_count;
    const char *status_line;            /* the last "Miner Status:" text; NULL */
    int64_t status_ms;
    const char *module1, *module2, *bittensor;  /* "Running", "Stopped", "OK", "Failed"; NULL */
};
/* A view of the fold at now; strings live as long as the fold's next feed. */
const struct log *log_at(struct arena *a, const struct docs *docs, int64_t now_ms);

#endif
