/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Internal to the part "log": the fold's memory, so much at most whatever the size of the log: one block, and a text of its
 * own for each line that is kept. */
#ifndef DAVY_MODEL_LOGFOLD_H
#define DAVY_MODEL_LOGFOLD_H

#include "model/log_parse.h"

enum {
    FOLD_LINE = 64 * 1024, /* longer lines are cut */
    FOLD_TEXT = 512,
    FOLD_WORD = 64,
    FOLD_STAGES = 200,
    FOLD_MINUTES = 25 * 60, /* counters for the last hour and day */
    FOLD_IPC = 64,          /* times of the last IPC errors */
};

struct log_slot {
    enum log_level level;
    int64_t at_ms;
    uint32_t repeat;
    bool continuation;
    bool
        raw; /* the text is as the line had it: while a block is fed, most lines make room again before anybody sees them */
    char source[FOLD_WORD];
    char *text; /* NULL: nothing yet */
};
struct stage_slot {
    int number;
    enum stage_status status;
    int64_t at_ms;
    char name[FOLD_WORD], username[FOLD_WORD], message[FOLD_TEXT / 2];
};
struct minute_slot {
    int64_t minute; /* of the epoch; other minutes of the same slot are older */
    uint32_t count[LOG_LEVELS];
};

struct logfold {
    int32_t local_offset_s;
    uint64_t lines, count[LOG_LEVELS], nul_runs, restarts;
    uint64_t line_total, error_total, stage_total, ipc_total; /* ever; the rings hold the newest */
    int64_t last_ms;
    struct log_mark_count mark[LOG_MARKS];
    bool wallet_broken;
    bool fed; /* there is something to show */
    int64_t status_ms;
    bool in_nul;        /* the last byte was one */
    bool has_previous;  /* previous holds the line that the last slot shows */
    bool error_is_last; /* that line is the newest error, too */
    size_t pending, previous_length;
    struct arena scratch;
    char wallet_text[FOLD_TEXT], status_line[FOLD_TEXT];
    char module1[FOLD_WORD], module2[FOLD_WORD], bittensor[FOLD_WORD];
    int64_t ipc[FOLD_IPC];
    struct log_slot line[LOG_LINES], error[LOG_ERRORS];
    struct stage_slot stage[FOLD_STAGES];
    struct minute_slot minute[FOLD_MINUTES];
    char buffer[FOLD_LINE];   /* the incomplete line */
    char previous[FOLD_LINE]; /* the last complete one, to know a duplicate */
    char plain[FOLD_LINE];
};

/* A copy of text, at most FOLD_TEXT - 1 bytes; a line that is not there yet has none. */
void logfold_text(struct log_slot *slot, const char *text);
/* Takes what was said in from over, its own copy of the text. */
void logfold_copy(struct log_slot *to, const struct log_slot *from);
/* Makes what is raw safe to show. */
void logfold_settle(struct logfold *f);
/* One complete, non-blank line that is no duplicate. */
void logfold_line(struct logfold *f, struct bytes line);

#endif
