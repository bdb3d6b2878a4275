/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_world.h"

static void the_same_seed_makes_the_same_trouble(void **state)
{
    (void)state;
    for (const struct sim_scenario *s = sim_scenarios; s->name; s++) {
        struct world *a = open_world(s->name, 30, 0), *b = open_world(s->name, 30, 0);
        run(a, start_ms, start_ms + 25000, 100);
        run(b, start_ms, start_ms + 25000, 100);
        for (int f = 0; f < SIM_FILES; f++)
            if (!bytes_equal(put_done(&a->file[f]), put_done(&b->file[f])))
                fail_msg("%s: %s differs", s->name, sim_path(f));
        close_world(a);
        close_world(b);
    }
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_makes_the_same_trouble),
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
