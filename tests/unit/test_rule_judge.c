/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule_rig.h"

static void names_are_alphabetical_and_every_rule_has_help(void **state)
{
    (void)state;
    for (size_t i = 0; rules[i]; i++) {
        assert_true(rules[i]->name && *rules[i]->name && rules[i]->help && *rules[i]->help);
        if (i)
            assert_true(strcmp(rules[i - 1]->name, rules[i]->name) < 0);
    }
}

static void an_empty_rig_has_no_alerts(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rules_judge(&r.arena, &r.m);
    assert_int_equal(r.m.alert_count, 0);
    assert_true(r.m.rule_count > 25);
    rig_release(&r);
}

static void a_built_model_without_documents_has_no_alerts(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    struct docs docs = {0};
    struct model_in in = {
        .now_ms = NOW, .rig_name = "one", .rig_dir = "/rigs/one", .host = "h", .docs = &docs, .origin = r.m.origin};
    struct model *m = model_build(&r.arena, &in);
    rules_judge(&r.arena, m);
    for (size_t i = 0; i < m->alert_count; i++)
        print_error("%s: %s\n", m->alert[i].rule, m->alert[i].what);
    assert_int_equal(m->alert_count, 0);
    rig_release(&r);
}

/* Whatever is wrong, once: 8 findings of 6 rules. */
static void trouble(struct rig *r)
{
    rig_file(r, DOC_PID);
    rig_file(r, DOC_STATE);
    r->daemon = (struct daemon){
        .state = DAEMON_DOWN, .since_ms = NOW - HOUR, .beat_age_ms = HOUR, .pid = 25217, .why = "pid 25217 is gone"};
    r->log.known = true;
    r->log.ipc_errors_hour = 7;
    r->log.status_line = "Module 1: Stopped | Module 2: Stopped";
    r->log.status_ms = NOW - 30 * SECOND;
    r->log.module1 = r->log.module2 = "Stopped";
    r->stages.known = true;
    r->stages.stage[3].state = STAGE_STALLED;
    r->stages.stage[3].duration_ms = HOUR;
    r->scores.known = true;
    r->scores.h24 = window_of_mean(20, 0.4, 0.9);
    r->scores.counts.synthetic = 5;
}

static void a_dead_daemon_hides_what_follows_from_it_and_says_so(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    trouble(&r);
    rules_judge(&r.arena, &r.m);
    assert_int_equal(r.m.alert_count, 3);
    assert_string_equal(r.m.alert[0].rule, "daemon_down");
    assert_string_equal(r.m.alert[1].rule, "score_avg");
    assert_string_equal(r.m.alert[2].rule, "synthetic");
    assert_string_equal(r.m.alert[0].why,
                        "pid 25217 is gone (hides 4 that follow from it: ipc_error, module_down, stage_stale)");
    rig_release(&r);
}

static void a_silent_daemon_hides_nothing(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    trouble(&r);
    r.daemon.state = DAEMON_STALE;
    rules_judge(&r.arena, &r.m);
    assert_int_equal(r.m.alert_count, 7);
    rig_release(&r);
}

static void a_dead_daemon_with_nothing_to_hide_keeps_its_sentence(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_PID);
    r.daemon.state = DAEMON_DOWN;
    r.daemon.why = "pid 25217 is gone";
    rules_judge(&r.arena, &r.m);
    assert_int_equal(r.m.alert_count, 1);
    assert_string_equal(r.m.alert[0].why, "pid 25217 is gone");
    rig_release(&r);
}

static void alerts_stand_worst_first_then_oldest_then_by_name(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.log.known = r.log.wallet_broken = true;
    r.log.mark[LOG_MARK_WALLET_ERROR].last_ms = NOW - MINUTE;
    r.log.status_line = "Module 1: Stopped | Module 2: Stopped";
    r.log.module1 = r.log.module2 = "Stopped";
    r.log.status_ms = NOW - HOUR;
    r.scores.known = true;
    r.scores.counts.synthetic = r.scores.counts.malformed = 1;
    r.scores.last20 = window_of_mean(20, 0.1, 0.9);
    rules_judge(&r.arena, &r.m);
    static const char *const want[][2] = {
        {"module_down", "Module 1"}, {"module_down", "Module 2"}, {"wallet_error", ""}, {"score_avg", ""},
        {"loop_stuck", ""},          {"history_bad_lines", ""},   {"synthetic", ""}};
    assert_int_equal(r.m.alert_count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(r.m.alert[i].rule, want[i][0]);
        assert_string_equal(r.m.alert[i].subject, want[i][1]);
    }
    assert_int_equal(model_worst(&r.m), SEVERITY_CRITICAL);
    rig_release(&r);
}

static void too_many_subjects_of_one_rule_become_one_line(void **state)
{
    (void)state;
    enum { MANY = 1000 };
    static struct budget many[MANY];
    struct rig r;
    rig_init(&r);
    for (size_t i = 0; i < MANY; i++) {
        many[i] = r.budget[0];
        many[i].api = arena_text(&r.arena, "api%04zu", i);
        many[i].allowance = many[i].used = 100;
        many[i].used_pct = i < 300 ? 85 : 100;
    }
    r.budgets.known = true;
    r.budgets.row = many;
    r.budgets.count = MANY;
    rules_judge(&r.arena, &r.m);
    assert_int_equal(r.m.alert_count, FINDINGS_A_RULE + 1);
    assert_string_equal(r.m.alert[0].what, "budget_high: 744 more");
    assert_int_equal(r.m.alert[0].severity, SEVERITY_CRITICAL);
    assert_complete(&r.m.alert[0]);
    rig_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_alphabetical_and_every_rule_has_help),
        cmocka_unit_test(an_empty_rig_has_no_alerts),
        cmocka_unit_test(a_built_model_without_documents_has_no_alerts),
        cmocka_unit_test(a_dead_daemon_hides_what_follows_from_it_and_says_so),
        cmocka_unit_test(a_silent_daemon_hides_nothing),
        cmocka_unit_test(a_dead_daemon_with_nothing_to_hide_keeps_its_sentence),
        cmocka_unit_test(alerts_stand_worst_first_then_oldest_then_by_name),
        cmocka_unit_test(too_many_subjects_of_one_rule_become_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
