/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model built by hand for the tests of the rules: at first everything is "not known" and no file was ever seen, as on an
 * empty rig; each test sets what it is about. */
#ifndef DAVY_TESTS_RULE_RIG_H
#define DAVY_TESTS_RULE_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/timetext.h"
#include "rule/finding.h"

static const int64_t NOW = 1795322856000; /* 2026-11-22 */
static const struct modules no_modules = {.pid = NOT_KNOWN, .updated_ms = NOT_KNOWN};
enum { SECOND = 1000, MINUTE = 60000, HOUR = 3600000, DAY = 24 * HOUR };

struct rig {
    struct arena arena;
    struct model m;
    struct daemon daemon;
    struct log log;
    struct stages stages;
    struct scores scores;
    struct budgets budgets;
    struct auction auction;
    struct auction_doc status;
    struct auction_config config;
    struct heartbeat heartbeat;
    struct settings settings;
    struct budget budget[4];
    struct hb_line check[3];
    struct stage_run run[3];
    struct findings found;
};

static inline struct score_window no_window(void)
{
    return (struct score_window){.mean = NAN, .success = NAN};
}

static inline struct score_window window_of_mean(int64_t count, double mean, double success)
{
    return (struct score_window){.count = count, .mean = mean, .success = success, .records = count};
}

static inline void rig_no_scores(struct scores *s)
{
    s->last10 = s->last20 = s->prev10 = s->prev50 = s->today = s->yesterday = no_window();
    s->h24 = s->d7 = s->prev7d = s->h1 = no_window();
    s->drop_last10 = s->trend_7d = s->label = s->roi = s->tao_7d = NAN;
    s->oldest_pending_ms = s->last_ms = s->roi_ms = NOT_KNOWN;
}

static inline void rig_no_budgets(struct rig *r)
{
    struct budgets *b = &r->budgets;
    b->row = r->budget;
    b->cycle_start_ms = b->cycle_end_ms = b->last_reset_ms = b->overdue_reset_ms = b->updated_ms = NOT_KNOWN;
    b->elapsed_fraction = NAN;
    for (size_t i = 0; i < 4; i++)
        r->budget[i] = (struct budget){.api = "claude-sonnet",
                                       .display = "Claude",
                                       .allowance = NOT_KNOWN,
                                       .used = NOT_KNOWN,
                                       .remaining = NOT_KNOWN,
                                       .daily_limit = NOT_KNOWN,
                                       .used_pct = NAN,
                                       .burn_per_day = NAN,
                                       .days_left = NAN,
                                       .exhausted_ms = NOT_KNOWN,
                                       .projected_pct = NAN,
                                       .month_cost_usd = NAN,
                                       .cost_per_1k = NAN};
}

static inline void rig_no_auction(struct auction *x)
{
    x->netuid = x->tempo = x->block = x->known_block = x->known_ms = x->block_age_ms = NOT_KNOWN;
    x->seconds_left = x->window_end_ms = x->commit_age_ms = x->windows_since_result = NOT_KNOWN;
    x->finality_lag = NOT_KNOWN;
    x->window_fraction_left = NAN;
}

static inline void rig_no_stages(struct stages *s)
{
    s->age_ms = s->elapsed_ms = NOT_KNOWN;
    s->current.number = -1;
    s->current.at_ms = s->current.started_ms = NOT_KNOWN;
    for (int i = 0; i < STAGE_COUNT; i++)
        s->stage[i] = (struct stage_line){.number = i,
                                          .name = stage_name(i),
                                          .duration_ms = NOT_KNOWN,
                                          .typical_ms = NOT_KNOWN,
                                          .limit_ms = 10 * MINUTE};
}

static inline void rig_no_log(struct log *log)
{
    log->last_ms = log->status_ms = NOT_KNOWN;
    for (int i = 0; i < LOG_MARKS; i++)
        log->mark[i].last_ms = NOT_KNOWN;
}

static inline void rig_no_files(struct model *m)
{
    static const char *const paths[DOC_COUNT] = {
        [DOC_STATUS] = "/rigs/one/miner_status.json",
        [DOC_HISTORY] = "/rigs/one/state/task-history.jsonl",
        [DOC_BUDGETS] = "/rigs/one/config/token-budgets.json",
        [DOC_METRICS] = "/rigs/one/state/performance-metrics.json",
        [DOC_PID] = "/rigs/one/state/miner.pid",
        [DOC_STATE] = "/rigs/one/state/miner-state.json",
        [DOC_LOG] = "/rigs/one/logs/miner.log",
        [DOC_HBSTATE] = "/rigs/one/memory/heartbeat-state.json",
        [DOC_CHECKLIST] = "/rigs/one/HEARTBEAT.md",
        [DOC_CONFIG] = "/rigs/one/config.toml",
        [DOC_AUCTION] = "/rigs/one/state/auction-status.json",
        [DOC_RUN] = "/rigs/one/state/davy/run.json",
        [DOC_SETTINGS] = "/rigs/one/davy.toml",
    };
    for (enum doc_id id = 0; id < DOC_COUNT; id++)
        m->origin[id] = (struct origin){.key = doc_rows[id].key,
                                        .path = paths[id],
                                        .state = ORIGIN_MISSING,
                                        .read_ms = NOT_KNOWN,
                                        .mtime_ms = NOT_KNOWN};
}

static inline void rig_init(struct rig *r)
{
    *r = (struct rig){.settings = *settings_default()};
    r->m = (struct model){.now_ms = NOW,
                          .rig_name = "one",
                          .rig_dir = "/rigs/one",
                          .host = "host",
                          .settings = &r->settings,
                          .daemon = &r->daemon,
                          .log = &r->log,
                          .stages = &r->stages,
                          .modules = &no_modules,
                          .scores = &r->scores,
                          .budgets = &r->budgets,
                          .auction = &r->auction,
                          .heartbeat = &r->heartbeat};
    r->daemon = (struct daemon){.state = DAEMON_NEVER,
                                .pid = NOT_KNOWN,
                                .other_pid = NOT_KNOWN,
                                .uptime_s = NOT_KNOWN,
                                .beat_age_ms = NOT_KNOWN,
                                .since_ms = NOT_KNOWN,
                                .tasks_processed = NOT_KNOWN,
                                .cpu_ms = NOT_KNOWN,
                                .rss_bytes = NOT_KNOWN,
                                .why = "no pid file"};
    r->status = (struct auction_doc){.missed_windows = NOT_KNOWN,
                                     .commit_block = NOT_KNOWN,
                                     .commit_ms = NOT_KNOWN,
                                     .result_ms = NOT_KNOWN,
                                     .updated_ms = NOT_KNOWN};
    rig_no_log(&r->log);
    rig_no_stages(&r->stages);
    rig_no_scores(&r->scores);
    rig_no_budgets(r);
    rig_no_auction(&r->auction);
    r->heartbeat.last_ms = r->heartbeat.next_due_ms = NOT_KNOWN;
    r->heartbeat.check = r->check;
    rig_no_files(&r->m);
}

static inline void rig_release(struct rig *r)
{
    arena_release(&r->arena);
}

/* The file is there and was just read. */
static inline void rig_file(struct rig *r, enum doc_id id)
{
    r->m.origin[id].state = ORIGIN_OK;
    r->m.origin[id].read_ms = r->m.origin[id].mtime_ms = NOW;
}

/* What one rule says, from scratch: its first finding, or NULL. */
static inline const struct alert *rig_ask(struct rig *r, const struct rule *rule)
{
    r->found = (struct findings){.arena = &r->arena, .rule = rule->name};
    rule->judge(&r->m, &r->found);
    return r->found.count ? &r->found.alert[0] : NULL;
}

static inline enum severity rig_severity(struct rig *r, const struct rule *rule)
{
    const struct alert *a = rig_ask(r, rule);
    return a ? a->severity : SEVERITY_OK;
}

/* What every finding owes its reader. */
static inline void assert_complete(const struct alert *a)
{
    assert_non_null(a);
    assert_true(a->rule && *a->rule);
    assert_non_null(a->subject);
    assert_true(a->severity > SEVERITY_OK);
    assert_true(strcmp(a->state, "firing") == 0 || strcmp(a->state, "unknown") == 0);
    assert_true(a->what && *a->what && strlen(a->what) < 80);
    assert_true(a->why && *a->why);
    assert_non_null(a->value_text);
    assert_non_null(a->limit_text);
    assert_true(a->todo[0] && *a->todo[0]);
    for (size_t i = 0; i < ALERT_DO && a->todo[i]; i++)
        assert_null(strstr(a->todo[i], "(null)"));
    assert_null(strstr(a->why, "(null)"));
    assert_null(strstr(a->what, "(null)"));
}

static inline void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" does not have \"%s\"", text, part);
}

/* Some step of the finding has this text. */
static inline void assert_step(const struct alert *a, const char *part)
{
    for (size_t i = 0; i < ALERT_DO && a->todo[i]; i++) {
        if (strstr(a->todo[i], part))
            return;
    }
    fail_msg("no step has \"%s\"", part);
}

#endif
