/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_world.h"

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

static void a_daemon_stopped_before_it_was_seen_is_not_started_at_once(void **state)
{
    (void)state;
    struct world w = {.answers = false};
    struct sim_orders orders = {.arena = &w.arena};
    struct sim_setup setup = {
        .seed = SEED, .speed = 10, .scenario = scenario_find("calm"), .dir = "/rig", .program = "/p"};
    sim_open(&w.sim, &setup, start_ms, &orders);
    for (size_t i = 0; i < orders.count; i++)
        obey(&w, &orders.order[i], start_ms);
    run(&w, start_ms, start_ms + 20000, 100);
    assert_int_equal(w.starts, 1);
    run(&w, start_ms + 20000, start_ms + 30000, 100);
    assert_int_equal(w.starts, 2);
    arena_release(&w.arena);
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
    assert_int_equal(seen[2], SIM_FILES - 3); /* pid and state come from the daemon, and there is no davy-run */
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
        cmocka_unit_test(a_daemon_stopped_before_it_was_seen_is_not_started_at_once),
        cmocka_unit_test(a_dead_daemon_takes_no_tasks),
        cmocka_unit_test(scenarios_about_scores_begin_with_bad_scores),
        cmocka_unit_test(scenarios_about_budgets_begin_with_full_ones),
        cmocka_unit_test(an_exhausted_budget_makes_the_miner_refuse),
        cmocka_unit_test(a_stalled_stage_has_run_for_45_minutes_and_goes_on),
        cmocka_unit_test(a_lost_chain_leaves_an_old_file),
        cmocka_unit_test(missed_auctions_stay_missed),
        cmocka_unit_test(an_empty_rig_gets_its_files_one_after_another),
        cmocka_unit_test(torn_files_are_really_torn),
        cmocka_unit_test(a_fast_clock_stamps_the_future),
        cmocka_unit_test(the_scripts_quote_what_they_are_told),
        cmocka_unit_test(scenarios_are_alphabetical_and_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
