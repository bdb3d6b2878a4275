/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part "scores": the KPIs of rig-files.md 4 from the task history, and what performance-metrics.json adds. Fractions
 * are 0..1; NAN and NOT_KNOWN are "not known". */
#ifndef DAVY_MODEL_SCORES_H
#define DAVY_MODEL_SCORES_H

#include "history/history.h"
#include "model/decode.h"
#include "model/docs.h"
#include "model/settings.h"

struct metrics_doc { /* performance-metrics.json, both shapes */
    bool shape1, shape2;
    double tao_7d;           /* NAN; shape 1 only */
    int64_t tokens_7d;       /* NOT_KNOWN; same object as tao_7d */
    int64_t tao_ms;          /* last_updated of the file that had tao_7d; NOT_KNOWN: null, a placeholder of setup.sh */
    double average, success; /* what the file says: shape 1 24h, shape 2 its period; NAN */
    int64_t period_days;     /* NOT_KNOWN */
    int64_t tasks;           /* NOT_KNOWN */
    int64_t updated_ms;      /* NOT_KNOWN: null, a placeholder of setup.sh */
};
decode_fn metrics_decode;

struct score_window {
    int64_t count;        /* scored tasks */
    double mean, success; /* NAN when count is 0 */
    int64_t tokens;       /* over all records of the window */
    int64_t records;
    double tao; /* what is known to be earned; NAN: nothing is known */
    /* 0: counted exactly as asked. Else counted from here on, up to a day before the window begins: its edge lies among records
     * that are only known by the hour or day any more. */
    int64_t from_ms;
    double roi; /* TAO per 1,000 tokens; NAN */
    double
        cost_usd; /* of the tokens, as token-budgets.json prices them; NAN when one LLM that spent some has no price */
};
struct score_group {
    const char *name;
    int64_t count;
    double mean, success;
    int64_t tokens;
    double share;              /* of all records of its time */
    double tao, roi, cost_usd; /* as in a window */
    bool best;                 /* highest mean of those with >= 10 scored */
};
/* 80 % of the scores lie between p10 and p90. They come from fifty classes of equal width, within a class as if its scores
 * were spread evenly: exact to 1/50. */
struct score_hour {
    int64_t start_ms;
    int64_t count;
    double mean;
    double low, high; /* of a day that is summed up: to 1/50 */
    double p10, p90;  /* NAN when count is 0 */
    int64_t tokens;
};
struct task_line { /* a recent record, for the tasks pane */
    int64_t t_ms;
    double score;
    int64_t tokens;
    const char *llm, *strategy;
    int32_t subnet;
    enum record_kind kind;
    bool replaced; /* another line took its place: only among the older ones */
    uint64_t line; /* record.line */
};
enum roi_word { ROI_UNKNOWN, ROI_UNPROFITABLE, ROI_MARGINAL, ROI_PROFITABLE };
enum { SCORE_HOURS = 24 * 14, TASK_LINES = 200, SPARK_SCORES = 200 };

/* The time that the user looks at. FIT: what is shown without a wish: the chart as far back as it can tell the hours
 * apart, the groups over 7 days, all tasks. */
enum score_range { RANGE_FIT, RANGE_1H, RANGE_24H, RANGE_7D, RANGE_30D, RANGE_ALL, RANGE_COUNT };
const char *score_range_name(enum score_range r); /* "24 h"; "" for FIT */
const char *score_range_word(enum score_range r); /* as one types it: "24h", "fit" */
struct score_groups {                             /* best first */
    const struct score_group *llm, *strategy, *subnet;
    size_t llm_count, strategy_count, subnet_count;
    int32_t best_subnet; /* on which the best strategy was used most; -1: no best one, or nobody says */
};
struct score_span {
    enum score_range range;
    int64_t oldest_ms; /* the oldest record that is known at all; NOT_KNOWN */
    /* Unless range is FIT: */
    int64_t after_ms; /* days that are summed up count whole: then it is the last moment before a UTC day */
    const struct score_hour *point; /* oldest first; not hours, but points of equal length */
    int points;
    int64_t step_ms;
    int64_t rows; /* lines with a task, whether they count or not */
    struct score_window all;
    double p10, p90; /* NAN */
    struct score_groups groups;
};

struct scores {
    bool known; /* false: no history file read yet */
    bool early; /* not known, but for the newest tasks: last10, last20, prev10, prev50, recent, task */
    struct history_counts counts;
    uint64_t awaiting;         /* executed without a scored record */
    int64_t oldest_pending_ms; /* its timestamp; NOT_KNOWN */
    struct score_window last10, last20, prev10, prev50, today, yesterday, h24, d7, prev7d, h1;
    double drop_last10; /* (B - R)/B; NAN below 10 samples each */
    double trend_7d;    /* (P - C)/P; NAN */
    double week_count;  /* tasks of these 7 days against the 7 before, relative; NAN */
    double label;       /* last 10 against the previous 10, relative; NAN */
    double roi;         /* TAO per 1,000 tokens; NAN */
    enum roi_word roi_word;
    const char *roi_source; /* "history", "metrics file"; NULL */
    int64_t roi_ms;         /* end of the 7 days that it is about, where a file says so; NOT_KNOWN: now */
    bool roi_placeholder;   /* zeros of setup.sh: no alert */
    double tao_7d;
    int64_t tasks_today;                               /* records whose UTC date is today */
    const struct score_group *llm, *strategy, *subnet; /* over 7 days, best first */
    size_t llm_count, strategy_count, subnet_count;
    int32_t best_subnet;           /* of these 7 days, as in score_groups */
    const struct score_hour *hour; /* SCORE_HOURS rows, oldest first, the last one holds now; empty hours count 0 */
    struct score_span span;
    const double *recent; /* the last SPARK_SCORES scores, oldest first */
    size_t recent_count;
    const struct task_line *task; /* newest first */
    size_t task_count;
    size_t task_skipped; /* lines of replaced tasks between them */
    int64_t last_ms;                   /* newest record; NOT_KNOWN */
    const struct metrics_doc *metrics; /* NULL */
    const struct history_note *note;   /* bad lines */
    size_t note_count;
    const struct history_wait *waiting;
    size_t waiting_count;
};
const struct scores *scores_at(struct arena *a, const struct docs *docs, const struct settings *s, int64_t now_ms);

#endif
