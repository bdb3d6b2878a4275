/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part "stages": where in its eight stages the miner is. From miner_status.json (rig-files.md 3.2, read tolerantly) and,
 * when there is none, from the stage lines of the log (3.3). */
#ifndef DAVY_MODEL_STAGES_H
#define DAVY_MODEL_STAGES_H

#include "model/decode.h"
#include "model/docs.h"
#include "stage/stage.h"

struct stage_event {                    /* one moment of one stage */
    int number;                         /* 0..7; -1 unknown */
    const char *name;
    enum stage_status status;
    const char *status_text;            /* verbatim, lower case */
    const char *message, *username, *details;   /* "" when absent; details flattened, 200 characters at most */
    int64_t at_ms;                      /* NOT_KNOWN */
    int64_t started_ms;                 /* NOT_KNOWN */
    int64_t pid;                        /* of the writer; 0 when it does not say */
};
struct stage_usual {                    /* how long a stage takes for one account */
    const char *username;
    int64_t typical_ms;                 /* median; NOT_KNOWN without samples */
    size_t samples;
};
struct stage_total {                    /* of one stage, over all runs: what libdavystage keeps in the file */
    size_t completions, failures;
    struct stage_usual of_all;          /* of its last 20 completions */
    const struct stage_usual *account;  /* who completed it last stands first */
    size_t account_count;
};
enum { STATUS_WRITERS = 3 };
struct status_doc {                     /* miner_status.json */
    bool has_current;                   /* false: empty or reset file, "no stage yet" */
    struct stage_event current;
    const struct stage_event *history;  /* oldest first */
    size_t history_count;
    const char *mode;                   /* NULL */
    struct stage_total total[STAGE_COUNT];
    int64_t updated_ms;
    struct stage_event writer[STATUS_WRITERS];  /* who wrote this file and the versions before: only username, pid and the
                                                 * file's time are set; oldest first, one after the other differ */
    size_t writer_count;
};
decode_fn status_decode;
/* Both are named, and are not the same one. */
bool stage_other_writer(const struct stage_event *a, const struct stage_event *b);

enum stage_state { STAGE_WAITING /* not reached in this run */, STAGE_RUNNING, STAGE_DONE, STAGE_FAILED, STAGE_STALLED };
const char *stage_state_name(enum stage_state s);   /* "waiting", "running", ... */

struct stage_line {
    int number;
    const char *name;
    enum stage_state state;             /* in the current run */
    int64_t duration_ms;                /* in the current run: elapsed while running; NOT_KNOWN */
    int64_t typical_ms;                 /* median of the last completions: of this account, when it has three of them,
                                         * else of the last 20 of all; NOT_KNOWN */
    const char *typical_of;             /* that account; NULL: all */
    const struct stage_usual *account;  /* what is typical of each, newest first */
    size_t account_count;
    int64_t limit_ms;                   /* stalled beyond this: max(10 min, 3 x typical); stage 0: 2 x announced wait */
    size_t completions, failures;       /* in all runs, when the file counts them; else among the known events */
};
enum run_state { RUN_OPEN, RUN_DONE, RUN_FAILED, RUN_ABANDONED };
const char *run_state_name(enum run_state s);
struct stage_run {
    const char *username;
    enum run_state state;
    int last_stage;
    int64_t start_ms, end_ms;           /* NOT_KNOWN */
    const char *message;                /* of its end */
};
enum { STAGE_RUNS = 50, STAGE_OWN = 3 /* durations of an account that say more than those of all */ };
struct stages {
    bool known;                         /* false: nothing read yet, or "no stage yet" */
    bool from_log;                      /* no status file: read from the log */
    struct stage_event current;
    int64_t age_ms;                     /* of the current event; NOT_KNOWN */
    int64_t elapsed_ms;                 /* in the current stage; NOT_KNOWN */
    bool stalled;
    const char *mode;
    struct stage_line stage[STAGE_COUNT];
    const struct stage_run *run;        /* newest first */
    size_t run_count;
    const struct stage_event *event;    /* newest first, for the detail view */
    size_t event_count;
    bool two_writers;                   /* username or pid alternates within 2 s */
};
struct log;
/* log: the built part, whose stage lines serve when there is no status file; may be NULL. A status file that vanished was
 * reset by a start of the miner: no stage yet, but the durations and runs stay. */
const struct stages *stages_at(struct arena *a, const struct docs *docs, const struct origin *origins, const struct log *log,
                               int64_t now_ms);

#endif
