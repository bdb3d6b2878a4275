/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part "budgets": token budgets per API (rig-files.md 1.5, 4.1, 4.2 #6-#9, 4.3, 5.5). */
#ifndef DAVY_MODEL_BUDGETS_H
#define DAVY_MODEL_BUDGETS_H

#include "model/decode.h"
#include "model/docs.h"
#include "model/scores.h"

struct budget_row {
    const char *api;                      /* the key, safe */
    int64_t allowance, used, daily_limit; /* NOT_KNOWN */
    double cost_per_1k;                   /* NAN; 0 is "free" */
    bool hard_limit;
    const char *model, *type; /* NULL */
    int64_t last_reset_ms;    /* NOT_KNOWN */
    const char *problem;      /* what is wrong with this entry ("used_this_month is not a number"); NULL */
};
struct budgets_doc {
    const struct budget_row *row; /* in file order */
    size_t count;
    int64_t reset_day;     /* NOT_KNOWN */
    int64_t last_reset_ms; /* tracking.last_reset or top-level; NOT_KNOWN */
    int64_t updated_ms;    /* NOT_KNOWN */
};
decode_fn budgets_decode;

enum budget_state { BUDGET_NONE, BUDGET_OK, BUDGET_WARNING, BUDGET_CRITICAL, BUDGET_EXHAUSTED };
const char *budget_state_name(enum budget_state s); /* "none", "ok", ... as in the JSON */

struct budget {
    const char *api, *display;                       /* display: OpenAI, Claude, Gemini or the key */
    int64_t allowance, used, remaining, daily_limit; /* NOT_KNOWN */
    double used_pct;                                 /* 0..100+; NAN */
    enum budget_state state;
    bool refusing;       /* > 90 %: the miner refuses tasks */
    bool unbudgeted;     /* seen in the history, absent from the file */
    bool unused;         /* in the file, not in 7 days of history (only when there is a history) */
    int64_t daily_used;  /* tokens of today (UTC) by this LLM in the history */
    double burn_per_day; /* tokens; NAN: also when the counter was not reset and there is no history */
    bool burn_from_history;
    double days_left;                   /* until exhausted at this burn; NAN: no burn */
    int64_t exhausted_ms;               /* when; NOT_KNOWN */
    double projected_pct;               /* of the allowance at the end of the cycle at this burn; NAN */
    double month_cost_usd, cost_per_1k; /* NAN */
    const char *model, *problem;
};
struct budgets {
    bool known;
    const struct budget *row; /* in file order, unbudgeted ones last */
    size_t count;
    int64_t cycle_start_ms, cycle_end_ms; /* of the current month by reset day */
    double elapsed_fraction;              /* of the cycle, 0..1: the pro-rated mark */
    bool not_reset;                       /* the month changed and the counters were not reset */
    int64_t last_reset_ms;                /* newest known; NOT_KNOWN */
    int64_t overdue_reset_ms;             /* how long; NOT_KNOWN */
    enum budget_state worst;
    int64_t updated_ms;
};
const struct budgets *budgets_at(struct arena *a, const struct docs *docs, const struct scores *scores,
                                 const struct settings *s, int64_t now_ms);

#endif
