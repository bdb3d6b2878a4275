/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rig of which everything is known: each part filled by hand with values that differ from each other, so that a member
 * that shows the wrong one is found. */
#ifndef DAVY_TESTS_FULL_RIG_H
#define DAVY_TESTS_FULL_RIG_H

#include "rule_rig.h"

struct full_rig {
    struct rig rig;
    struct score_hour hour[SCORE_HOURS];
    struct alert alert[2];
    struct stage_event event[1];
    struct auction_doc status;
};

static const struct history_note full_note = {9, 812, "score is the text \"0.9\""};
static const struct history_wait full_wait = {"task-77", "claude-sonnet", 12};
static const struct log_line full_error = {
    .level = LOG_ERROR, .at_ms = 1795322000000, .source = "__main__", .text = "Daemon error: boom", .repeat = 2};
static const struct metrics_doc full_metrics = {.shape1 = true,
                                                .tao_7d = 0.35,
                                                .tokens_7d = 285000,
                                                .average = 0.74,
                                                .success = 0.8,
                                                .period_days = 7,
                                                .tasks = 847,
                                                .updated_ms = 1795320000000};
static const struct score_group full_llm[] = {{"claude-sonnet", 30, 0.81, 0.9, 15000, 0.6, 0.2, 0.0133, 0.45, true},
                                              {"openai-gpt4", 20, 0.55, 0.5, 12000, 0.4, 0.15, 0.0125, 0.36, false}};
static const struct task_line full_task = {.t_ms = 1795322800000,
                                           .score = 0.7,
                                           .tokens = 500,
                                           .llm = "openai-gpt4",
                                           .strategy = "structured_reasoning",
                                           .subnet = 1,
                                           .kind = RECORD_SCORED};
static const struct auction_bid full_bid = {"0.25", "1", 4, 3};
static const struct worker_size full_worker = {"0.25", 4};
static const struct checklist_item full_item = {"Checks", "look at the budget", true};
static const struct checklist_doc full_checklist = {.item = &full_item, .count = 1};
static const struct hb_threshold full_threshold = {"disk_percent", 85};

static inline void full_files(struct rig *r)
{
    for (enum doc_id id = 0; id < DOC_COUNT; id++)
        rig_file(r, id);
    r->m.origin[DOC_BUDGETS].mtime_ms = NOW - 61999;
    r->m.origin[DOC_METRICS].state = ORIGIN_INVALID;
    r->m.origin[DOC_METRICS].error = "performance-metrics.json line 3: expected a number";
}

static inline void full_daemon(struct daemon *d)
{
    *d = (struct daemon){.state = DAEMON_UP,
                         .pid = 25217,
                         .other_pid = 25218,
                         .uptime_s = 4242,
                         .beat_age_ms = 7999,
                         .since_ms = NOW - 4242000,
                         .tasks_processed = 5,
                         .status = "running",
                         .socket = SOCKET_LISTENING,
                         .socket_path = "/tmp/openclawd-bittensor.sock",
                         .socket_backlog = 1,
                         .cpu_ms = 1500,
                         .rss_bytes = 64 << 20,
                         .why = "pid 25217 wrote its state 7 s ago"};
}

static inline void full_stages(struct full_rig *f)
{
    struct stages *s = &f->rig.stages;
    s->known = true;
    s->current = (struct stage_event){.number = 3,
                                      .name = "Vector Database",
                                      .status = STAGE_STATUS_RUNNING,
                                      .status_text = "running",
                                      .message = "Indexing 50 posts",
                                      .username = "elonmusk",
                                      .details = "posts: 50",
                                      .at_ms = NOW - 5500,
                                      .started_ms = NOW - 65500};
    s->age_ms = 5500;
    s->elapsed_ms = 65500;
    s->mode = "watchdog";
    for (int i = 0; i < STAGE_COUNT; i++) {
        s->stage[i].state = i < 3 ? STAGE_DONE : i == 3 ? STAGE_RUNNING : STAGE_WAITING;
        s->stage[i].duration_ms = 1000 * i + 999;
        s->stage[i].typical_ms = 2000 * i + 999;
    }
    f->rig.run[0] = (struct stage_run){.username = "elonmusk",
                                       .state = RUN_OPEN,
                                       .last_stage = 3,
                                       .start_ms = NOW - HOUR,
                                       .end_ms = NOW - 1,
                                       .message = "going on"};
    s->run = f->rig.run;
    s->run_count = 1;
    f->event[0] = s->current;
    s->event = f->event;
    s->event_count = 1;
}

static inline void full_scores(struct full_rig *f)
{
    struct scores *s = &f->rig.scores;
    struct score_window *const windows[] = {&s->last10,    &s->last20, &s->prev10, &s->prev50, &s->today,
                                            &s->yesterday, &s->h24,    &s->d7,     &s->prev7d, &s->h1};
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        *windows[i] = window_of_mean(10 + (int64_t)i, 0.5 + 0.01 * (double)i, 0.6);
        windows[i]->tokens = 1000 * (int64_t)i;
    }
    s->known = true;
    s->counts = (struct history_counts){.lines = 100,
                                        .scored = 50,
                                        .pending = 11,
                                        .invalid = 2,
                                        .malformed = 3,
                                        .synthetic = 5,
                                        .executed = 20,
                                        .blank = 7,
                                        .future = 2,
                                        .duplicates = 1,
                                        .oversize = 0};
    s->awaiting = 4;
    s->drop_last10 = 0.25;
    s->trend_7d = -0.1;
    s->label = 0.06;
    s->roi = 0.0012;
    s->roi_word = ROI_PROFITABLE;
    s->roi_source = "history";
    s->tao_7d = 0.35;
    s->tasks_today = 14;
    s->llm = s->strategy = s->subnet = full_llm;
    s->llm_count = s->strategy_count = s->subnet_count = 2;
    for (int i = 0; i < SCORE_HOURS; i++)
        f->hour[i] = (struct score_hour){.start_ms = NOW - (SCORE_HOURS - i) * (int64_t)HOUR,
                                         .mean = NAN,
                                         .low = NAN,
                                         .high = NAN,
                                         .p10 = NAN,
                                         .p90 = NAN};
    f->hour[SCORE_HOURS - 1] = (struct score_hour){NOW - HOUR, 3, 0.7, 0.6, 0.8, 0.61, 0.79, 1500};
    s->hour = f->hour;
    s->task = &full_task;
    s->waiting = &full_wait;
    s->note = &full_note;
    s->task_count = s->waiting_count = s->note_count = 1;
    s->last_ms = NOW - MINUTE;
    s->roi_ms = NOT_KNOWN;
    s->oldest_pending_ms = NOW - 90 * (int64_t)MINUTE;
    s->metrics = &full_metrics;
}

static inline void full_budgets(struct rig *r)
{
    r->budgets = (struct budgets){.known = true,
                                  .row = r->budget,
                                  .count = 1,
                                  .cycle_start_ms = NOW - 21 * DAY,
                                  .cycle_end_ms = NOW + 9 * DAY,
                                  .elapsed_fraction = 0.7,
                                  .last_reset_ms = NOW - 21 * DAY,
                                  .overdue_reset_ms = 3600999,
                                  .worst = BUDGET_WARNING,
                                  .updated_ms = NOW - MINUTE};
    r->budget[0] = (struct budget){.api = "openai-gpt4",
                                   .display = "OpenAI",
                                   .allowance = 1000000,
                                   .used = 820000,
                                   .remaining = 180000,
                                   .daily_limit = 50000,
                                   .used_pct = 82,
                                   .state = BUDGET_WARNING,
                                   .daily_used = 15000,
                                   .burn_per_day = 15000,
                                   .burn_from_history = true,
                                   .days_left = 12,
                                   .exhausted_ms = NOW + 12 * DAY,
                                   .projected_pct = 95.5,
                                   .month_cost_usd = 24.6,
                                   .cost_per_1k = 0.03,
                                   .model = "gpt-4",
                                   .problem = "none"};
}

static inline void full_auction(struct full_rig *f)
{
    struct auction *x = &f->rig.auction;
    f->status = (struct auction_doc){.network = "finney",
                                     .netuid = 89,
                                     .tempo = 360,
                                     .block = 7414260,
                                     .block_ms = NOW - 48000,
                                     .connected = true,
                                     .endpoint = "wss://example.invalid",
                                     .error = "none",
                                     .has_commitment = true,
                                     .published = true,
                                     .commit_text = "2;b;BTC,1=0.25:4",
                                     .commit_block = 7414000,
                                     .commit_ms = NOW - HOUR,
                                     .has_result = true,
                                     .result_index = 2,
                                     .result_start = 7414187,
                                     .result_end = 7414246,
                                     .result_ms = NOW - 5 * MINUTE,
                                     .commitments = 40,
                                     .won = 3,
                                     .lost = 1,
                                     .budget_ph = 39.5,
                                     .clearing_price = "0.99",
                                     .bid = &full_bid,
                                     .bid_count = 1,
                                     .missed_windows = 0,
                                     .updated_ms = NOW - 9000};
    f->rig.config = (struct auction_config){.network = "finney",
                                            .netuid = 89,
                                            .wallet_name = "openclawd-miner",
                                            .hotkey_name = "default",
                                            .wallet_directory = "~/.bittensor/wallets",
                                            .price_multiplier = "1",
                                            .worker = &full_worker,
                                            .worker_count = 1,
                                            .total_workers = 4,
                                            .total_ph = 1,
                                            .commitment = "2;b;BTC,1=0.25:4",
                                            .warning = "none"};
    *x = (struct auction){.known = true,
                          .has_window = true,
                          .config = &f->rig.config,
                          .status = &f->status,
                          .network = "finney",
                          .netuid = 89,
                          .tempo = 360,
                          .block = 7414264,
                          .known_block = 7414260,
                          .known_ms = NOW - 48000,
                          .block_age_ms = 48999,
                          .estimated = true,
                          .seconds_left = 516,
                          .window_end_ms = NOW + 516000,
                          .window_fraction_left = 0.72,
                          .commit_age_ms = 3600999,
                          .finality_lag = NOT_KNOWN,
                          .windows_since_result = 0};
    x->window = (struct window){.epoch_start = 7414127,
                                .base = 7414067,
                                .index = 3,
                                .start = 7414247,
                                .end = 7414306,
                                .blocks_to_next = 43,
                                .seconds_to_next = 516};
}

static inline void full_heartbeat(struct rig *r)
{
    r->check[0] = (struct hb_line){.name = "bittensor",
                                   .state = DUE_OVERDUE,
                                   .at_ms = NOW - 5 * HOUR,
                                   .age_ms = 5 * HOUR + 999,
                                   .interval_ms = 2 * HOUR,
                                   .note = "late"};
    r->heartbeat = (struct heartbeat){.known = true,
                                      .check = r->check,
                                      .check_count = 1,
                                      .due_count = 2,
                                      .overdue_count = 1,
                                      .last_ms = NOW - 5 * HOUR,
                                      .next_due_ms = NOW - 3 * HOUR,
                                      .checklist = &full_checklist,
                                      .threshold = &full_threshold,
                                      .threshold_count = 1};
}

static inline void full_log(struct log *log)
{
    log->known = true;
    log->lines = 4711;
    log->count[LOG_ERROR] = 12;
    log->last_hour[LOG_ERROR] = 2;
    log->last_day[LOG_ERROR] = 7;
    log->error = &full_error;
    log->error_count = 1;
    log->last_ms = NOW - 4000;
    log->mark[LOG_MARK_START] = (struct log_mark_count){1, NOW - HOUR};
    log->status_line = "Mode: watchdog | Bittensor: OK | Module 1: Running | Module 2: Stopped";
    log->status_ms = NOW - 20000;
    log->module1 = "Running";
    log->module2 = "Stopped";
    log->bittensor = "OK";
    log->wallet_text = "Failed to get balance: timeout";
}

static inline void full_alerts(struct full_rig *f)
{
    f->alert[0] = (struct alert){.rule = "budget_high",
                                 .subject = "openai-gpt4",
                                 .severity = SEVERITY_CRITICAL,
                                 .state = "firing",
                                 .since_ms = NOW - HOUR,
                                 .value = 97.5,
                                 .limit = 95,
                                 .value_text = "97.5%",
                                 .limit_text = "> 95%",
                                 .what = "OpenAI budget at 97.5%",
                                 .why = "used 975,000 of 1,000,000",
                                 .todo = {"raise it", "or wait"}};
    f->alert[1] = (struct alert){.rule = "daemon_down",
                                 .subject = "",
                                 .severity = SEVERITY_WARNING,
                                 .state = "unknown",
                                 .since_ms = NOT_KNOWN,
                                 .value = NAN,
                                 .limit = NAN,
                                 .value_text = "",
                                 .limit_text = "",
                                 .what = "Daemon: cannot tell",
                                 .why = "EACCES"};
    f->rig.m.alert = f->alert;
    f->rig.m.alert_count = 2;
}

static inline void full_rig_init(struct full_rig *f)
{
    rig_init(&f->rig);
    f->rig.m.notice = "polling (inotify: no instances)";
    full_files(&f->rig);
    full_daemon(&f->rig.daemon);
    full_stages(f);
    full_scores(f);
    full_budgets(&f->rig);
    full_auction(f);
    full_heartbeat(&f->rig);
    full_log(&f->rig.log);
    full_alerts(f);
}

#endif
