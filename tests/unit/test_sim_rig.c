/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/json.h"
#include "base/timetext.h"
#include "sim/rig.h"

enum { SEED = 7 };
static const int64_t start_ms = 1795331876000; /* 2026-11-22 07:17:56 UTC */

/* A whole folder in memory: what the orders made of each file. */
struct world {
    struct arena arena;
    struct sim sim;
    struct sim_text file[SIM_FILES];
    int64_t age_ms[SIM_FILES];
    int starts, kills, removals;
    int appended_lines, partial_lines;
    bool answers; /* a started daemon is up */
};

static void obey(struct world *w, const struct sim_order *o, int64_t now_ms)
{
    struct sim_text *f = &w->file[o->file];
    f->arena = &w->arena;
    w->starts += o->act == SIM_DAEMON_START;
    w->kills += o->act == SIM_DAEMON_KILL;
    if (o->act == SIM_DAEMON_START || o->act == SIM_DAEMON_KILL) {
        sim_daemon_is(&w->sim, o->act == SIM_DAEMON_START && w->answers, now_ms);
        return;
    }
    w->removals += o->act == SIM_REMOVE;
    if (o->act == SIM_APPEND) {
        w->appended_lines++;
        w->partial_lines += o->content.at[o->content.len - 1] != '\n';
    } else {
        f->len = 0;
    }
    w->age_ms[o->file] = o->age_ms;
    put_bytes(f, o->content);
}

static void run(struct world *w, int64_t from_ms, int64_t until_ms, int64_t stride_ms)
{
    for (int64_t now = from_ms; now <= until_ms; now += stride_ms) {
        struct sim_orders orders = {.arena = &w->arena};
        sim_step(&w->sim, now, &orders);
        for (size_t i = 0; i < orders.count; i++)
            obey(w, &orders.order[i], now);
    }
}

static struct world *open_seeded(const char *scenario, double speed, int64_t days, uint64_t seed)
{
    struct world *w = test_calloc(1, sizeof *w);
    struct sim_orders orders = {.arena = &w->arena};
    struct sim_setup setup = {.seed = seed,
                              .speed = speed,
                              .scenario = scenario_find(scenario),
                              .history_days = days,
                              .pid = 4242,
                              .dir = "/rig",
                              .program = "/bin/davy-sim"};
    w->answers = true;
    assert_non_null(setup.scenario);
    sim_open(&w->sim, &setup, start_ms, &orders);
    for (size_t i = 0; i < orders.count; i++)
        obey(w, &orders.order[i], start_ms);
    return w;
}

static struct world *open_world(const char *scenario, double speed, int64_t days)
{
    return open_seeded(scenario, speed, days, SEED);
}

static void close_world(struct world *w)
{
    arena_release(&w->arena);
    test_free(w);
}

static bool has(const struct world *w, enum sim_file file, const char *text)
{
    struct bytes all = put_done(&w->file[file]);
    return bytes_find(all, text) < all.len;
}

static int count_of(const struct world *w, enum sim_file file, const char *text)
{
    int n = 0;
    struct bytes rest = put_done(&w->file[file]);
    for (size_t at = bytes_find(rest, text); at < rest.len; at = bytes_find(rest, text), n++)
        rest = bytes_from(rest, at + strlen(text));
    return n;
}

static json_t *json_of(const struct world *w, enum sim_file file)
{
    struct err e = {""};
    json_t *root = json_read(put_done(&w->file[file]), sim_path(file), &e);
    if (!root)
        fail_msg("%s", e.text);
    return root;
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
    (void)state;
    struct world *a = open_world("busy", 60, 14), *b = open_world("busy", 60, 14);
    run(a, start_ms, start_ms + 120000, 100);
    run(b, start_ms, start_ms + 120000, 100);
    for (int f = 0; f < SIM_FILES; f++)
        assert_true(bytes_equal(put_done(&a->file[f]), put_done(&b->file[f])));
    assert_true(a->file[SIM_HISTORY].len > 1000000);
    close_world(a);
    close_world(b);
}

static void another_seed_gives_another_rig(void **state)
{
    (void)state;
    struct world *a = open_seeded("busy", 60, 1, 1), *b = open_seeded("busy", 60, 1, 2);
    assert_false(bytes_equal(put_done(&a->file[SIM_HISTORY]), put_done(&b->file[SIM_HISTORY])));
    close_world(a);
    close_world(b);
}

static void how_finely_time_is_cut_does_not_matter(void **state)
{
    (void)state;
    struct world *a = open_world("calm", 20, 1), *b = open_world("calm", 20, 1);
    run(a, start_ms, start_ms + 50000, 10);
    run(b, start_ms, start_ms + 50000, 5000);
    assert_true(bytes_equal(put_done(&a->file[SIM_HISTORY]), put_done(&b->file[SIM_HISTORY])));
    assert_true(bytes_equal(put_done(&a->file[SIM_STATUS]), put_done(&b->file[SIM_STATUS])));
    assert_true(bytes_equal(put_done(&a->file[SIM_AUCTION_STATUS]), put_done(&b->file[SIM_AUCTION_STATUS])));
    close_world(a);
    close_world(b);
}

static void after_a_long_sleep_the_lost_time_is_skipped(void **state)
{
    (void)state;
    struct world *w = open_world("calm", 60, 1);
    int before = w->appended_lines;
    run(w, start_ms + 5 * 86400000LL, start_ms + 5 * 86400000LL, 1);
    assert_in_range(w->appended_lines - before, 0, 200);
    close_world(w);
}

static void check_records(const struct world *w, int64_t until_ms, int kinds[3])
{
    struct bytes rest = put_done(&w->file[SIM_HISTORY]), line;
    while (bytes_line(&rest, &line)) {
        json_t *r = json_read(line, "line", NULL);
        assert_non_null(r);
        int64_t at_ms = NOT_KNOWN;
        const char *stamp = json_string_value(json_object_get(r, "timestamp"));
        const json_t *score = json_object_get(r, "validator_score");
        if (stamp) {
            assert_true(time_parse(bytes_of(stamp), 0, &at_ms));
            assert_true(at_ms <= until_ms);
            assert_true(json_is_null(score) || (json_number_value(score) >= 0 && json_number_value(score) <= 1));
        }
        kinds[stamp ? json_is_null(score) : 2]++;
        json_decref(r);
    }
    assert_int_equal(rest.len, 0);
}

static void the_history_is_two_weeks_of_both_record_types(void **state)
{
    (void)state;
    struct world *w = open_world("busy", 10, 14);
    int kinds[3] = {0};
    check_records(w, start_ms, kinds);
    assert_in_range(kinds[0], 9000, 11500);
    assert_in_range(kinds[2], 9000, 11500);
    assert_true(has(w, SIM_HISTORY, "\"timestamp\": \"2026-11-08T"));
    assert_true(has(w, SIM_HISTORY, "\"timestamp\": \"2026-11-22T07:"));
    run(w, start_ms, start_ms + 300000, 100);
    int later[3] = {0};
    check_records(w, start_ms + 300000, later);
    assert_true(later[0] > kinds[0] && later[2] > kinds[2]);
    assert_int_equal(w->partial_lines, 0);
    close_world(w);
}

static void an_executed_task_is_scored_later_under_the_same_id(void **state)
{
    (void)state;
    struct world *w = open_world("calm", 60, 0);
    run(w, start_ms, start_ms + 200000, 100);
    struct bytes rest = put_done(&w->file[SIM_HISTORY]), line;
    char executed[64] = "";
    while (!executed[0] && bytes_line(&rest, &line))
        if (bytes_starts(line, "{\"task_id\"")) {
            size_t id = strlen("{\"task_id\": "), end = bytes_find(bytes_from(line, id), ",");
            memcpy(executed, line.at + id, end);
        }
    assert_true(executed[0] == '"');
    struct bytes scored = rest;
    size_t at = bytes_find(scored, executed);
    assert_true(at < scored.len);
    assert_true(bytes_starts(bytes_from(scored, at + strlen(executed)), ", \"validator_score\": 0."));
    close_world(w);
}

static void every_document_is_whole_json_in_every_usual_scenario(void **state)
{
    (void)state;
    static const enum sim_file documents[] = {SIM_AUCTION_STATUS, SIM_BUDGETS, SIM_HEARTBEAT, SIM_METRICS, SIM_STATUS};
    for (const struct sim_scenario *s = sim_scenarios; s->name; s++) {
        if (s->torn || !strcmp(s->name, "file-gone"))
            continue;
        struct world *w = open_world(s->name, 60, 1);
        run(w, start_ms, start_ms + 20000, 100);
        for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
            json_decref(json_of(w, documents[i]));
        close_world(w);
    }
}

static void the_budget_writer_drops_the_keys_it_does_not_know_at_its_first_save(void **state)
{
    (void)state;
    struct world *w = open_world("calm", 60, 3);
    assert_true(has(w, SIM_BUDGETS, "\"tracking\""));
    assert_true(has(w, SIM_BUDGETS, "\"last_reset\": \"2026-11-01\""));
    run(w, start_ms, start_ms + 120000, 100);
    assert_false(has(w, SIM_BUDGETS, "\"tracking\""));
    assert_true(has(w, SIM_BUDGETS, "\"last_updated\""));
    close_world(w);
}

static int64_t used(const struct world *w, const char *api)
{
    json_t *root = json_of(w, SIM_BUDGETS);
    int64_t v = json_int(json_child(json_child(root, "budgets"), api), "used_this_month");
    json_decref(root);
    return v;
}

static void budgets_grow_with_spend_and_are_reset_with_the_month(void **state)
{
    (void)state;
    struct world *w = open_world("calm", 60, 3);
    int64_t first = used(w, "gemini-pro"), december = civil_ms(2026, 12, 1);
    assert_true(first > 400000);
    run(w, start_ms, start_ms + 120000, 100);
    assert_true(used(w, "gemini-pro") > first);
    run(w, december, december + 120000, 100);
    assert_true(used(w, "gemini-pro") < 100000);
    assert_true(has(w, SIM_BUDGETS, "\"last_reset\": 1796083200.0"));
    close_world(w);
}

static void the_month_so_far_agrees_with_the_history(void **state)
{
    (void)state;
    struct world *w = open_world("calm", 1, 21); /* the month began on the 1st, the history on the last of October */
    int64_t sum = 0;
    struct bytes rest = put_done(&w->file[SIM_HISTORY]), line;
    while (bytes_line(&rest, &line)) {
        json_t *r = json_read(line, "line", NULL);
        const char *llm = json_string_value(json_object_get(r, "llm_used"));
        const char *stamp = json_string_value(json_object_get(r, "timestamp"));
        if (llm && !strcmp(llm, "openai-gpt4") && strcmp(stamp, "2026-11-01") > 0)
            sum += json_int(r, "tokens_spent");
        json_decref(r);
    }
    int64_t said = used(w, "openai-gpt4");
    assert_in_range(said, sum * 97 / 100, sum * 103 / 100);
    close_world(w);
}

static void the_stages_follow_one_another_and_keep_at_most_200(void **state)
{
    (void)state;
    struct world *w = open_world("calm", 60, 0);
    run(w, start_ms, start_ms + 300000, 100);
    json_t *root = json_of(w, SIM_STATUS);
    const json_t *history = json_list(root, "stage_history");
    assert_int_equal(json_array_size(history), 200);
    int before = -1, failures = 0;
    for (size_t i = 0; i < json_array_size(history); i++) {
        const json_t *e = json_array_get(history, i);
        int number = (int)json_int(e, "stage_number");
        bool running = !strcmp(json_string_value(json_object_get(e, "status")), "running");
        bool legal = before < 0 || number == before || number == (before + 1) % 8 || number <= 1;
        failures += !legal;
        failures += json_num(e, "updated_at") < json_num(e, "started_at");
        failures += number == 7 && running;
        before = number;
    }
    assert_int_equal(failures, 0);
    json_decref(root);
    close_world(w);
}

static void a_minute_of_the_demo_has_work_in_every_file(void **state)
{
    (void)state;
    struct world *w = open_world("busy", 10, 1);
    int tasks = count_of(w, SIM_HISTORY, "validator_score"), stages = count_of(w, SIM_LOG, "Complete - ");
    int64_t spent = used(w, "gemini-pro"), block = w->sim.market.block;
    run(w, start_ms, start_ms + 60000, 100);
    assert_true(count_of(w, SIM_HISTORY, "validator_score") >= tasks + 4);
    assert_true(count_of(w, SIM_LOG, "Complete - ") >= stages + 4);
    assert_true(used(w, "gemini-pro") > spent);
    assert_in_range(w->sim.market.block - block, 48, 52);
    close_world(w);
}

static void after_a_failure_the_miner_looks_for_accounts(void **state)
{
    (void)state;
    struct world *w = open_world("stage-fail", 60, 0);
    run(w, start_ms, start_ms + 120000, 100);
    int failures = count_of(w, SIM_LOG, " - ERROR - ❌ Stage ");
    int looks = count_of(w, SIM_LOG, "⚙️  Stage 0 - Initialization: Waiting for accounts to process\n");
    assert_true(failures > 20);
    assert_in_range(looks, failures - 1, failures);
    struct bytes all = put_done(&w->file[SIM_LOG]);
    struct bytes rest = bytes_from(all, bytes_find(all, "❌ Stage "));
    size_t look = bytes_find(rest, "Waiting for accounts to process"),
           next = bytes_find(rest, "Stage 1 - Data Scraping");
    assert_true(look < next);
    close_world(w);
}

static void log_lines_have_the_real_wording(void **state)
{
    (void)state;
    struct world *w = open_world("busy", 60, 1);
    run(w, start_ms, start_ms + 300000, 100);
    assert_true(
        has(w, SIM_LOG, " - __main__ - INFO - ⚙️  Stage 1 - Data Scraping for nasa: Processing twitter account"));
    assert_true(has(w, SIM_LOG, "✅ Stage 7 Complete - Complete for nasa - Pipeline completed - "));
    assert_true(has(w, SIM_LOG, " - ERROR - ❌ Stage "));
    assert_true(has(w, SIM_LOG, "No accounts found - waiting 300 seconds for new accounts\n"));
    assert_true(
        has(w, SIM_LOG, "📈 Miner Status: Mode: watchdog | Bittensor: OK | Module 1: Running | Module 2: Running | "));
    assert_true(has(w, SIM_LOG, " - task_handler - INFO - Processing task sn"));
    assert_true(has(w, SIM_LOG, "2026-11-22 01:17:56,000 - __main__ - INFO - 🤖 BITTENSOR MINER DAEMON STARTED\n"));
    close_world(w);
}

static void log_times_are_local_and_json_times_utc(void **state)
{
    (void)state;
    struct world w = {.answers = true};
    struct sim_orders orders = {.arena = &w.arena};
    struct sim_setup setup = {.seed = SEED,
                              .speed = 1,
                              .scenario = scenario_find("calm"),
                              .utc_offset_s = 11 * 3600,
                              .dir = "/rig",
                              .program = "/p"};
    sim_open(&w.sim, &setup, start_ms, &orders);
    for (size_t i = 0; i < orders.count; i++)
        obey(&w, &orders.order[i], start_ms);
    assert_true(has(&w, SIM_LOG, "2026-11-22 18:1"));
    assert_true(has(&w, SIM_METRICS, "\"last_updated\": \"2026-11-22T07:17:56."));
    arena_release(&w.arena);
}

static void a_window_gets_its_result_and_blocks_come_at_the_pace(void **state)
{
    (void)state;
    struct world *w = open_world("calm", 60, 0);
    int64_t block = w->sim.market.block;
    run(w, start_ms, start_ms + 24000, 100);
    json_t *root = json_of(w, SIM_AUCTION_STATUS);
    const json_t *result = json_child(root, "last_result");
    assert_in_range(json_int(root, "block"), block + 119, block + 121); /* 24 s at 0.2 s a block */
    assert_true(json_int(result, "start") <= json_int(root, "block"));
    assert_true(json_int(result, "end") + 2 >= json_int(root, "block"));
    assert_int_equal(json_int(result, "won") + json_int(result, "lost"), 11);
    assert_int_equal(json_int(root, "missed_windows"), 0);
    json_decref(root);
    close_world(w);
}

static void a_killed_daemon_is_started_again_by_its_owner(void **state)
{
    (void)state;
    struct world *w = open_world("daemon-crash", 1, 0);
    assert_int_equal(w->starts, 1);
    run(w, start_ms, start_ms + 10000, 100);
    assert_int_equal(w->kills, 1);
    assert_false(w->sim.daemon.up);
    run(w, start_ms + 10000, start_ms + 80000, 100);
    assert_int_equal(w->starts, 2);
    assert_int_equal(w->kills, 2);
    close_world(w);
}

static void a_dead_daemon_takes_no_tasks(void **state)
{
    (void)state;
    struct world *w = open_world("calm", 60, 0);
    sim_daemon_is(&w->sim, false, start_ms);
    int before = count_of(w, SIM_LOG, "Processing task");
    run(w, start_ms, start_ms + 20000, 100);
    assert_int_equal(count_of(w, SIM_LOG, "Processing task"), before);
    close_world(w);
}

static double mean_of_last(const struct world *w, int n)
{
    double score[4096];
    int count = 0;
    struct bytes rest = put_done(&w->file[SIM_HISTORY]), line;
    while (bytes_line(&rest, &line)) {
        json_t *r = json_read(line, "line", NULL);
        double v = json_num(r, "validator_score");
        if (v >= 0)
            score[count++ % 4096] = v;
        json_decref(r);
    }
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += score[(count - 1 - i) % 4096];
    return sum / n;
}

static void scenarios_about_scores_begin_with_bad_scores(void **state)
{
    (void)state;
    struct world *calm = open_world("calm", 30, 5), *drop = open_world("score-drop", 30, 5);
    struct world *low = open_world("low-score", 30, 5);
    assert_true(mean_of_last(calm, 10) > 0.65);
    assert_true(mean_of_last(drop, 10) < 0.5);
    assert_true(mean_of_last(drop, 200) > 0.65);
    assert_true(mean_of_last(low, 200) < 0.5);
    close_world(calm);
    close_world(drop);
    close_world(low);
}

static void scenarios_about_budgets_begin_with_full_ones(void **state)
{
    (void)state;
    struct world *budget = open_world("budget", 1, 1), *gone = open_world("budget-exhausted", 1, 1);
    assert_true(used(budget, "openai-gpt4") > 800000);
    assert_true(used(budget, "claude-sonnet") > 760000);
    assert_true(used(gone, "claude-sonnet") > 800000);
    struct world *old = open_world("budget-not-reset", 60, 1);
    run(old, start_ms, start_ms + 60000, 100);
    assert_true(has(old, SIM_BUDGETS, "\"last_reset\": 1790812800.0")); /* 2026-10-01 */
    assert_true(used(old, "openai-gpt4") > 600000);
    close_world(budget);
    close_world(gone);
    close_world(old);
}

static void an_exhausted_budget_makes_the_miner_refuse(void **state)
{
    (void)state;
    struct world *w = open_world("budget-exhausted", 60, 1);
    run(w, start_ms, start_ms + 60000, 100);
    assert_true(has(w, SIM_LOG, " - utils.token_budget - WARNING - Insufficient budget for claude-sonnet: need "));
    assert_true(has(w, SIM_LOG, " (keeping 10.0% buffer)\n"));
    close_world(w);
}

static void a_stalled_stage_has_run_for_45_minutes_and_goes_on(void **state)
{
    (void)state;
    struct world *w = open_world("stage-stall", 30, 0);
    run(w, start_ms, start_ms + 60000, 100);
    json_t *root = json_of(w, SIM_STATUS);
    const json_t *now = json_child(root, "current_stage");
    assert_int_equal(json_int(now, "stage_number"), 3);
    double age_s = (double)start_ms / 1000 - json_num(now, "started_at");
    assert_true(age_s > 35 * 60 && age_s <= 45 * 60);
    json_decref(root);
    close_world(w);
}

static void a_lost_chain_leaves_an_old_file(void **state)
{
    (void)state;
    struct world *w = open_world("chain-lost", 60, 0);
    assert_int_equal(w->age_ms[SIM_AUCTION_STATUS], 600000);
    struct bytes before = put_done(&w->file[SIM_AUCTION_STATUS]);
    size_t len = before.len;
    run(w, start_ms, start_ms + 30000, 100);
    assert_int_equal(w->file[SIM_AUCTION_STATUS].len, len);
    close_world(w);
}

static void missed_auctions_stay_missed(void **state)
{
    (void)state;
    struct world *w = open_world("auction-missed", 60, 0);
    run(w, start_ms, start_ms + 60000, 100);
    json_t *root = json_of(w, SIM_AUCTION_STATUS);
    assert_true(json_int(root, "missed_windows") >= 8);
    assert_true(json_int(root, "block") - json_int(json_child(root, "last_result"), "end") > 400);
    json_decref(root);
    close_world(w);
}

static void an_empty_rig_gets_its_files_one_after_another(void **state)
{
    (void)state;
    struct world *w = open_world("empty", 60, 14);
    int seen[3] = {0};
    for (int i = 0; i < 3; i++) {
        run(w, start_ms + i * 7000, start_ms + i * 7000 + 6900, 100);
        for (int f = 0; f < SIM_FILES; f++)
            seen[i] += w->file[f].len > 0;
    }
    assert_true(seen[0] < seen[1] && seen[1] <= seen[2]);
    assert_in_range(seen[0], 3, 7);
    assert_int_equal(seen[2], SIM_FILES - 2); /* pid and state come from the daemon */
    assert_true(w->starts > 0);
    close_world(w);
}

static void torn_files_are_really_torn(void **state)
{
    (void)state;
    struct world *w = open_world("files-torn", 10, 1);
    assert_null(json_read(put_done(&w->file[SIM_BUDGETS]), "budgets", NULL));
    assert_int_equal(w->file[SIM_HEARTBEAT].len, 0);
    run(w, start_ms, start_ms + 20000, 100);
    assert_true(has(w, SIM_HISTORY, "[1, 2, 3]\n"));
    assert_true(has(w, SIM_LOG, "\x1b]0;stolen title"));
    assert_non_null(memchr(w->file[SIM_LOG].at, '\0', w->file[SIM_LOG].len));
    close_world(w);
}

static void a_status_line_tells_of_modules_and_chain(void **state)
{
    (void)state;
    struct world *module = open_world("module-down", 1, 0), *chain = open_world("bittensor-failed", 1, 0);
    assert_true(has(module, SIM_LOG, " | Bittensor: OK | Module 1: Running | Module 2: Stopped | Stage: "));
    assert_true(has(module, SIM_LOG, " - ERROR - ❌ Module 2 process terminated with code: 1\n"));
    assert_false(has(module, SIM_LOG, "Module 2: Running"));
    assert_true(has(chain, SIM_LOG, " | Bittensor: Failed | Module 1: Running | Module 2: Running | Stage: "));
    close_world(module);
    close_world(chain);
}

static void a_stuck_loop_prints_no_more_status_lines_at_any_speed(void **state)
{
    (void)state;
    for (double speed = 1; speed <= 600; speed *= 5) {
        struct world *w = open_world("loop-stuck", speed, 0);
        int before = count_of(w, SIM_LOG, "Miner Status: ");
        assert_true(before > 0);
        run(w, start_ms, start_ms + 60000, 100);
        assert_int_equal(count_of(w, SIM_LOG, "Miner Status: "), before);
        close_world(w);
    }
}

static void a_second_daemon_fails_more_than_five_times_an_hour_at_any_speed(void **state)
{
    (void)state;
    for (double speed = 1; speed <= 600; speed *= 5) {
        struct world *w = open_world("ipc-errors", speed, 0);
        assert_true(count_of(w, SIM_LOG, " - ERROR - Failed to setup IPC socket: [Errno 1] ") > 20);
        assert_true(has(w, SIM_LOG, " - ERROR - IPC socket setup failed\n"));
        close_world(w);
    }
}

static double share_of_week_before(const struct world *w)
{
    double sum[2] = {0, 0};
    int count[2] = {0, 0};
    struct bytes rest = put_done(&w->file[SIM_HISTORY]), line;
    while (bytes_line(&rest, &line)) {
        json_t *r = json_read(line, "line", NULL);
        const char *stamp = json_string_value(json_object_get(r, "timestamp"));
        double v = json_num(r, "validator_score");
        if (stamp && v >= 0) {
            bool old = strcmp(stamp, "2026-11-15T07:17:56") < 0;
            sum[old] += v;
            count[old]++;
        }
        json_decref(r);
    }
    assert_true(count[0] > 1000 && count[1] > 1000);
    return sum[0] / count[0] / (sum[1] / count[1]);
}

static void scores_decline_by_a_quarter_within_two_weeks(void **state)
{
    (void)state;
    struct world *calm = open_world("calm", 1, 14), *decline = open_world("score-decline", 1, 14);
    assert_true(share_of_week_before(calm) > 0.95);
    assert_true(share_of_week_before(decline) > 0.6 && share_of_week_before(decline) < 0.78);
    assert_true(mean_of_last(decline, 300) > 0.6);
    close_world(calm);
    close_world(decline);
}

static int64_t spent_on(const struct world *w, const char *llm, const char *day)
{
    int64_t sum = 0;
    struct bytes rest = put_done(&w->file[SIM_HISTORY]), line;
    while (bytes_line(&rest, &line)) {
        json_t *r = json_read(line, "line", NULL);
        const char *stamp = json_string_value(json_object_get(r, "timestamp"));
        const char *name = json_string_value(json_object_get(r, "llm_used"));
        if (stamp && name && !strncmp(stamp, day, strlen(day)) && !strcmp(name, llm))
            sum += json_int(r, "tokens_spent");
        json_decref(r);
    }
    return sum;
}

static void a_glut_passes_the_daily_limit_in_seconds_also_after_midnight(void **state)
{
    (void)state;
    struct world *w = open_world("daily-limit", 1, 1);
    int64_t midnight = civil_ms(2026, 11, 23);
    run(w, start_ms, start_ms + 6000, 100);
    assert_true(spent_on(w, "claude-sonnet", "2026-11-22") > 40000);
    assert_true(spent_on(w, "claude-sonnet", "2026-11-22") < 120000);
    run(w, midnight, midnight + 6000, 100);
    assert_true(spent_on(w, "claude-sonnet", "2026-11-23") > 40000);
    close_world(w);
}

static void a_sleeping_agent_did_nothing_for_five_hours(void **state)
{
    (void)state;
    struct world *w = open_world("heartbeat-overdue", 60, 0);
    run(w, start_ms, start_ms + 60000, 100);
    assert_int_equal(w->age_ms[SIM_HEARTBEAT], 5 * 3600000);
    json_t *root = json_of(w, SIM_HEARTBEAT);
    assert_true(json_num(root, "lastBittensorCheck") * 1000 <= (double)start_ms - 5 * 3600000);
    json_decref(root);
    close_world(w);
}

static void a_file_vanishes_and_comes_back_for_a_moment_each_minute(void **state)
{
    (void)state;
    struct world *w = open_world("file-gone", 60, 0);
    run(w, start_ms, start_ms + 3000, 100);
    assert_true(w->file[SIM_HEARTBEAT].len > 0 && w->removals == 0);
    run(w, start_ms + 3000, start_ms + 60000, 100);
    assert_true(w->file[SIM_HEARTBEAT].len == 0 && w->removals == 1); /* though checks ran meanwhile */
    run(w, start_ms + 60000, start_ms + 63000, 100);
    assert_true(w->file[SIM_HEARTBEAT].len > 0);
    run(w, start_ms + 63000, start_ms + 70000, 100);
    assert_true(w->file[SIM_HEARTBEAT].len == 0 && w->removals == 2);
    close_world(w);
}

static void two_writers_take_turns_within_two_seconds(void **state)
{
    (void)state;
    struct world *w = open_world("two-writers", 1, 0);
    run(w, start_ms, start_ms + 1500, 100);
    json_t *root = json_of(w, SIM_STATUS);
    const json_t *history = json_list(root, "stage_history");
    int turns = 0;
    for (size_t i = 2; i < json_array_size(history); i++) {
        const json_t *e[3];
        for (size_t k = 0; k < 3; k++)
            e[k] = json_array_get(history, i - 2 + k);
        const char *middle = json_string_value(json_object_get(e[1], "username"));
        const char *before = json_string_value(json_object_get(e[0], "username"));
        const char *after = json_string_value(json_object_get(e[2], "username"));
        bool quick = json_num(e[2], "updated_at") - json_num(e[0], "updated_at") <= 2;
        turns += quick && *before && strcmp(before, middle) && !strcmp(before, after);
    }
    assert_true(turns > 3);
    assert_int_equal(json_int(root, "pid"), 4242);
    json_decref(root);
    close_world(w);
}

static void an_old_commitment_is_not_renewed_and_wins_nothing(void **state)
{
    (void)state;
    struct world *w = open_world("commit-old", 60, 0);
    run(w, start_ms, start_ms + 120000, 100);
    json_t *root = json_of(w, SIM_AUCTION_STATUS);
    assert_true(json_num(json_child(root, "commitment"), "at") * 1000 <= (double)start_ms - 3 * 3600000 + 1);
    assert_int_equal(json_int(json_child(root, "last_result"), "won"), 0);
    json_decref(root);
    close_world(w);
}

static void bids_above_every_price_never_win(void **state)
{
    (void)state;
    struct world *w = open_world("config-warning", 60, 0);
    assert_true(has(w, SIM_CONFIG, "price_multiplier = \"1.08\"\n"));
    for (int i = 0; i < 10; i++) {
        run(w, start_ms + i * 12000, start_ms + i * 12000 + 11900, 100);
        json_t *root = json_of(w, SIM_AUCTION_STATUS);
        assert_string_equal(json_string_value(json_object_get(json_child(root, "commitment"), "text")),
                            "2;b;BTC,1.08=0.1:5,0.25:4,0.45:2");
        assert_int_equal(json_int(json_child(root, "last_result"), "won"), 0);
        json_decref(root);
    }
    close_world(w);
}

static void an_empty_checklist_has_no_item(void **state)
{
    (void)state;
    struct world *w = open_world("checklist-empty", 1, 0);
    assert_true(has(w, SIM_CHECKLIST, "# Heartbeat checklist\n"));
    assert_false(has(w, SIM_CHECKLIST, "Daemon"));
    close_world(w);
}

static void a_fast_clock_stamps_the_future(void **state)
{
    (void)state;
    struct world *w = open_world("clock-ahead", 1, 1);
    assert_true(has(w, SIM_HISTORY, "\"timestamp\": \"2026-11-22T09:"));
    close_world(w);
}

static void the_scripts_quote_what_they_are_told(void **state)
{
    (void)state;
    struct world w = {.answers = true};
    struct sim_orders orders = {.arena = &w.arena};
    struct sim_setup setup = {
        .seed = 1, .speed = 2.5, .scenario = scenario_find("calm"), .dir = "/r", .program = "/it's $(here)/davy-sim"};
    sim_open(&w.sim, &setup, start_ms, &orders);
    for (size_t i = 0; i < orders.count; i++)
        obey(&w, &orders.order[i], start_ms);
    assert_true(has(&w, SIM_START_SCRIPT, "'/it'\\''s $(here)/davy-sim' daemon \"$PWD\" miner_daemon.py --speed 2.5 "));
    arena_release(&w.arena);
}

static void scenarios_are_alphabetical_and_explained(void **state)
{
    (void)state;
    for (const struct sim_scenario *s = sim_scenarios; s->name; s++) {
        assert_ptr_equal(scenario_find(s->name), s);
        assert_true(strlen(s->help) > 10);
        assert_true(!s[1].name || strcmp(s->name, s[1].name) < 0);
    }
    assert_null(scenario_find("no such thing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(another_seed_gives_another_rig),
        cmocka_unit_test(how_finely_time_is_cut_does_not_matter),
        cmocka_unit_test(after_a_long_sleep_the_lost_time_is_skipped),
        cmocka_unit_test(the_history_is_two_weeks_of_both_record_types),
        cmocka_unit_test(an_executed_task_is_scored_later_under_the_same_id),
        cmocka_unit_test(every_document_is_whole_json_in_every_usual_scenario),
        cmocka_unit_test(the_budget_writer_drops_the_keys_it_does_not_know_at_its_first_save),
        cmocka_unit_test(budgets_grow_with_spend_and_are_reset_with_the_month),
        cmocka_unit_test(the_month_so_far_agrees_with_the_history),
        cmocka_unit_test(the_stages_follow_one_another_and_keep_at_most_200),
        cmocka_unit_test(a_minute_of_the_demo_has_work_in_every_file),
        cmocka_unit_test(after_a_failure_the_miner_looks_for_accounts),
        cmocka_unit_test(log_lines_have_the_real_wording),
        cmocka_unit_test(log_times_are_local_and_json_times_utc),
        cmocka_unit_test(a_window_gets_its_result_and_blocks_come_at_the_pace),
        cmocka_unit_test(a_killed_daemon_is_started_again_by_its_owner),
        cmocka_unit_test(a_dead_daemon_takes_no_tasks),
        cmocka_unit_test(scenarios_about_scores_begin_with_bad_scores),
        cmocka_unit_test(scenarios_about_budgets_begin_with_full_ones),
        cmocka_unit_test(an_exhausted_budget_makes_the_miner_refuse),
        cmocka_unit_test(a_stalled_stage_has_run_for_45_minutes_and_goes_on),
        cmocka_unit_test(a_lost_chain_leaves_an_old_file),
        cmocka_unit_test(missed_auctions_stay_missed),
        cmocka_unit_test(an_empty_rig_gets_its_files_one_after_another),
        cmocka_unit_test(torn_files_are_really_torn),
        cmocka_unit_test(a_status_line_tells_of_modules_and_chain),
        cmocka_unit_test(a_stuck_loop_prints_no_more_status_lines_at_any_speed),
        cmocka_unit_test(a_second_daemon_fails_more_than_five_times_an_hour_at_any_speed),
        cmocka_unit_test(scores_decline_by_a_quarter_within_two_weeks),
        cmocka_unit_test(a_glut_passes_the_daily_limit_in_seconds_also_after_midnight),
        cmocka_unit_test(a_sleeping_agent_did_nothing_for_five_hours),
        cmocka_unit_test(a_file_vanishes_and_comes_back_for_a_moment_each_minute),
        cmocka_unit_test(two_writers_take_turns_within_two_seconds),
        cmocka_unit_test(an_old_commitment_is_not_renewed_and_wins_nothing),
        cmocka_unit_test(bids_above_every_price_never_win),
        cmocka_unit_test(an_empty_checklist_has_no_item),
        cmocka_unit_test(a_fast_clock_stamps_the_future),
        cmocka_unit_test(the_scripts_quote_what_they_are_told),
        cmocka_unit_test(scenarios_are_alphabetical_and_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
