/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rigs made by hand, for looking at the screen: well, in trouble, without any file, with broken files, with wide text. Each
 * is a whole struct model in arena a; a test changes what it wants to see different. */
#ifndef DAVY_TEST_SAMPLE_MODEL_H
#define DAVY_TEST_SAMPLE_MODEL_H

#include <math.h>
#include <string.h>

#include "base/timetext.h"
#include "model/model.h"
#include "view/view.h"

#define SAMPLE_NOW INT64_C(1795322931000) /* 2026-11-22 04:48:51 UTC */
static const struct modules no_modules = {.pid = NOT_KNOWN, .updated_ms = NOT_KNOWN};
enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS };

static inline void sample_origins(struct model *m, bool read)
{
    static const char *const paths[DOC_COUNT] = {
        [DOC_STATUS] = "/rig/miner_status.json",
        [DOC_HISTORY] = "/rig/state/task-history.jsonl",
        [DOC_BUDGETS] = "/rig/config/token-budgets.json",
        [DOC_METRICS] = "/rig/state/performance-metrics.json",
        [DOC_PID] = "/rig/state/miner.pid",
        [DOC_STATE] = "/rig/state/miner-state.json",
        [DOC_LOG] = "/rig/logs/miner.log",
        [DOC_HBSTATE] = "/rig/memory/heartbeat-state.json",
        [DOC_CHECKLIST] = "/rig/HEARTBEAT.md",
        [DOC_CONFIG] = "/rig/config.toml",
        [DOC_AUCTION] = "/rig/state/auction-status.json",
        [DOC_RUN] = "/rig/state/davy/run.json",
        [DOC_SETTINGS] = "/rig/davy.toml",
    };
    for (int i = 0; i < DOC_COUNT; i++)
        m->origin[i] = (struct origin){.key = doc_rows[i].key,
                                       .path = paths[i],
                                       .state = read ? ORIGIN_OK : ORIGIN_MISSING,
                                       .read_ms = read ? SAMPLE_NOW - 3 * SECOND_MS : NOT_KNOWN,
                                       .mtime_ms = read ? SAMPLE_NOW - 3 * SECOND_MS : NOT_KNOWN};
}

/* A rig of which no file was read: every part says "not known". */
static inline struct model *sample_empty(struct arena *a)
{
    struct model *m = arena_alloc(a, sizeof *m);
    struct model_in in = {.now_ms = SAMPLE_NOW,
                          .rig_name = "rig-01",
                          .rig_dir = "/rig",
                          .host = "deepthought",
                          .docs = arena_alloc(a, sizeof(struct docs)),
                          .origin = m->origin};
    sample_origins(m, false);
    struct model *built = model_build(a, &in);
    return built;
}

static inline struct stage_event sample_event(int number, enum stage_status status, const char *text, int64_t ago_ms)
{
    return (struct stage_event){.number = number,
                                .name = stage_name(number),
                                .status = status,
                                .status_text = status == STAGE_STATUS_RUNNING ? "running"
                                               : status == STAGE_STATUS_DONE  ? "completed"
                                                                              : "failed",
                                .message = text,
                                .username = "elonmusk",
                                .details = "",
                                .at_ms = SAMPLE_NOW - ago_ms,
                                .started_ms = SAMPLE_NOW - ago_ms};
}

static inline struct stages *sample_stages(struct arena *a)
{
    static const int64_t took[STAGE_COUNT] = {12, 100, 31, 125, 0, 0, 0, 0},
                         rule[STAGE_COUNT] = {10, 95, 40, 190, 240, 130, 30, 2};
    struct stages *s = arena_alloc(a, sizeof *s);
    s->known = true;
    s->current = sample_event(3, STAGE_STATUS_RUNNING, "Indexing 50 posts in vector database", 125000);
    s->age_ms = s->elapsed_ms = 125400;
    for (int i = 0; i < STAGE_COUNT; i++)
        s->stage[i] = (struct stage_line){.number = i,
                                          .name = stage_name(i),
                                          .state = i < 3    ? STAGE_DONE
                                                   : i == 3 ? STAGE_RUNNING
                                                            : STAGE_WAITING,
                                          .duration_ms = i <= 3 ? took[i] * 1000 : NOT_KNOWN,
                                          .typical_ms = rule[i] * 1000,
                                          .limit_ms = 600000,
                                          .completions = 17,
                                          .failures = (size_t)(i == 1)};
    struct stage_run *run = arena_array(a, 4, sizeof *run);
    run[0] = (struct stage_run){"elonmusk", RUN_OPEN, 3, SAMPLE_NOW - 4 * MINUTE_MS, NOT_KNOWN, ""};
    run[1] = (struct stage_run){"nasa",
                                RUN_DONE,
                                7,
                                SAMPLE_NOW - 20 * MINUTE_MS,
                                SAMPLE_NOW - 8 * MINUTE_MS,
                                "Pipeline completed - 15 recommendations generated"};
    run[2] = (struct stage_run){"badusername",
                                RUN_FAILED,
                                1,
                                SAMPLE_NOW - 40 * MINUTE_MS,
                                SAMPLE_NOW - 39 * MINUTE_MS,
                                "Failed to scrape profile"};
    run[3] =
        (struct stage_run){"spacex", RUN_ABANDONED, 4, SAMPLE_NOW - 70 * MINUTE_MS, SAMPLE_NOW - 50 * MINUTE_MS, ""};
    s->run = run;
    s->run_count = 4;
    struct stage_event *event = arena_array(a, 6, sizeof *event);
    for (int i = 0; i < 6; i++)
        event[i] = sample_event(3 - i / 2, i % 2 ? STAGE_STATUS_DONE : STAGE_STATUS_RUNNING, "Processing 50 posts",
                                125000 + i * 40000);
    s->event = event;
    s->event_count = 6;
    return s;
}

/* A day and night in scores: between 0.55 and 0.85, or falling below the limit at the end. */
static inline double sample_score(int hour, bool falling)
{
    double v = 0.7 + 0.09 * sin(hour * 0.26) + 0.05 * sin(hour * 1.3) + 0.02 * cos(hour * 2.9);
    int left = SCORE_HOURS - hour;
    return falling && left < 18 ? v - 0.02 * (18 - left) : v;
}

static inline struct score_window sample_window(int64_t count, double mean, double success, int64_t tokens)
{
    return (struct score_window){.count = count,
                                 .mean = mean,
                                 .success = success,
                                 .tokens = tokens,
                                 .records = count + 2,
                                 .tao = NAN,
                                 .roi = NAN,
                                 .cost_usd = (double)tokens * 0.00001};
}

static inline void sample_tasks(struct arena *a, struct scores *s, bool falling)
{
    static const char *const llms[] = {"claude", "gpt-4", "gemini"}, *const ways[] = {"chain-of-thought", "few-shot",
                                                                                      "direct"};
    struct task_line *t = arena_array(a, 60, sizeof *t);
    for (int i = 0; i < 60; i++)
        t[i] = (struct task_line){
            .t_ms = SAMPLE_NOW - (40 + i * 333) * (int64_t)SECOND_MS,
            .score = i % 13 == 4 ? NAN : sample_score(SCORE_HOURS - 1 - i / 11, falling) + 0.03 * (i % 5 - 2),
            .tokens = 800 + i * 37 % 900,
            .llm = llms[i % 3],
            .strategy = ways[i / 2 % 3],
            .subnet = i % 4 ? 1 : 19,
            .kind = i % 13 == 4 ? RECORD_PENDING : RECORD_SCORED};
    s->task = t;
    s->task_count = 60;
}

static inline void sample_groups(struct arena *a, struct scores *s)
{
    struct score_group *g = arena_array(a, 8, sizeof *g);
    g[0] = (struct score_group){"claude", 320, 0.76, 0.84, 150000, 0.45, NAN, NAN, 1.50, true};
    g[1] = (struct score_group){"gpt-4", 250, 0.69, 0.71, 120000, 0.35, NAN, NAN, 1.20, false};
    g[2] = (struct score_group){"gemini", 140, 0.58, 0.49, 60000, 0.2, NAN, NAN, NAN, false};
    g[3] = (struct score_group){"chain-of-thought", 400, 0.74, 0.8, 200000, 0.56, NAN, NAN, 2.00, true};
    g[4] = (struct score_group){"direct", 310, 0.63, 0.6, 130000, 0.44, NAN, NAN, 1.30, false};
    g[5] = (struct score_group){"1", 600, 0.71, 0.76, 300000, 0.84, NAN, NAN, 3.00, true};
    g[6] = (struct score_group){"19", 110, 0.62, 0.58, 30000, 0.16, NAN, NAN, 0.30, false};
    s->llm = g;
    s->llm_count = 3;
    s->strategy = g + 3;
    s->strategy_count = 2;
    s->subnet = g + 5;
    s->subnet_count = 2;
}

static inline struct scores *sample_scores(struct arena *a, bool falling)
{
    struct scores *s = arena_alloc(a, sizeof *s);
    struct score_hour *hour = arena_array(a, SCORE_HOURS, sizeof *hour);
    double *recent = arena_array(a, 120, sizeof *recent);
    for (int i = 0; i < SCORE_HOURS; i++) {
        double v = sample_score(i, falling);
        hour[i] = (struct score_hour){SAMPLE_NOW + (i - SCORE_HOURS) * (int64_t)HOUR_MS,
                                      i % 29 < 2 ? 0 : 5,
                                      v,
                                      v - 0.1,
                                      v + 0.1,
                                      v - 0.07,
                                      v + 0.08,
                                      4000};
    }
    for (int i = 0; i < 120; i++)
        recent[i] = sample_score(SCORE_HOURS - 12 + i / 10, falling) + 0.06 * sin(i * 2.1);
    *s = (struct scores){
        .known = true,
        .counts = {.lines = 12345, .scored = 11000, .pending = 45, .executed = 1290, .invalid = 4, .malformed = 6},
        .last10 = sample_window(10, falling ? 0.41 : 0.74, falling ? 0.2 : 0.8, 12000),
        .last20 = sample_window(20, falling ? 0.44 : 0.73, falling ? 0.3 : 0.8, 24000),
        .prev50 = sample_window(50, 0.71, 0.74, 60000),
        .today = sample_window(31, falling ? 0.43 : 0.73, 0.8, 37000),
        .yesterday = sample_window(118, 0.71, 0.75, 130000),
        .h24 = sample_window(120, falling ? 0.46 : 0.72, falling ? 0.38 : 0.77, 142000),
        .d7 = sample_window(710, falling ? 0.64 : 0.71, 0.74, 830000),
        .prev7d = sample_window(690, 0.70, 0.72, 800000),
        .h1 = sample_window(6, falling ? 0.4 : 0.75, 0.83, 7000),
        .prev10 = sample_window(10, 0.72, 0.8, 12000),
        .drop_last10 = falling ? 0.42 : -0.04,
        .trend_7d = falling ? 0.086 : -0.014,
        .label = NAN,
        .roi = falling ? 0.0003 : 0.0012,
        .roi_word = falling ? ROI_UNPROFITABLE : ROI_PROFITABLE,
        .roi_source = "metrics file",
        .tao_7d = 0.996,
        .tasks_today = 31,
        .hour = hour,
        .recent = recent,
        .recent_count = 120,
        .roi_ms = NOT_KNOWN,
        .oldest_pending_ms = NOT_KNOWN,
        .last_ms = SAMPLE_NOW - 40 * SECOND_MS};
    sample_tasks(a, s, falling);
    sample_groups(a, s);
    return s;
}

static inline struct budget sample_budget(const char *name, int64_t allowance, int64_t used, double days_left,
                                          double projected)
{
    double pct = 100.0 * (double)used / (double)allowance;
    return (struct budget){.api = name,
                           .display = name,
                           .allowance = allowance,
                           .used = used,
                           .remaining = allowance - used,
                           .daily_limit = allowance / 20,
                           .used_pct = pct,
                           .state = pct >= 100 ? BUDGET_EXHAUSTED
                                    : pct > 95 ? BUDGET_CRITICAL
                                    : pct > 80 ? BUDGET_WARNING
                                               : BUDGET_OK,
                           .refusing = pct > 90,
                           .daily_used = allowance / 31,
                           .burn_per_day = (double)used / 21,
                           .days_left = days_left,
                           .exhausted_ms =
                               isnan(days_left) ? NOT_KNOWN : SAMPLE_NOW + (int64_t)(days_left * 24 * HOUR_MS),
                           .projected_pct = projected,
                           .month_cost_usd = 12.4,
                           .cost_per_1k = 0.015,
                           .model = "claude-3-opus"};
}

static inline struct budgets *sample_budgets(struct arena *a, bool high)
{
    struct budgets *b = arena_alloc(a, sizeof *b);
    struct budget *row = arena_array(a, 5, sizeof *row);
    row[0] = sample_budget("OpenAI", 2000000, high ? 1880000 : 1240000, high ? 1.3 : 12, high ? 128 : 86);
    row[1] = sample_budget("Claude", 1500000, high ? 1260000 : 760000, high ? 4 : 20.4, high ? 117 : 71);
    row[2] = sample_budget("Gemini", 1000000, 330000, 42, 46);
    row[3] = sample_budget("local-llama", 500000, 0, NAN, NAN);
    row[3].unused = true;
    row[4] = (struct budget){.api = "mistral",
                             .display = "mistral",
                             .allowance = NOT_KNOWN,
                             .used = NOT_KNOWN,
                             .remaining = NOT_KNOWN,
                             .daily_limit = NOT_KNOWN,
                             .used_pct = NAN,
                             .unbudgeted = true,
                             .daily_used = 5200,
                             .burn_per_day = NAN,
                             .days_left = NAN,
                             .exhausted_ms = NOT_KNOWN,
                             .projected_pct = NAN,
                             .month_cost_usd = NAN,
                             .cost_per_1k = NAN};
    *b = (struct budgets){.known = true,
                          .row = row,
                          .count = high ? 5 : 4,
                          .cycle_start_ms = SAMPLE_NOW - 21 * 24 * (int64_t)HOUR_MS,
                          .cycle_end_ms = SAMPLE_NOW + 9 * 24 * (int64_t)HOUR_MS,
                          .elapsed_fraction = 0.7,
                          .last_reset_ms = SAMPLE_NOW - 21 * 24 * (int64_t)HOUR_MS,
                          .overdue_reset_ms = NOT_KNOWN,
                          .worst = high ? BUDGET_WARNING : BUDGET_OK,
                          .updated_ms = SAMPLE_NOW - MINUTE_MS};
    return b;
}

static inline struct auction *sample_auction(struct arena *a, bool estimated)
{
    static const struct worker_size sizes[] = {{"0.5", 4}, {"1.2", 2}};
    static const struct auction_bid bids[] = {{"0.5", "1.02", 4, 4}, {"1.2", "1.02", 2, 1}};
    struct auction *x = arena_alloc(a, sizeof *x);
    struct auction_config *c = arena_alloc(a, sizeof *c);
    struct auction_doc *d = arena_alloc(a, sizeof *d);
    *c = (struct auction_config){.network = "finney",
                                 .netuid = 14,
                                 .wallet_name = "default",
                                 .hotkey_name = "rig-01",
                                 .price_multiplier = "1.02",
                                 .worker = sizes,
                                 .worker_count = 2,
                                 .total_workers = 6,
                                 .total_ph = 4.4};
    *d = (struct auction_doc){.network = "finney",
                              .netuid = 14,
                              .tempo = 360,
                              .block = 5123462,
                              .block_ms = SAMPLE_NOW - 7000,
                              .connected = !estimated,
                              .endpoint = "wss://entrypoint-finney.opentensor.ai:443",
                              .error = estimated ? "no answer from wss://entrypoint-finney.opentensor.ai for 9 minutes"
                                                 : NULL,
                              .has_commitment = true,
                              .published = true,
                              .commit_text = "v2;0.5x4@1.02;1.2x2@1.02",
                              .commit_block = 5123050,
                              .commit_ms = SAMPLE_NOW - 80 * MINUTE_MS,
                              .has_result = true,
                              .result_index = 1,
                              .result_start = 5123379,
                              .result_end = 5123438,
                              .result_ms = SAMPLE_NOW - 5 * MINUTE_MS,
                              .commitments = 17,
                              .won = 5,
                              .lost = 1,
                              .budget_ph = 42.5,
                              .clearing_price = "1.02",
                              .bid = bids,
                              .bid_count = 2,
                              .missed_windows = 0,
                              .updated_ms = SAMPLE_NOW - 7000};
    *x = (struct auction){.known = true,
                          .has_window = true,
                          .config = c,
                          .status = d,
                          .network = "finney",
                          .netuid = 14,
                          .tempo = 360,
                          .block = 5123478,
                          .known_block = 5123462,
                          .known_ms = SAMPLE_NOW - 9 * MINUTE_MS,
                          .estimated = estimated,
                          .window = {5123318, 5123319, 2, 5123439, 5123498, 21, 252, false},
                          .seconds_left = 245,
                          .window_end_ms = SAMPLE_NOW + 245 * SECOND_MS,
                          .window_fraction_left = 0.34,
                          .commit_age_ms = 80 * MINUTE_MS,
                          .finality_lag = NOT_KNOWN,
                          .windows_since_result = 0};
    return x;
}

static inline struct log *sample_log(struct arena *a, bool errors)
{
    static const struct {
        enum log_level level;
        const char *text;
    } lines[] = {
        {LOG_INFO, "Heartbeat check completed in 0.4 s"},
        {LOG_SUCCESS, "Task 8813 accepted by validator 5F3sa2, score 0.74"},
        {LOG_INFO, "Mode: watchdog | Bittensor: OK | Module 1: Running | Module 2: Running | Stage: Vector Database - "
                   "running (elonmusk)"},
        {LOG_WARNING, "Budget of OpenAI above 60 percent of the month"},
        {LOG_DEBUG, "socket /tmp/openclawd-bittensor.sock: 0 clients"},
        {LOG_INFO, "Routing task to claude: highest mean score of the last 7 days"},
    };
    struct log *l = arena_alloc(a, sizeof *l);
    struct log_line *line = arena_array(a, 40, sizeof *line);
    for (int i = 0; i < 40; i++)
        line[i] = (struct log_line){lines[i % 6].level,  SAMPLE_NOW - (40 - i) * 11 * (int64_t)SECOND_MS,
                                    "miner_daemon",      lines[i % 6].text,
                                    i % 6 == 4 ? 12 : 1, false};
    if (errors) {
        line[36] = (struct log_line){
            LOG_ERROR, SAMPLE_NOW - 30 * SECOND_MS, "task_handler", "Inference failed: HTTP 429 from api.openai.com", 3,
            false};
        line[37] = (struct log_line){LOG_NONE, NOT_KNOWN, "", "  File \"task_handler.py\", line 88, in run", 1, true};
        line[38] = (struct log_line){LOG_NONE, NOT_KNOWN, "", "ConnectionError: too many requests", 1, true};
    }
    *l = (struct log){.known = true,
                      .lines = 48211,
                      .line = line,
                      .line_count = 40,
                      .last_ms = SAMPLE_NOW - 11 * SECOND_MS,
                      .status_ms = NOT_KNOWN};
    l->last_hour[LOG_ERROR] = errors ? 7 : 0;
    l->last_hour[LOG_WARNING] = 12;
    l->ipc_errors_hour = errors ? 6 : 0;
    return l;
}

static inline struct heartbeat *sample_heartbeat(struct arena *a, bool overdue)
{
    static const struct checklist_item items[] = {{"Every 2 hours", "Check the daemon and its socket", true},
                                                  {"Every 2 hours", "Compare scores with yesterday", false},
                                                  {"Once a day", "Rotate the log", false}};
    static const struct checklist_doc list = {false, items, 3};
    struct heartbeat *h = arena_alloc(a, sizeof *h);
    struct hb_line *c = arena_array(a, 4, sizeof *c);
    c[0] = (struct hb_line){"bittensor",
                            overdue ? DUE_OVERDUE : DUE_OK,
                            SAMPLE_NOW - (overdue ? 300 : 40) * MINUTE_MS,
                            0,
                            2 * HOUR_MS,
                            4 * HOUR_MS,
                            NULL,
                            false};
    c[1] = (struct hb_line){"token_balance", DUE_OK, SAMPLE_NOW - 12 * MINUTE_MS, 0, HOUR_MS, 2 * HOUR_MS, NULL, false};
    c[2] =
        (struct hb_line){"bot_monitor", DUE_DUE, SAMPLE_NOW - 125 * MINUTE_MS, 0, 2 * HOUR_MS, 4 * HOUR_MS, NULL, true};
    c[3] = (struct hb_line){"security_scan", DUE_NEVER, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NULL, false};
    *h = (struct heartbeat){.known = true,
                            .check = c,
                            .check_count = 4,
                            .due_count = 1,
                            .overdue_count = overdue,
                            .last_ms = SAMPLE_NOW - 12 * MINUTE_MS,
                            .next_due_ms = SAMPLE_NOW + 48 * MINUTE_MS,
                            .checklist = &list};
    return h;
}

static inline struct model *sample_well(struct arena *a)
{
    struct model *m = arena_alloc(a, sizeof *m);
    struct daemon *d = arena_alloc(a, sizeof *d);
    *d = (struct daemon){.state = DAEMON_UP,
                         .pid = 25217,
                         .other_pid = NOT_KNOWN,
                         .uptime_s = 3 * 86400 + 4000,
                         .beat_age_ms = 4000,
                         .since_ms = SAMPLE_NOW - 86400000,
                         .tasks_processed = 812,
                         .status = "running",
                         .socket = SOCKET_LISTENING,
                         .socket_path = "/tmp/openclawd-bittensor.sock",
                         .cpu_ms = 81000,
                         .rss_bytes = 43000000,
                         .why = "pid 25217 runs miner_daemon.py, wrote its state 4 s ago, socket listening"};
    *m = (struct model){.now_ms = SAMPLE_NOW,
                        .rig_name = "rig-01",
                        .rig_dir = "/rig",
                        .host = "deepthought",
                        .settings = settings_default(),
                        .daemon = d,
                        .log = sample_log(a, false),
                        .stages = sample_stages(a),
                        .modules = &no_modules,
                        .scores = sample_scores(a, false),
                        .budgets = sample_budgets(a, false),
                        .auction = sample_auction(a, false),
                        .heartbeat = sample_heartbeat(a, false),
                        .rule_count = 34};
    sample_origins(m, true);
    return m;
}

static inline struct alert *sample_alerts(struct arena *a)
{
    struct alert *x = arena_array(a, 5, sizeof *x);
    x[0] = (struct alert){
        "daemon_down",
        "",
        SEVERITY_CRITICAL,
        "firing",
        SAMPLE_NOW - 12 * MINUTE_MS,
        12,
        0,
        "DOWN",
        "UP",
        "The miner's daemon is down",
        "Process 25217 of state/miner.pid is gone; the state file was last written 12 min ago and its socket is stale.",
        {"tail -n 50 logs/miner.log", "./scripts/start-miner.sh", NULL},
        NULL};
    x[1] = (struct alert){"score_avg",
                          "",
                          SEVERITY_CRITICAL,
                          "firing",
                          SAMPLE_NOW - 95 * MINUTE_MS,
                          0.46,
                          0.5,
                          "0.46",
                          "< 0.50",
                          "Score average 0.46 over 24 h",
                          "120 scored tasks in 24 h have a mean of 0.46; 0.71 the day before.",
                          {"davy history --since 24h --by llm", NULL},
                          NULL};
    x[2] = (struct alert){"budget_high",
                          "OpenAI",
                          SEVERITY_WARNING,
                          "firing",
                          SAMPLE_NOW - 5 * HOUR_MS,
                          94,
                          80,
                          "94 %",
                          "> 80 %",
                          "OpenAI has used 94 % of its month, and the miner refuses its tasks",
                          "1,880,000 of 2,000,000 tokens are used and 9 days are left.",
                          {"raise monthly_allowance in config/token-budgets.json", "or route to gemini", NULL},
                          NULL};
    x[3] = (struct alert){
        "ipc_errors", "",  SEVERITY_WARNING, "firing", NOT_KNOWN, 6, 5, "6", "> 5", "6 IPC errors in the last hour", "",
        {NULL},       NULL};
    x[4] = (struct alert){"token_roi",
                          "",
                          SEVERITY_INFO,
                          "unknown",
                          NOT_KNOWN,
                          NAN,
                          NAN,
                          "",
                          "",
                          "Earnings are not known",
                          "Neither file has them.",
                          {NULL},
                          NULL};
    return x;
}

static inline struct model *sample_trouble(struct arena *a)
{
    struct model *m = sample_well(a);
    struct daemon *d = arena_alloc(a, sizeof *d);
    struct stages *s = sample_stages(a);
    *d = *m->daemon;
    d->state = DAEMON_DOWN;
    d->since_ms = SAMPLE_NOW - 12 * MINUTE_MS;
    d->uptime_s = d->rss_bytes = NOT_KNOWN;
    s->stalled = true;
    s->stage[3].state = STAGE_STALLED;
    s->stage[3].duration_ms = s->elapsed_ms = s->age_ms = 13 * MINUTE_MS + 7000;
    m->daemon = d;
    m->stages = s;
    m->scores = sample_scores(a, true);
    m->budgets = sample_budgets(a, true);
    m->auction = sample_auction(a, true);
    m->log = sample_log(a, true);
    m->heartbeat = sample_heartbeat(a, true);
    m->alert = sample_alerts(a);
    m->alert_count = 5;
    m->notice = "polling (inotify: no instances left)";
    m->origin[DOC_STATE].state = ORIGIN_STALE;
    m->origin[DOC_STATE].mtime_ms = SAMPLE_NOW - 12 * MINUTE_MS;
    return m;
}

/* Files that were good once and are not any more, and some that never were. */
static inline struct model *sample_broken(struct arena *a)
{
    struct model *m = sample_trouble(a), *empty = sample_empty(a);
    m->origin[DOC_BUDGETS].state = ORIGIN_INVALID;
    m->origin[DOC_BUDGETS].mtime_ms = SAMPLE_NOW - 3 * MINUTE_MS;
    m->origin[DOC_BUDGETS].error = "token-budgets.json line 3: expected a number";
    m->origin[DOC_HISTORY].state = ORIGIN_MISSING;
    m->origin[DOC_AUCTION].state = ORIGIN_STALE;
    m->origin[DOC_AUCTION].mtime_ms = SAMPLE_NOW - 9 * MINUTE_MS;
    m->stages = empty->stages;
    m->origin[DOC_STATUS] = empty->origin[DOC_STATUS];
    m->origin[DOC_STATUS].state = ORIGIN_INVALID;
    m->origin[DOC_STATUS].error = "miner_status.json: not a stage status file (keys: pools, uptime)";
    m->log = empty->log;
    m->origin[DOC_LOG] = empty->origin[DOC_LOG];
    m->heartbeat = empty->heartbeat;
    m->origin[DOC_HBSTATE] = empty->origin[DOC_HBSTATE];
    return m;
}

/* Every text from outside two cells wide. */
static inline struct model *sample_wide(struct arena *a)
{
    struct model *m = sample_trouble(a);
    struct alert *x = sample_alerts(a);
    struct stages *s = sample_stages(a);
    struct log *l = sample_log(a, true);
    struct log_line *line = arena_array(a, l->line_count, sizeof *line);
    memcpy(line, l->line, l->line_count * sizeof *line);
    for (size_t i = 0; i < l->line_count; i++)
        line[i].text = "採掘者 は 元気 です ᄀ 한국어 로그 行 中文日志中文日志中文日志中文日志中文日志中文日志中文日志";
    l->line = line;
    for (int i = 0; i < 5; i++) {
        x[i].what = "鉱夫のデーモンが停止しました鉱夫のデーモンが停止しました";
        x[i].why = "プロセスは存在しません。状態ファイルは十二分前に書かれました。";
        x[i].todo[0] = "再起動してください再起動してください再起動してください再起動してください";
        x[i].todo[1] = NULL;
    }
    s->current.username = "馬斯克";
    s->current.message = "五十件の投稿を索引しています五十件の投稿を索引しています五十件の投稿を索引しています";
    m->rig_name = "採掘機一号";
    m->alert = x;
    m->stages = s;
    m->log = l;
    return m;
}

#endif
