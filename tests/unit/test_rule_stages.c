/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule_rig.h"

static void stall(struct rig *r, int64_t elapsed_ms, int64_t limit_ms)
{
    r->stages.known = r->stages.stalled = true;
    r->stages.current = (struct stage_event){.number = 3,
                                             .name = "Vector Database",
                                             .status = STAGE_STATUS_RUNNING,
                                             .message = "Indexing 50 posts",
                                             .username = "elonmusk"};
    r->stages.elapsed_ms = elapsed_ms;
    r->stages.stage[3].state = STAGE_STALLED;
    r->stages.stage[3].duration_ms = elapsed_ms;
    r->stages.stage[3].limit_ms = limit_ms;
    r->stages.stage[3].typical_ms = 2 * MINUTE;
}

static void a_running_stage_is_no_alert(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    assert_null(rig_ask(&r, &rule_stage_stale));
    stall(&r, 9 * MINUTE, 10 * MINUTE);
    r.stages.stage[3].state = STAGE_RUNNING;
    assert_null(rig_ask(&r, &rule_stage_stale));
    rig_release(&r);
}

static void a_stalled_stage_warns_and_is_critical_above_twice_its_limit(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    stall(&r, 10 * MINUTE + SECOND, 10 * MINUTE);
    const struct alert *a = rig_ask(&r, &rule_stage_stale);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_string_equal(a->subject, "Vector Database");
    assert_int_equal(a->since_ms, NOW - SECOND);
    assert_has(a->why, "for elonmusk");
    assert_has(a->why, "Indexing 50 posts");
    stall(&r, 20 * MINUTE, 10 * MINUTE);
    assert_int_equal(rig_severity(&r, &rule_stage_stale), SEVERITY_WARNING);
    stall(&r, 20 * MINUTE + 2 * SECOND, 10 * MINUTE);
    a = rig_ask(&r, &rule_stage_stale);
    assert_int_equal(a->severity, SEVERITY_CRITICAL);
    assert_true(a->limit == 1200);
    rig_release(&r);
}

static void a_stall_without_times_is_still_told(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    stall(&r, NOT_KNOWN, NOT_KNOWN);
    r.stages.current.username = r.stages.current.message = NULL;
    const struct alert *a = rig_ask(&r, &rule_stage_stale);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_true(isnan(a->value));
    assert_int_equal(a->since_ms, NOT_KNOWN);
    rig_release(&r);
}

static void the_restart_step_names_scripts_only_where_the_rig_has_that_daemon(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    stall(&r, HOUR, 10 * MINUTE);
    assert_step(rig_ask(&r, &rule_stage_stale), "restart the miner the way it was started");
    rig_file(&r, DOC_PID);
    assert_step(rig_ask(&r, &rule_stage_stale), "bash scripts/stop-miner.sh && bash scripts/start-miner.sh");
    rig_release(&r);
}

static void the_last_closed_run_counts_even_when_the_next_one_is_open(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.stages.run = r.run;
    assert_null(rig_ask(&r, &rule_stage_failed));
    r.run[0] = (struct stage_run){
        .username = "next", .state = RUN_OPEN, .last_stage = 1, .start_ms = NOW, .end_ms = NOT_KNOWN};
    r.run[1] = (struct stage_run){.username = "badusername",
                                  .state = RUN_FAILED,
                                  .last_stage = 1,
                                  .start_ms = NOW - MINUTE,
                                  .end_ms = NOW - SECOND,
                                  .message = "Failed to scrape profile"};
    r.run[2] = (struct stage_run){
        .username = "older", .state = RUN_DONE, .last_stage = 7, .start_ms = NOW - HOUR, .end_ms = NOW};
    r.stages.run_count = 3;
    const struct alert *a = rig_ask(&r, &rule_stage_failed);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_INFO);
    assert_string_equal(a->what, "Last run failed in stage 1 Data Scraping");
    assert_string_equal(a->subject, "badusername");
    assert_int_equal(a->since_ms, NOW - SECOND);
    r.run[1].state = RUN_DONE;
    assert_null(rig_ask(&r, &rule_stage_failed));
    rig_release(&r);
}

static void two_writers_of_one_stage_file_are_a_warning(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.stages.known = true;
    assert_null(rig_ask(&r, &rule_two_writers));
    r.stages.two_writers = true;
    assert_complete(rig_ask(&r, &rule_two_writers));
    rig_release(&r);
}

static void steps_name_only_a_log_that_is_there(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.stages.known = true;
    r.stages.run = r.run;
    r.stages.run_count = 1;
    r.run[0] = (struct stage_run){"u", RUN_FAILED, 1, NOT_KNOWN, NOT_KNOWN, "no profile"};
    const struct alert *a = rig_ask(&r, &rule_stage_failed);
    assert_complete(a);
    assert_string_equal(a->why, "The run of u ended: no profile");
    assert_has(a->todo[0], "daemon.log in davy.toml");
    rig_file(&r, DOC_LOG);
    assert_string_equal(rig_ask(&r, &rule_stage_failed)->todo[0], "grep -n 'Stage 1' logs/miner.log | tail");
    rig_release(&r);
}

static void modules_that_end_warn_and_loops_are_critical(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    struct module one[] = {
        {.name = "scraper", .state = "running", .life = MODULE_UP, .next_ms = NOT_KNOWN, .restarts = 0},
        {.name = "image",
         .state = "waiting",
         .life = MODULE_PAUSED,
         .since_ms = NOW - SECOND,
         .next_ms = NOW + MINUTE,
         .restarts = 1,
         .last_exit = "exit status 1",
         .log = "/rigs/one/logs/image.log"}};
    struct modules m = {.known = true, .supervisor = SUPERVISOR_UP, .pid = 900, .one = one, .count = 2};
    r.m.modules = &m;
    rig_file(&r, DOC_RUN);
    const struct alert *a = rig_ask(&r, &rule_module_ended);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_string_equal(a->subject, "image");
    assert_string_equal(a->what, "image: ended, exit status 1");
    assert_int_equal(a->since_ms, NOW - SECOND);
    assert_has(a->todo[0], "logs/image.log");
    one[1].life = MODULE_LOOPS;
    assert_int_equal(rig_ask(&r, &rule_module_ended)->severity, SEVERITY_CRITICAL);
    one[1].life = MODULE_UP;
    assert_null(rig_ask(&r, &rule_module_ended));
    m.supervisor = SUPERVISOR_GONE;
    assert_complete(rig_ask(&r, &rule_module_ended));
    assert_string_equal(rig_ask(&r, &rule_module_ended)->subject, "davy-run");
    rig_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_stage_is_no_alert),
        cmocka_unit_test(a_stalled_stage_warns_and_is_critical_above_twice_its_limit),
        cmocka_unit_test(a_stall_without_times_is_still_told),
        cmocka_unit_test(the_restart_step_names_scripts_only_where_the_rig_has_that_daemon),
        cmocka_unit_test(the_last_closed_run_counts_even_when_the_next_one_is_open),
        cmocka_unit_test(two_writers_of_one_stage_file_are_a_warning),
        cmocka_unit_test(modules_that_end_warn_and_loops_are_critical),
        cmocka_unit_test(steps_name_only_a_log_that_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
