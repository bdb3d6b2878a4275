/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule_rig.h"

static void a_file_that_was_never_there_is_not_missing(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    assert_null(rig_ask(&r, &rule_source_missing));
    for (enum doc_id id = 0; id < DOC_COUNT; id++)
        r.m.origin[id].state = ORIGIN_WAITING;
    assert_null(rig_ask(&r, &rule_source_missing));
    rig_release(&r);
}

static void a_file_that_was_read_and_is_gone_is_a_warning(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.m.origin[DOC_BUDGETS].read_ms = NOW - HOUR;
    const struct alert *a = rig_ask(&r, &rule_source_missing);
    assert_complete(a);
    assert_int_equal(r.found.count, 1);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_string_equal(a->subject, "budgets");
    assert_string_equal(a->what, "config/token-budgets.json is gone");
    r.m.origin[DOC_BUDGETS].state = ORIGIN_WAITING;
    assert_has(rig_ask(&r, &rule_source_missing)->why, "its folder is gone");
    r.m.origin[DOC_BUDGETS].state = ORIGIN_OK;
    assert_null(rig_ask(&r, &rule_source_missing));
    rig_release(&r);
}

static void files_that_come_and_go_by_design_are_treated_so(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.m.origin[DOC_PID].read_ms = NOW - HOUR;
    assert_null(rig_ask(&r, &rule_source_missing));
    r.m.origin[DOC_STATUS].read_ms = NOW - HOUR;
    assert_int_equal(rig_severity(&r, &rule_source_missing), SEVERITY_INFO);
    rig_release(&r);
}

static void an_invalid_file_tells_its_error_and_from_when_the_values_are(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.m.origin[DOC_METRICS].state = ORIGIN_INVALID;
    r.m.origin[DOC_METRICS].error = "performance-metrics.json line 3: expected a number";
    const struct alert *a = rig_ask(&r, &rule_source_invalid);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_has(a->why, "line 3: expected a number");
    assert_null(strstr(a->why, "values of"));
    r.m.origin[DOC_METRICS].read_ms = NOW - HOUR;
    assert_has(rig_ask(&r, &rule_source_invalid)->why, "shown are the values of 2026-11-22");
    assert_step(rig_ask(&r, &rule_source_invalid), "timeout 5 python3 -m json.tool state/performance-metrics.json");
    r.m.origin[DOC_METRICS].error = NULL;
    assert_complete(rig_ask(&r, &rule_source_invalid));
    rig_release(&r);
}

static void every_file_but_the_auction_configuration_can_be_invalid_here(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    for (enum doc_id id = 0; id < DOC_COUNT; id++) {
        r.m.origin[id].state = ORIGIN_INVALID;
        r.m.origin[id].error = "it is a directory";
    }
    rig_ask(&r, &rule_source_invalid);
    assert_int_equal(r.found.count, DOC_COUNT - 1);
    for (size_t i = 0; i < r.found.count; i++)
        assert_complete(&r.found.alert[i]);
    rig_release(&r);
}

static void a_stale_file_tells_its_age_and_since_when_it_is_too_old(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_AUCTION);
    r.m.origin[DOC_AUCTION].mtime_ms = NOW - 10 * MINUTE;
    assert_null(rig_ask(&r, &rule_source_stale));
    r.m.origin[DOC_AUCTION].state = ORIGIN_STALE;
    const struct alert *a = rig_ask(&r, &rule_source_stale);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_string_equal(a->what, "state/auction-status.json is 10m 00s old");
    assert_int_equal(a->since_ms, NOW - 10 * MINUTE + doc_rows[DOC_AUCTION].stale_ms);
    r.m.origin[DOC_AUCTION].mtime_ms = NOT_KNOWN;
    assert_complete(rig_ask(&r, &rule_source_stale));
    rig_release(&r);
}

static void the_state_files_age_is_the_daemon_rules_business(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_STATE);
    r.m.origin[DOC_STATE].state = ORIGIN_STALE;
    r.daemon.state = DAEMON_STOPPED;
    assert_null(rig_ask(&r, &rule_source_stale));
    r.daemon.state = DAEMON_STALE;
    assert_null(rig_ask(&r, &rule_source_stale));
    r.daemon.state = DAEMON_UNKNOWN;
    assert_non_null(rig_ask(&r, &rule_source_stale));
    rig_release(&r);
}

static void check(struct rig *r, enum due_state s)
{
    r->heartbeat.known = true;
    r->heartbeat.check_count = 1;
    r->check[0] = (struct hb_line){.name = "bittensor",
                                   .state = s,
                                   .at_ms = NOW - 5 * HOUR,
                                   .age_ms = 5 * HOUR,
                                   .interval_ms = 2 * HOUR,
                                   .overdue_ms = 4 * HOUR};
}

static void only_an_overdue_heartbeat_is_a_warning(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    for (enum due_state s = DUE_OK; s <= DUE_RAN; s++) {
        check(&r, s);
        assert_int_equal(rig_severity(&r, &rule_heartbeat_overdue), s == DUE_OVERDUE ? SEVERITY_WARNING : SEVERITY_OK);
    }
    check(&r, DUE_OVERDUE);
    const struct alert *a = rig_ask(&r, &rule_heartbeat_overdue);
    assert_complete(a);
    assert_string_equal(a->subject, "bittensor");
    assert_int_equal(a->since_ms, NOW - 1 * HOUR); /* since it was overdue, not since it was due */
    assert_string_equal(a->limit_text, "> 4h 00m");
    assert_true(a->value > a->limit);
    r.check[0].interval_ms = r.check[0].overdue_ms = NOT_KNOWN;
    assert_complete(rig_ask(&r, &rule_heartbeat_overdue));
    rig_release(&r);
}

static void a_heartbeat_of_the_future_or_in_milliseconds_is_information(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    check(&r, DUE_OK);
    assert_null(rig_ask(&r, &rule_heartbeat_clock));
    check(&r, DUE_FUTURE);
    assert_complete(rig_ask(&r, &rule_heartbeat_clock));
    assert_int_equal(rig_severity(&r, &rule_heartbeat_clock), SEVERITY_INFO);
    check(&r, DUE_OK);
    r.check[0].milliseconds = true;
    assert_has(rig_ask(&r, &rule_heartbeat_clock)->what, "milliseconds");
    rig_release(&r);
}

static void an_empty_heartbeat_state_will_not_heal_itself(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    assert_null(rig_ask(&r, &rule_heartbeat_empty));
    r.heartbeat.empty_file = true;
    const struct alert *a = rig_ask(&r, &rule_heartbeat_empty);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_step(a, "echo '{\"lastChecks\":{}}' > memory/heartbeat-state.json");
    rig_release(&r);
}

static void an_empty_checklist_is_information_and_a_missing_one_is_not(void **state)
{
    (void)state;
    static const struct checklist_doc full = {.effectively_empty = false}, empty = {.effectively_empty = true};
    struct rig r;
    rig_init(&r);
    assert_null(rig_ask(&r, &rule_checklist_empty));
    r.heartbeat.checklist = &full;
    assert_null(rig_ask(&r, &rule_checklist_empty));
    r.heartbeat.checklist = &empty;
    assert_complete(rig_ask(&r, &rule_checklist_empty));
    rig_release(&r);
}

static void paths_in_commands_can_be_copied_into_a_shell(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    assert_string_equal(doc_word(&r.arena, &r.m, DOC_LOG), "logs/miner.log");
    r.m.origin[DOC_LOG].path = "/rigs/one/my logs/it's.log";
    assert_string_equal(doc_word(&r.arena, &r.m, DOC_LOG), "'my logs/it'\\''s.log'");
    assert_string_equal(doc_name(&r.m, DOC_LOG), "my logs/it's.log");
    r.m.origin[DOC_LOG].path = "/rigs/one/-rf";
    assert_string_equal(doc_word(&r.arena, &r.m, DOC_LOG), "./-rf");
    r.m.origin[DOC_LOG].path = "/rigs/one/$(reboot)";
    assert_string_equal(doc_word(&r.arena, &r.m, DOC_LOG), "'$(reboot)'");
    r.m.origin[DOC_LOG].path = "/rigs/one-more/miner.log"; /* not in this rig's folder */
    assert_string_equal(doc_word(&r.arena, &r.m, DOC_LOG), "/rigs/one-more/miner.log");
    r.m.origin[DOC_LOG].path = "./logs/miner.log";
    assert_string_equal(doc_word(&r.arena, &r.m, DOC_LOG), "logs/miner.log");
    r.m.origin[DOC_LOG].path = "";
    assert_string_equal(doc_word(&r.arena, &r.m, DOC_LOG), "''");
    r.m.origin[DOC_LOG].path = NULL;
    assert_string_equal(doc_word(&r.arena, &r.m, DOC_LOG), "daemon.log");
    r.m.rig_dir = NULL;
    assert_string_equal(doc_word(&r.arena, &r.m, DOC_PID), "/rigs/one/state/miner.pid");
    rig_release(&r);
}

static void a_stage_file_that_cannot_be_used_may_be_another_programs(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.m.origin[DOC_STATUS].state = ORIGIN_INVALID;
    assert_step(rig_ask(&r, &rule_source_invalid), "set stage.status in davy.toml");
    rig_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_was_never_there_is_not_missing),
        cmocka_unit_test(a_file_that_was_read_and_is_gone_is_a_warning),
        cmocka_unit_test(files_that_come_and_go_by_design_are_treated_so),
        cmocka_unit_test(an_invalid_file_tells_its_error_and_from_when_the_values_are),
        cmocka_unit_test(every_file_but_the_auction_configuration_can_be_invalid_here),
        cmocka_unit_test(a_stale_file_tells_its_age_and_since_when_it_is_too_old),
        cmocka_unit_test(the_state_files_age_is_the_daemon_rules_business),
        cmocka_unit_test(only_an_overdue_heartbeat_is_a_warning),
        cmocka_unit_test(a_heartbeat_of_the_future_or_in_milliseconds_is_information),
        cmocka_unit_test(an_empty_heartbeat_state_will_not_heal_itself),
        cmocka_unit_test(an_empty_checklist_is_information_and_a_missing_one_is_not),
        cmocka_unit_test(paths_in_commands_can_be_copied_into_a_shell),
        cmocka_unit_test(a_stage_file_that_cannot_be_used_may_be_another_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
