/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

const struct rule *const rules[] = {
    &rule_auction_missed,    &rule_budget_high,     &rule_budget_not_reset,
    &rule_checklist_empty,   &rule_clock,           &rule_commit_age,
    &rule_config_invalid,    &rule_daemon_down,     &rule_daily_limit,
    &rule_heartbeat_clock,   &rule_heartbeat_empty, &rule_heartbeat_overdue,
    &rule_history_bad_lines, &rule_ipc_error,       &rule_loop_stuck,
    &rule_module_down,       &rule_price_too_high,  &rule_score_avg,
    &rule_score_drop_10,     &rule_score_trend_7d,  &rule_socket_lost,
    &rule_source_invalid,    &rule_source_missing,  &rule_source_stale,
    &rule_stage_failed,      &rule_stage_stale,     &rule_success_rate,
    &rule_synthetic,         &rule_token_roi,       &rule_two_writers,
    &rule_unbudgeted_llm,    &rule_wallet_error,    NULL,
};
