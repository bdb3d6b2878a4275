/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule_rig.h"

static const struct alert *ask(struct rig *r, enum daemon_state s)
{
    r->daemon.state = s;
    return rig_ask(r, &rule_daemon_down);
}

static void each_state_of_the_daemon_has_its_severity(void **state)
{
    (void)state;
    static const struct {
        enum daemon_state state;
        enum severity want;
    } rows[] = {
        {DAEMON_UP, SEVERITY_OK},           {DAEMON_NEVER, SEVERITY_OK},          {DAEMON_STALE, SEVERITY_WARNING},
        {DAEMON_UNKNOWN, SEVERITY_WARNING}, {DAEMON_STOPPED, SEVERITY_WARNING},   {DAEMON_DOWN, SEVERITY_CRITICAL},
        {DAEMON_HUNG, SEVERITY_CRITICAL},   {DAEMON_IMPOSTOR, SEVERITY_CRITICAL},
    };
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_STATE);
    r.daemon.beat_age_ms = 47 * SECOND;
    r.daemon.since_ms = NOW - HOUR;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct alert *a = ask(&r, rows[i].state);
        assert_int_equal(a ? a->severity : SEVERITY_OK, rows[i].want);
        if (!a)
            continue;
        assert_complete(a);
        assert_int_equal(a->since_ms, NOW - HOUR);
        assert_string_equal(a->state, rows[i].state == DAEMON_UNKNOWN ? "unknown" : "firing");
    }
    rig_release(&r);
}

static void a_silent_daemon_says_for_how_long(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_STATE);
    r.daemon.beat_age_ms = 47 * SECOND;
    assert_string_equal(ask(&r, DAEMON_STALE)->what, "Daemon silent: no heartbeat for 47s");
    assert_true(ask(&r, DAEMON_STALE)->value == 47);
    r.daemon.beat_age_ms = 11 * MINUTE;
    assert_has(ask(&r, DAEMON_HUNG)->what, "no heartbeat for 11m");
    assert_step(ask(&r, DAEMON_HUNG), "bash scripts/stop-miner.sh && bash scripts/start-miner.sh");
    rig_release(&r);
}

static void a_daemon_that_is_stale_for_another_reason_says_that(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_STATE);
    assert_string_equal(ask(&r, DAEMON_STALE)->what, "Daemon runs, but without a heartbeat");
    r.daemon.beat_age_ms = 5 * SECOND;
    r.daemon.status = "stopped";
    assert_string_equal(ask(&r, DAEMON_STALE)->what, "Daemon runs, but calls itself \"stopped\"");
    assert_true(isnan(ask(&r, DAEMON_STALE)->limit));
    rig_release(&r);
}

static void an_impostor_is_never_answered_with_the_stop_script(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_PID);
    const struct alert *a = ask(&r, DAEMON_IMPOSTOR);
    for (size_t i = 0; i < ALERT_DO && a->todo[i]; i++)
        assert_null(strstr(a->todo[i], "bash scripts/stop-miner.sh"));
    assert_step(a, "rm -f state/miner.pid && bash scripts/start-miner.sh");
    rig_release(&r);
}

static void within_the_grace_of_a_start_nothing_is_raised(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_PID);
    r.daemon.grace = true;
    assert_null(ask(&r, DAEMON_DOWN));
    assert_null(ask(&r, DAEMON_STALE));
    r.daemon.grace = false;
    assert_non_null(ask(&r, DAEMON_DOWN));
    rig_release(&r);
}

static void a_rig_without_the_daemons_files_has_no_daemon_to_miss(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    for (enum daemon_state s = DAEMON_UNKNOWN; s <= DAEMON_NEVER; s++)
        assert_null(ask(&r, s));
    r.m.origin[DOC_PID].state = ORIGIN_INVALID; /* something is there, though unreadable */
    assert_non_null(ask(&r, DAEMON_UNKNOWN));
    rig_release(&r);
}

static void a_vanished_pid_file_was_seen_and_counts(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.m.origin[DOC_PID].read_ms = NOW - DAY;
    assert_int_equal(ask(&r, DAEMON_STOPPED)->severity, SEVERITY_WARNING);
    rig_release(&r);
}

static void each_fault_of_the_socket_has_its_own_sentence(void **state)
{
    (void)state;
    static const enum socket_state faults[] = {SOCKET_ABSENT, SOCKET_NOT_ONE, SOCKET_STALE, SOCKET_UNLINKED};
    struct rig r;
    rig_init(&r);
    r.daemon.state = DAEMON_UP;
    r.daemon.socket_path = "/tmp/openclawd-bittensor.sock";
    const char *seen[4];
    for (size_t i = 0; i < 4; i++) {
        r.daemon.socket = faults[i];
        const struct alert *a = rig_ask(&r, &rule_socket_lost);
        assert_complete(a);
        seen[i] = a->why;
    }
    for (size_t i = 1; i < 4; i++)
        assert_string_not_equal(seen[i - 1], seen[i]);
    rig_release(&r);
}

static void a_socket_is_only_missed_while_the_daemon_runs(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.daemon.socket = SOCKET_ABSENT;
    assert_null(rig_ask(&r, &rule_socket_lost));
    r.daemon.state = DAEMON_UP;
    assert_non_null(rig_ask(&r, &rule_socket_lost));
    r.daemon.socket = SOCKET_UNKNOWN;
    assert_null(rig_ask(&r, &rule_socket_lost));
    r.daemon.socket = SOCKET_LISTENING;
    assert_null(rig_ask(&r, &rule_socket_lost));
    rig_release(&r);
}

static void a_path_that_a_file_names_is_quoted_in_commands(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.daemon.state = DAEMON_UP;
    r.daemon.socket = SOCKET_ABSENT;
    r.daemon.socket_path = "/tmp/x; rm -rf ~";
    assert_step(rig_ask(&r, &rule_socket_lost), "ls -l '/tmp/x; rm -rf ~'");
    r.log.known = true;
    r.log.ipc_errors_hour = 6;
    assert_step(rig_ask(&r, &rule_ipc_error), "ls -l '/tmp/x; rm -rf ~'");
    rig_release(&r);
}

static void more_than_five_ipc_errors_an_hour_are_a_warning(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.log.ipc_errors_hour = 6;
    assert_null(rig_ask(&r, &rule_ipc_error));
    r.log.known = true;
    r.log.ipc_errors_hour = 5;
    assert_null(rig_ask(&r, &rule_ipc_error));
    r.log.ipc_errors_hour = 6;
    const struct alert *a = rig_ask(&r, &rule_ipc_error);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_string_equal(a->limit_text, "> 5/h");
    rig_release(&r);
}

static void a_wallet_error_is_critical_until_a_success(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.log.known = true;
    assert_null(rig_ask(&r, &rule_wallet_error));
    r.log.wallet_broken = true;
    r.log.wallet_text = "Failed to get balance: timeout";
    r.log.mark[LOG_MARK_WALLET_ERROR] = (struct log_mark_count){3, NOW - MINUTE};
    const struct alert *a = rig_ask(&r, &rule_wallet_error);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_CRITICAL);
    assert_int_equal(a->since_ms, NOW - MINUTE);
    assert_has(a->why, "Failed to get balance: timeout");
    rig_release(&r);
}

static void modules_and_bittensor_are_judged_by_the_status_line(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.log.known = true;
    r.log.module1 = "Stopped"; /* but no line was seen */
    assert_null(rig_ask(&r, &rule_module_down));
    r.log.status_line = "Mode: watchdog | Bittensor: Failed | Module 1: Stopped | Module 2: Running";
    r.log.status_ms = NOW - 10 * SECOND;
    r.log.module2 = "Running";
    r.log.bittensor = "Failed";
    const struct alert *a = rig_ask(&r, &rule_module_down);
    assert_complete(a);
    assert_int_equal(r.found.count, 2);
    assert_string_equal(a[0].subject, "Module 1");
    assert_int_equal(a[0].severity, SEVERITY_CRITICAL);
    assert_string_equal(a[1].subject, "Bittensor");
    assert_int_equal(a[1].severity, SEVERITY_WARNING);
    assert_int_equal(a[1].since_ms, NOW - 10 * SECOND);
    r.log.module1 = "Running";
    r.log.bittensor = "OK";
    assert_null(rig_ask(&r, &rule_module_down));
    r.log.bittensor = NULL; /* older versions do not tell */
    assert_null(rig_ask(&r, &rule_module_down));
    rig_release(&r);
}

static void a_loop_without_status_line_for_90_seconds_is_stuck(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.log.known = true;
    assert_null(rig_ask(&r, &rule_loop_stuck)); /* never printed one */
    r.log.status_line = "Module 1: Running";
    r.log.status_ms = NOW - 90 * SECOND;
    assert_null(rig_ask(&r, &rule_loop_stuck));
    r.log.status_ms = NOW - 91 * SECOND;
    const struct alert *a = rig_ask(&r, &rule_loop_stuck);
    assert_complete(a);
    assert_int_equal(a->since_ms, NOW - SECOND);
    r.log.status_ms = NOT_KNOWN;
    assert_null(rig_ask(&r, &rule_loop_stuck));
    rig_release(&r);
}

static void a_state_file_without_a_status_is_said_so(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_PID);
    r.daemon.beat_age_ms = 5 * SECOND;
    assert_string_equal(ask(&r, DAEMON_STALE)->what, "Daemon runs, but its state file names no status");
    rig_release(&r);
}

static void another_procfs_is_asked_about_before_the_files(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_PID);
    assert_null(strstr(ask(&r, DAEMON_UNKNOWN)->todo[0], "daemon.proc"));
    r.settings.proc = "my proc";
    assert_has(ask(&r, DAEMON_UNKNOWN)->todo[0], "daemon.proc");
    assert_has(ask(&r, DAEMON_UNKNOWN)->todo[0], "ls 'my proc'");
    rig_release(&r);
}

static void a_pid_file_that_is_wrong_is_no_question_of_the_user(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_PID);
    assert_step(ask(&r, DAEMON_UNKNOWN), "run davy as the user");
    assert_step(ask(&r, DAEMON_UNKNOWN), "pgrep -af miner_daemon.py");
    r.m.origin[DOC_PID].state = ORIGIN_INVALID;
    const struct alert *a = ask(&r, DAEMON_UNKNOWN);
    for (size_t i = 0; i < ALERT_DO && a->todo[i]; i++)
        assert_null(strstr(a->todo[i], "run davy as"));
    rig_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_of_the_daemon_has_its_severity),
        cmocka_unit_test(a_silent_daemon_says_for_how_long),
        cmocka_unit_test(a_daemon_that_is_stale_for_another_reason_says_that),
        cmocka_unit_test(an_impostor_is_never_answered_with_the_stop_script),
        cmocka_unit_test(within_the_grace_of_a_start_nothing_is_raised),
        cmocka_unit_test(a_rig_without_the_daemons_files_has_no_daemon_to_miss),
        cmocka_unit_test(a_vanished_pid_file_was_seen_and_counts),
        cmocka_unit_test(each_fault_of_the_socket_has_its_own_sentence),
        cmocka_unit_test(a_socket_is_only_missed_while_the_daemon_runs),
        cmocka_unit_test(a_path_that_a_file_names_is_quoted_in_commands),
        cmocka_unit_test(more_than_five_ipc_errors_an_hour_are_a_warning),
        cmocka_unit_test(a_wallet_error_is_critical_until_a_success),
        cmocka_unit_test(modules_and_bittensor_are_judged_by_the_status_line),
        cmocka_unit_test(a_loop_without_status_line_for_90_seconds_is_stuck),
        cmocka_unit_test(a_state_file_without_a_status_is_said_so),
        cmocka_unit_test(another_procfs_is_asked_about_before_the_files),
        cmocka_unit_test(a_pid_file_that_is_wrong_is_no_question_of_the_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
