/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules share: strict comparisons, and the short texts and commands that a finding is made of. */
#ifndef DAVY_RULE_FINDING_H
#define DAVY_RULE_FINDING_H

#include "rule/rule.h"

/* Strict, with an epsilon of 1e-9 (rig-files 7.54: exactly 0.6, 20 % or 80 % is no alert). NAN is neither. */
bool above(double v, double limit);
bool below(double v, double limit);
enum severity severity_above(double v, double warning, double critical); /* SEVERITY_OK, _WARNING, _CRITICAL */
enum severity severity_below(double v, double warning, double critical);

/* Averages and rates of fewer tasks than this raise nothing (rig-files 4.0). */
enum { MIN_SCORED = 10 };

/* The limit of this severity that holds now: davy.toml's or the rule's own, for firing or for clearing. */
double finding_limit(const struct findings *f, const struct rule *r, enum severity s);

/* The next step; more than ALERT_DO are left out. */
void finding_do(struct alert *a, const char *step);
/* Value and limit as numbers; the texts are set by the rule. */
void finding_numbers(struct alert *a, double value, double limit);

/* The document's path, relative to the rig's folder where it lies in it. For sentences. */
const char *doc_name(const struct model *m, enum doc_id id);
/* A path, quoted for a shell where needed: for commands that the user copies. Nothing that a file says goes into a command
 * without it. */
const char *path_word(struct arena *a, const char *path);
/* The document's path as such a word. */
const char *doc_word(struct arena *a, const struct model *m, enum doc_id id);
/* It was read at least once, or something of its name is there: the rig has this file. */
bool doc_seen(const struct model *m, enum doc_id id);

/* num_ and duration_ texts of base, in the arena. */
const char *text_fixed(struct arena *a, double v, int decimals);
/* As text_fixed, with more decimals (6 at most) until it reads otherwise than the limit: 80.0001, never "80.0 > 80". */
const char *text_apart(struct arena *a, double v, double limit, int decimals);
const char *text_percent_apart(struct arena *a, double fraction, double limit, int decimals);
const char *text_count(struct arena *a, int64_t v);   /* 1,234,567 */
const char *text_span(struct arena *a, int64_t ms);   /* 3m 12s */
const char *text_minute(struct arena *a, int64_t ms); /* 2026-11-22 04:48 UTC */
/* "s" when n is not 1. */
const char *plural(uint64_t n);

/* Steps that many rules end with; commands of the rig's own scripts (rig-files 2.1; there is no restart script). */
void do_read_log(struct findings *f, const struct model *m, struct alert *a);
void do_restart(struct findings *f, const struct model *m, struct alert *a);

/* Its limits as davy.toml wants them (set NULL: its own); NULL: it has none. */
const struct rule_limits *rule_limits_of(struct arena *a, const struct rule *r, const struct rule_setting *set);

/* The rules, one file each; rules.c makes the table of them. */
extern const struct rule rule_chain_unreachable, rule_finality_lag, rule_solver_disagreement;
extern const struct rule rule_auction_missed, rule_budget_high, rule_budget_not_reset, rule_checklist_empty, rule_clock,
    rule_commit_age, rule_config_invalid, rule_config_warning, rule_daemon_down, rule_daily_limit, rule_heartbeat_clock,
    rule_heartbeat_empty, rule_heartbeat_overdue, rule_history_bad_lines, rule_ipc_error, rule_loop_stuck,
    rule_module_down, rule_module_ended, rule_score_avg, rule_score_drop_10, rule_score_trend_7d, rule_socket_lost,
    rule_source_invalid, rule_source_missing, rule_source_stale, rule_stage_failed, rule_stage_stale, rule_success_rate,
    rule_synthetic, rule_token_roi, rule_two_writers, rule_unbudgeted_llm, rule_wallet_error;

#endif
