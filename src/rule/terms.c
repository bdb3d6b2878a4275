/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terms of each rule: how long its condition must hold, and how long it must be over. reliability.md 3.2, where it says
 * something; a rule that already waits by itself (a limit in minutes or hours) fires at once. */
#include "rule/terms.h"

#include "base/timetext.h"
#include "rule/terms_rows.h"

enum { S = 1000, MINUTE = 60 * S, HOUR = 60 * MINUTE };

enum {
    NEED_AUCTION = 1 << DOC_AUCTION,
    NEED_BUDGETS = 1 << DOC_BUDGETS,
    NEED_CHECKLIST = 1 << DOC_CHECKLIST,
    NEED_CONFIG = 1 << DOC_CONFIG,
    NEED_HBSTATE = 1 << DOC_HBSTATE,
    NEED_HISTORY = 1 << DOC_HISTORY,
    NEED_LOG = 1 << DOC_LOG,
    NEED_METRICS = 1 << DOC_METRICS,
    NEED_RUN = 1 << DOC_RUN,
    NEED_STATUS = 1 << DOC_STATUS
};
static const char daemon_down[] = "daemon_down";

/* clang-format off: one row a line. rule, for, clear, samples, causes, needs all of, needs one of */
const struct terms_row terms_rows[] = {
    {"auction_missed", 0, 0, 1, NULL, NEED_AUCTION, 0},
    {"budget_high", 2 * MINUTE, 5 * MINUTE, 1, NULL, NEED_BUDGETS, 0},
    {"budget_not_reset", 0, 0, 1, NULL, NEED_BUDGETS, 0},
    {"chain_unreachable", 60 * S, 60 * S, 1, NULL, NEED_AUCTION, 0},
    {"checklist_empty", 0, 0, 1, NULL, NEED_CHECKLIST, 0},
    {"clock", 0, 5 * MINUTE, 1, NULL, NEED_HISTORY, 0},
    {"commit_age", 0, 0, 1, NULL, NEED_AUCTION, 0},
    {"config_invalid", 0, 0, 1, NULL, 0, 0},
    {"config_warning", 0, 0, 1, NULL, NEED_CONFIG, 0},
    {"daemon_down", 30 * S, 60 * S, 1, NULL, 0, 0},
    {"daily_limit", 0, 5 * MINUTE, 1, NULL, NEED_BUDGETS | NEED_HISTORY, 0},
    {"finality_lag", 60 * S, 60 * S, 1, NULL, NEED_AUCTION, 0},
    {"heartbeat_clock", 0, 0, 1, NULL, NEED_HBSTATE, 0},
    {"heartbeat_empty", 60 * S, 0, 1, NULL, NEED_HBSTATE, 0},
    {"heartbeat_overdue", 0, 0, 1, NULL, NEED_HBSTATE, 0},
    {"history_bad_lines", 0, 0, 1, NULL, NEED_HISTORY, 0},
    {"ipc_error", 0, 30 * MINUTE, 1, daemon_down, NEED_LOG, 0},
    {"loop_stuck", 0, 60 * S, 1, daemon_down, NEED_LOG, 0},
    {"module_down", 30 * S, 60 * S, 1, daemon_down, NEED_LOG, 0},
    {"module_ended", 10 * S, 60 * S, 1, NULL, NEED_RUN, 0},
    {"score_avg", 0, 5 * MINUTE, 1, NULL, NEED_HISTORY, 0},
    {"score_drop_10", 0, 5 * MINUTE, 2, NULL, NEED_HISTORY, 0},
    {"score_trend_7d", HOUR, 5 * MINUTE, 1, NULL, NEED_HISTORY, 0},
    {"socket_lost", 60 * S, 60 * S, 1, daemon_down, 0, 0},
    {"solver_disagreement", 0, 0, 1, NULL, NEED_AUCTION, 0},
    {"source_invalid", 60 * S, 0, 1, NULL, 0, 0},
    {"source_missing", 60 * S, 0, 1, NULL, 0, 0},
    {"source_stale", 60 * S, 0, 1, NULL, 0, 0},
    {"stage_failed", 0, 0, 1, NULL, 0, NEED_STATUS | NEED_LOG},
    {"stage_stale", 0, 0, 1, daemon_down, 0, NEED_STATUS | NEED_LOG},
    {"success_rate", 0, 5 * MINUTE, 1, NULL, NEED_HISTORY, 0},
    {"synthetic", 0, 0, 1, NULL, NEED_HISTORY, 0},
    {"token_roi", HOUR, 5 * MINUTE, 1, NULL, 0, NEED_HISTORY | NEED_METRICS},
    {"two_writers", 0, 5 * MINUTE, 1, NULL, NEED_STATUS, 0},
    {"unbudgeted_llm", 0, 0, 1, NULL, NEED_BUDGETS | NEED_HISTORY, 0},
    {"wallet_error", 0, 10 * MINUTE, 1, NULL, NEED_LOG, 0},
};
/* clang-format on */
const size_t terms_row_count = sizeof terms_rows / sizeof *terms_rows;

static void override_by(struct terms *t, const struct rule_setting *set)
{
    t->off = set->off;
    t->for_ms = set->for_s == NOT_KNOWN ? t->for_ms : set->for_s * S;
    t->clear_ms = set->clear_for_s == NOT_KNOWN ? t->clear_ms : set->clear_for_s * S;
}

size_t terms_of(struct arena *a, const struct settings *s, const struct terms **out)
{
    struct terms *t = arena_array(a, terms_row_count, sizeof *t);
    for (size_t i = 0; i < terms_row_count; i++) {
        const struct terms_row *r = &terms_rows[i];
        const struct rule_setting *set = rule_setting_of(&s->rules, r->rule);
        t[i] = (struct terms){r->rule, r->for_ms, r->clear_ms, r->samples, {r->because}, false};
        if (set)
            override_by(&t[i], set);
    }
    *out = t;
    return terms_row_count;
}
