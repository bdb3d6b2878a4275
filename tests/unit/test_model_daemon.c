/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/timetext.h"
#include "model/daemon.h"

static struct arena arena;
static struct err error;
static const struct settings settings = {.daemon_match = "miner_daemon.py"};

static const int64_t now = INT64_C(1795322860000); /* 4 s after the fixtures' last write */
enum { PID = 25217 };

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* ---- documents ---------------------------------------------------------------------------------------------------- */

static const struct pid_doc *pid_of(struct bytes text)
{
    struct decode_in in = {.bytes = text, .name = "miner.pid", .mtime_ms = now - 3600000, .local_offset_s = 0};
    error.text[0] = 0;
    return pid_decode(&arena, &in, &error);
}

static const struct state_doc *state_of(const char *text)
{
    struct decode_in in = {
        .bytes = bytes_of(text), .name = "miner-state.json", .mtime_ms = now - 4000, .local_offset_s = 0};
    error.text[0] = 0;
    return state_decode(&arena, &in, &error);
}

static const struct state_doc *state_in(const char *path)
{
    struct bytes text;
    struct file_stat st;
    assert_true(file_read(&arena, path, 1 << 20, &text, &st, &error));
    return state_of(text.at);
}

static void a_pid_file_holds_one_number(void **state)
{
    (void)state;
    assert_int_equal(pid_of(bytes_of("25217\n"))->pid, PID);
    assert_int_equal(pid_of(bytes_of(" 25217 \r\n"))->pid, PID);
    assert_int_equal(pid_of(bytes_of("2"))->pid, 2);
    static const char *const bad[] = {
        "",    "\n", "abc", "-1", "0", "1", "25217\n25218", "+2", "2.0", "12x34", "9999999", "99999999999999999999",
        "0x10"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(pid_of(bytes_of(bad[i])));
        assert_non_null(strstr(error.text, "miner.pid"));
    }
    assert_null(pid_of((struct bytes){"25217\0\0", 7}));
}

static void the_running_fixture_tells_its_epoch_as_heartbeat(void **state)
{
    (void)state;
    const struct state_doc *d = state_in(FIXTURES "/miner-state-running.json");
    assert_string_equal(d->status, "running");
    assert_int_equal(d->daemon_pid, PID);
    assert_string_equal(d->socket_path, "/tmp/openclawd-bittensor.sock");
    assert_int_equal(d->last_task_ms, NOT_KNOWN);
    assert_int_equal(d->tasks_processed, 0);
    assert_int_equal(d->uptime_s, NOT_KNOWN);
    assert_int_equal(d->beat_ms, INT64_C(1795322856000));
}

static void the_stopped_fixture_is_stopped(void **state)
{
    (void)state;
    const struct state_doc *d = state_in(FIXTURES "/miner-state-stopped.json");
    assert_string_equal(d->status, "stopped");
    assert_int_equal(d->daemon_pid, PID);
}

static void a_true_uptime_leaves_the_files_time_as_heartbeat(void **state)
{
    (void)state;
    const struct state_doc *d = state_of("{\"status\":\"running\",\"daemon_pid\":null,\"uptime_seconds\":77,"
                                         "\"last_task_received\":\"2026-11-22T04:00:00\",\"tasks_processed\":-3}");
    assert_int_equal(d->uptime_s, 77);
    assert_int_equal(d->beat_ms, now - 4000);
    assert_int_equal(d->daemon_pid, NOT_KNOWN);
    assert_int_equal(d->tasks_processed, NOT_KNOWN);
    assert_int_equal(d->last_task_ms, INT64_C(1795320000000));
}

static void files_that_are_no_state_files_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "{}", "[]", "{\"status\":", "{\"hashrate\":1}", "{\"status\":\"x\"} {}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(state_of(bad[i]));
        assert_non_null(strstr(error.text, "miner-state.json"));
    }
}

/* ---- the judgement ------------------------------------------------------------------------------------------------ */

struct scene {            /* what one row of rig-files.md 2.6 looks like from outside */
    const char *pid_file; /* NULL: missing; "bad": invalid */
    const char *status;   /* NULL: no state file */
    int64_t state_pid, beat_age_ms;
    enum probe_state pid_state, named_state; /* of the processes of the pid file and the state file */
    bool pid_is_daemon, named_is_daemon, blind;
    enum daemon_state want;
    const char *why; /* a part of the sentence */
};

static const struct daemon *judged(const struct scene *s)
{
    struct docs docs = {0};
    struct origin origin[DOC_COUNT] = {0};
    bool bad = s->pid_file && strcmp(s->pid_file, "bad") == 0;
    int64_t pid = s->pid_file && !bad ? pid_of(bytes_of(s->pid_file))->pid : 0;
    struct state_doc *state = arena_alloc(&arena, sizeof *state);
    struct process_doc *probe = arena_alloc(&arena, sizeof *probe);
    *state = (struct state_doc){.status = s->status, .daemon_pid = s->state_pid, .beat_ms = now - s->beat_age_ms};
    *probe = (struct process_doc){.proc_readable = !s->blind, .error = s->blind ? "/proc: permission denied" : NULL};
    probe->by_pidfile = (struct process){pid,
                                         s->pid_state,
                                         s->pid_is_daemon ? "python3 src/miner_daemon.py" : "nginx: worker",
                                         s->pid_is_daemon,
                                         now - 11520000,
                                         NOT_KNOWN,
                                         NOT_KNOWN};
    probe->by_state = (struct process){s->state_pid > 0 ? s->state_pid : 0,
                                       s->named_state,
                                       "nginx: master",
                                       s->named_is_daemon,
                                       now - 60000,
                                       NOT_KNOWN,
                                       NOT_KNOWN};
    origin[DOC_PID] = (struct origin){.state = bad           ? ORIGIN_INVALID
                                               : s->pid_file ? ORIGIN_OK
                                                             : ORIGIN_MISSING,
                                      .error = bad ? "miner.pid: expected one process id, found \"bad\"" : NULL};
    origin[DOC_STATE].state = s->status ? ORIGIN_OK : ORIGIN_MISSING;
    docs.pid_doc = s->pid_file && !bad ? pid_of(bytes_of(s->pid_file)) : NULL;
    docs.state_doc = s->status ? state : NULL;
    docs.process_doc = probe;
    return daemon_at(&arena, &docs, origin, &settings, now);
}

static const struct scene scenes[] = {
    {"25217", "running", PID, 4000, PROBE_ALIVE, PROBE_ALIVE, true, true, false, DAEMON_UP,
     "process 25217 runs for 3h 12m, last heartbeat 4s ago"},
    {"25217", "running", PID, 30000, PROBE_ALIVE, PROBE_ALIVE, true, true, false, DAEMON_UP, "30s ago"},
    {"25217", "running", PID, 47000, PROBE_ALIVE, PROBE_ALIVE, true, true, false, DAEMON_STALE, "no heartbeat for 47s"},
    {"25217", "running", PID, 600000, PROBE_ALIVE, PROBE_ALIVE, true, true, false, DAEMON_STALE, "10m"},
    {"25217", "running", PID, 601000, PROBE_ALIVE, PROBE_ALIVE, true, true, false, DAEMON_HUNG,
     "last heartbeat was 10m"},
    {"25217", "stopped", PID, 4000, PROBE_ALIVE, PROBE_ALIVE, true, true, false, DAEMON_STALE, "says \"stopped\""},
    {"25217", "stopped", PID, 700000, PROBE_ALIVE, PROBE_ALIVE, true, true, false, DAEMON_HUNG, "11m"},
    {"25217", NULL, NOT_KNOWN, 0, PROBE_ALIVE, PROBE_GONE, true, false, false, DAEMON_STALE, "no state file"},
    {"25217", "running", PID, 4000, PROBE_ALIVE, PROBE_ALIVE, false, false, false, DAEMON_IMPOSTOR,
     "pid 25217 is now nginx: worker"},
    {"25217", "running", PID, 4000, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_DOWN, "does not exist"},
    {"25217", "running", PID, 4000, PROBE_ZOMBIE, PROBE_ZOMBIE, false, false, false, DAEMON_DOWN, "(zombie)"},
    {"25217", "initialized", NOT_KNOWN, 4000, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_DOWN, "25217"},
    {"25217", NULL, NOT_KNOWN, 0, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_DOWN, "no state file"},
    {"25217", "stopped", PID, 4000, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_STOPPED,
     "stopped cleanly 4s ago"},
    {"25217", "stopped", 25000, 4000, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_DOWN, "25217"},
    {"25217", "running", 25300, 4000, PROBE_GONE, PROBE_ALIVE, false, true, false, DAEMON_UP,
     "the other file names 25217"},
    {"25217", "running", 25300, 4000, PROBE_ALIVE, PROBE_ALIVE, true, false, false, DAEMON_UP,
     "the other file names 25300"},
    {"25217", "running", PID, 4000, PROBE_HIDDEN, PROBE_HIDDEN, false, false, false, DAEMON_UP, "cannot be read"},
    {"25217", "running", PID, 90000, PROBE_HIDDEN, PROBE_HIDDEN, false, false, false, DAEMON_UNKNOWN,
     "no fresh heartbeat"},
    {"25217", "running", PID, 4000, PROBE_GONE, PROBE_GONE, false, false, true, DAEMON_UNKNOWN,
     "/proc: permission denied"},
    {NULL, "running", PID, 4000, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_DOWN, "says \"running\""},
    {NULL, "running", PID, 4000, PROBE_GONE, PROBE_ALIVE, false, true, false, DAEMON_UP, "there is no pid file"},
    {NULL, "running", PID, 4000, PROBE_GONE, PROBE_ALIVE, false, false, false, DAEMON_IMPOSTOR,
     "pid 25217 is now nginx: master"},
    {NULL, "running", NOT_KNOWN, 4000, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_UNKNOWN, "names no process"},
    {NULL, "stopped", PID, 4000, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_STOPPED, "no pid file"},
    {NULL, "stopped", PID, 4000, PROBE_GONE, PROBE_ALIVE, false, false, false, DAEMON_STOPPED, "no pid file"},
    {NULL, "initialized", NOT_KNOWN, 4000, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_NEVER, "initialized"},
    {NULL, NULL, NOT_KNOWN, 0, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_NEVER,
     "no pid file and no state file yet"},
    {"bad", "running", PID, 4000, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_UNKNOWN,
     "expected one process id"},
    {"bad", "running", PID, 4000, PROBE_GONE, PROBE_ALIVE, false, true, false, DAEMON_UP, "expected one process id"},
    {"bad", NULL, NOT_KNOWN, 0, PROBE_GONE, PROBE_GONE, false, false, false, DAEMON_UNKNOWN, "expected one process id"},
};

static void each_situation_of_the_health_rules_is_judged_with_its_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        const struct daemon *d = judged(&scenes[i]);
        if (d->state != scenes[i].want || !strstr(d->why, scenes[i].why))
            fail_msg("scene %zu: %s, because %s", i, daemon_state_name(d->state), d->why);
    }
}

static void the_believed_process_gives_pid_uptime_and_beginning(void **state)
{
    (void)state;
    const struct daemon *up = judged(&scenes[0]), *down = judged(&scenes[9]), *other = judged(&scenes[15]);
    assert_int_equal(up->pid, PID);
    assert_int_equal(up->other_pid, NOT_KNOWN);
    assert_int_equal(up->uptime_s, 11520);
    assert_int_equal(up->since_ms, now - 11520000);
    assert_int_equal(up->beat_age_ms, 4000);
    assert_int_equal(down->since_ms, now - 4000);
    assert_int_equal(down->uptime_s, NOT_KNOWN);
    assert_int_equal(other->pid, 25300);
    assert_int_equal(other->other_pid, PID);
}

static const struct daemon *young(int64_t pid_age_ms)
{
    struct origin origin[DOC_COUNT] = {0};
    struct pid_doc pid = {PID, now - pid_age_ms};
    struct process_doc probe = {.proc_readable = true, .by_pidfile = {.pid = PID, .state = PROBE_GONE}};
    struct docs docs = {.pid_doc = &pid, .process_doc = &probe};
    origin[DOC_STATE].state = ORIGIN_MISSING;
    return daemon_at(&arena, &docs, origin, &settings, now);
}

static void a_starting_daemon_has_fifteen_seconds_of_grace(void **state)
{
    (void)state;
    assert_true(young(0)->grace);
    assert_true(young(14999)->grace);
    assert_false(young(15000)->grace);
    assert_false(young(-5000)->grace);
    assert_int_equal(young(0)->state, DAEMON_DOWN);
}

static void without_a_probe_nothing_is_claimed(void **state)
{
    (void)state;
    struct origin origin[DOC_COUNT] = {0};
    struct pid_doc pid = {PID, now};
    struct docs docs = {.pid_doc = &pid};
    assert_int_equal(daemon_at(&arena, &docs, origin, &settings, now)->state, DAEMON_UNKNOWN);
}

static void a_heartbeat_from_the_future_has_age_zero_and_a_mark(void **state)
{
    (void)state;
    struct scene s = scenes[0];
    s.beat_age_ms = -120000;
    assert_int_equal(judged(&s)->beat_age_ms, 0);
    assert_non_null(strstr(judged(&s)->why, "in the future (clock?)"));
}

static void files_that_went_away_mean_stopped(void **state)
{
    (void)state;
    struct origin origin[DOC_COUNT] = {0};
    struct pid_doc pid = {PID, now - 99000};
    struct process_doc probe = {.proc_readable = true};
    struct docs docs = {.pid_doc = &pid, .process_doc = &probe};
    origin[DOC_PID].state = origin[DOC_STATE].state = ORIGIN_MISSING;
    assert_int_equal(daemon_at(&arena, &docs, origin, &settings, now)->state, DAEMON_STOPPED);
}

static void the_files_own_time_wins_over_a_later_epoch_and_one_of_its_second(void **state)
{
    (void)state;
    char text[96];
    static const struct {
        int64_t epoch_s, want_ms;
    } rows[] = {
        {INT64_C(1700000000), INT64_C(1700000000000)}, /* a copied file: its daemon wrote long ago */
        {0, 0},                                        /* the second before the file's: as it says */
        {1, 1},                                        /* that of the file: the fraction is cut off */
        {3600, 1},                                     /* later than the file: a wrong clock */
    };
    int64_t mtime = now - 4000, second = mtime / 1000;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t epoch = rows[i].epoch_s > 1000000000 ? rows[i].epoch_s : second - 1 + rows[i].epoch_s;
        int64_t want = rows[i].want_ms > 1 ? rows[i].want_ms : rows[i].want_ms ? mtime : (second - 1) * 1000;
        snprintf(text, sizeof text, "{\"status\":\"running\",\"uptime_seconds\":%lld}", (long long)epoch);
        assert_int_equal(state_of(text)->beat_ms, want);
        assert_int_equal(state_of(text)->uptime_s, NOT_KNOWN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_pid_file_holds_one_number, tidy),
        cmocka_unit_test_teardown(the_running_fixture_tells_its_epoch_as_heartbeat, tidy),
        cmocka_unit_test_teardown(the_stopped_fixture_is_stopped, tidy),
        cmocka_unit_test_teardown(a_true_uptime_leaves_the_files_time_as_heartbeat, tidy),
        cmocka_unit_test_teardown(files_that_are_no_state_files_are_refused, tidy),
        cmocka_unit_test_teardown(each_situation_of_the_health_rules_is_judged_with_its_numbers, tidy),
        cmocka_unit_test_teardown(the_believed_process_gives_pid_uptime_and_beginning, tidy),
        cmocka_unit_test_teardown(a_starting_daemon_has_fifteen_seconds_of_grace, tidy),
        cmocka_unit_test_teardown(without_a_probe_nothing_is_claimed, tidy),
        cmocka_unit_test_teardown(a_heartbeat_from_the_future_has_age_zero_and_a_mark, tidy),
        cmocka_unit_test_teardown(files_that_went_away_mean_stopped, tidy),
        cmocka_unit_test_teardown(the_files_own_time_wins_over_a_later_epoch_and_one_of_its_second, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
