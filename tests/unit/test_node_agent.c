/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/agent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

enum { T0 = 1000000 };

struct world {
    struct agent a;
    int64_t now;
    struct agent_order got[AGENT_ORDERS];
    size_t count;
};

static void at(struct world *w, int64_t more_ms)
{
    w->now += more_ms;
    agent_at(&w->a, w->now, 0x1234567);
}

static void take(struct world *w)
{
    struct agent_order o;
    while (agent_next_order(&w->a, &o))
        w->got[w->count++] = o;
}

static void tick(struct world *w, int64_t more_ms)
{
    w->count = 0;
    at(w, more_ms);
    take(w);
    agent_tick(&w->a);
    take(w);
}

static size_t ordered(const struct world *w, enum agent_order_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < w->count; i++)
        n += w->got[i].kind == kind;
    return n;
}

static const struct agent_order *order_of(const struct world *w, enum agent_order_kind kind)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->got[i].kind == kind)
            return &w->got[i];
    fail_msg("no order of kind %d", (int)kind);
    return NULL;
}

static struct world new_world(void)
{
    const struct agent_options o = {.heartbeat_ms = 15000,
                                    .poll_ms = 3000,
                                    .drain_ms = 60000,
                                    .retry_ms = 5000,
                                    .jitter_pct = 10,
                                    .cpu_slots = 2,
                                    .gpu_slots = 1,
                                    .pending_most = 4,
                                    .attempts_most = 3};
    struct world w = {.now = T0};
    agent_open(&w.a, &o);
    at(&w, 0);
    agent_recovering(&w.a);
    return w;
}

static struct world online(void)
{
    struct world w = new_world();
    agent_connect(&w.a);
    tick(&w, 0);
    agent_answer(&w.a, CALL_REGISTER, -1, 200, 0);
    tick(&w, 0);
    return w;
}

static struct agent_job job(const char *id)
{
    struct agent_job j = {.deadline_ms = T0 + 900000, .restartable = true};
    snprintf(j.id, sizeof j.id, "%s", id);
    return j;
}

/* A job that runs: its place. */
static int running(struct world *w, const char *id)
{
    struct agent_job j = job(id);
    int i = agent_assigned(&w->a, &j);
    assert_true(i >= 0);
    tick(w, 0);
    assert_int_equal(ordered(w, ORDER_START), 1);
    agent_running(&w->a, i);
    return i;
}

static int uploading(struct world *w, const char *id, enum node_code code)
{
    int i = running(w, id);
    w->a.job[i].attempt = 9;
    agent_ended(&w->a, i, code);
    tick(w, 0);
    assert_int_equal(ordered(w, ORDER_PACK), 1);
    agent_packed(&w->a, i, true);
    tick(w, 0);
    assert_int_equal(ordered(w, ORDER_REPORT), 1);
    return i;
}

/* ---- calls ---- */

static void it_registers_then_tells_a_heartbeat_and_asks_for_work(void **state)
{
    (void)state;
    struct world w = new_world();
    tick(&w, 0);
    assert_int_equal(w.count, 0); /* not while jobs of before are looked through */
    agent_connect(&w.a);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_REGISTER), 1);
    assert_int_equal(w.a.state, AGENT_CONNECTING);
    tick(&w, 1000);
    assert_int_equal(w.count, 0); /* one at a time */
    agent_answer(&w.a, CALL_REGISTER, -1, 200, 0);
    assert_int_equal(w.a.state, AGENT_ONLINE);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_HEARTBEAT), 1);
    assert_int_equal(ordered(&w, ORDER_POLL), 1);
    agent_answer(&w.a, CALL_POLL, -1, 204, 0);
    agent_answer(&w.a, CALL_HEARTBEAT, -1, 200, 0);
    int64_t next = agent_next_ms(&w.a) - w.now;
    assert_true(next >= 2700 && next <= 3300); /* 3 s and a tenth to both sides */
    int64_t beat = w.a.call[CALL_HEARTBEAT].due_ms - w.now;
    assert_true(beat >= 13500 && beat <= 16500);
}

static void a_coordinator_that_is_down_is_asked_again_later_and_later_up_to_a_minute(void **state)
{
    (void)state;
    struct world w = new_world();
    agent_connect(&w.a);
    int64_t last = 0;
    for (int i = 0; i < 12; i++) {
        tick(&w, 0);
        assert_int_equal(ordered(&w, ORDER_REGISTER), 1);
        agent_answer(&w.a, CALL_REGISTER, -1, 0, 0);
        last = agent_next_ms(&w.a) - w.now;
        assert_true(last > 0 && last <= 66000);
        at(&w, last);
    }
    assert_true(last >= 54000);
    tick(&w, 0);
    agent_answer(&w.a, CALL_REGISTER, -1, 200, 0);
    assert_int_equal(w.a.state, AGENT_ONLINE);
}

static void
an_unreachable_coordinator_makes_it_degraded_and_a_sign_of_life_is_never_further_than_a_quarter_minute(void **state)
{
    (void)state;
    struct world w = online();
    for (int i = 0; i < 6; i++) {
        agent_answer(&w.a, CALL_HEARTBEAT, -1, 0, 0);
        assert_int_equal(w.a.state, AGENT_DEGRADED);
        int64_t wait = w.a.call[CALL_HEARTBEAT].due_ms - w.now;
        assert_true(wait > 0 && wait <= 16500);
        tick(&w, wait);
        assert_int_equal(ordered(&w, ORDER_HEARTBEAT), 1);
    }
    agent_answer(&w.a, CALL_HEARTBEAT, -1, 200, 0);
    assert_int_equal(w.a.state, AGENT_ONLINE);
}

static void a_coordinator_that_forgot_us_is_registered_with_once(void **state)
{
    (void)state;
    struct world w = online();
    agent_answer(&w.a, CALL_HEARTBEAT, -1, 404, 0);
    assert_int_equal(w.a.state, AGENT_CONNECTING);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_REGISTER), 1);
    tick(&w, 5000);
    assert_int_equal(ordered(&w, ORDER_REGISTER), 0);
}

static void a_refused_key_is_read_again_after_one_minute_and_then_every_five(void **state)
{
    (void)state;
    struct world w = online();
    agent_answer(&w.a, CALL_HEARTBEAT, -1, 401, 0);
    agent_answer(&w.a, CALL_POLL, -1, 401, 0);
    assert_true(w.a.side & AGENT_AUTH_FAILED);
    tick(&w, 59000);
    assert_int_equal(w.count, 0);
    tick(&w, 1000);
    assert_int_equal(ordered(&w, ORDER_KEY), 1);
    assert_int_equal(ordered(&w, ORDER_REGISTER), 1);
    agent_answer(&w.a, CALL_REGISTER, -1, 401, 0);
    tick(&w, 299000);
    assert_int_equal(w.count, 0);
    tick(&w, 1000);
    assert_int_equal(ordered(&w, ORDER_REGISTER), 1);
    agent_answer(&w.a, CALL_REGISTER, -1, 200, 0);
    assert_false(w.a.side & AGENT_AUTH_FAILED);
}

static void a_new_key_is_tried_at_once(void **state)
{
    (void)state;
    struct world w = online();
    agent_answer(&w.a, CALL_HEARTBEAT, -1, 403, 0);
    tick(&w, 1000);
    assert_int_equal(w.count, 0);
    agent_key_read(&w.a, true);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_REGISTER), 1);
}

static void a_pause_rests_every_call_and_reports_come_first_after_it(void **state)
{
    (void)state;
    struct world w = online();
    int i = uploading(&w, "a", E_NONE);
    agent_answer(&w.a, CALL_HEARTBEAT, -1, 429, 7);
    agent_answer(&w.a, CALL_REPORT, i, 503, 0);
    tick(&w, 6000);
    assert_int_equal(w.count, 0);
    tick(&w, 300000);
    assert_int_equal(w.got[0].kind, ORDER_REPORT);
}

static void a_body_that_is_not_understood_is_sent_once_more_as_the_least(void **state)
{
    (void)state;
    struct world w = online();
    agent_answer(&w.a, CALL_HEARTBEAT, -1, 422, 0);
    tick(&w, 0);
    assert_true(order_of(&w, ORDER_HEARTBEAT)->minimal);
    agent_answer(&w.a, CALL_HEARTBEAT, -1, 422, 0);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_HEARTBEAT), 0); /* no tight loop */
}

static void a_poll_that_breaks_the_coordinator_makes_a_heartbeat_tell_why(void **state)
{
    (void)state;
    struct world w = online();
    agent_answer(&w.a, CALL_HEARTBEAT, -1, 200, 0);
    agent_answer(&w.a, CALL_POLL, -1, 500, 0);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_HEARTBEAT), 1);
    assert_int_equal(ordered(&w, ORDER_POLL), 0);
}

/* ---- jobs ---- */

static void it_asks_only_while_a_slot_is_free_and_queues_no_more_than_it_may(void **state)
{
    (void)state;
    struct world w = online();
    running(&w, "a");
    running(&w, "b");
    agent_answer(&w.a, CALL_POLL, -1, 204, 0);
    tick(&w, 4000);
    assert_int_equal(ordered(&w, ORDER_POLL), 1); /* the GPU's slot is free */
    agent_answer(&w.a, CALL_POLL, -1, 204, 0);
    for (int i = 0; i < 4; i++) {
        char id[2] = {(char)('p' + i), 0};
        struct agent_job j = job(id);
        assert_true(agent_assigned(&w.a, &j) >= 0);
    }
    tick(&w, 4000);
    assert_int_equal(ordered(&w, ORDER_POLL), 0);
    assert_int_equal(ordered(&w, ORDER_START), 0);
    assert_int_equal(agent_inflight(&w.a), 6);
    agent_side(&w.a, AGENT_DISK_LOW, true);
    agent_ended(&w.a, 0, E_NONE);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_START), 0);
    agent_side(&w.a, AGENT_DISK_LOW, false);
    tick(&w, 0);
    assert_string_equal(w.a.job[order_of(&w, ORDER_START)->job].id, "p"); /* first come, first served */
}

static void a_job_of_the_gpu_that_waits_blocks_no_other(void **state)
{
    (void)state;
    struct world w = online();
    struct agent_job one = job("g1"), two = job("g2"), cpu = job("c");
    one.gpu = two.gpu = true;
    agent_assigned(&w.a, &one);
    agent_assigned(&w.a, &two);
    agent_assigned(&w.a, &cpu);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_START), 2);
    assert_int_equal(agent_slots_used(&w.a, true), 1);
    assert_int_equal(w.a.job[agent_find(&w.a, "g2")].state, JOB_ACKED);
}

static void a_gpu_job_on_a_node_without_gpus_fails_at_once(void **state)
{
    (void)state;
    struct world w = online();
    w.a.is.gpu_slots = 0;
    struct agent_job j = job("g");
    j.gpu = true;
    int i = agent_assigned(&w.a, &j);
    tick(&w, 0);
    assert_int_equal(w.a.job[i].code, E_NOGPU);
    assert_int_equal(ordered(&w, ORDER_PACK), 1);
}

static void a_job_that_comes_twice_is_one(void **state)
{
    (void)state;
    struct world w = online();
    struct agent_job j = job("a");
    assert_true(agent_assigned(&w.a, &j) >= 0);
    assert_int_equal(agent_assigned(&w.a, &j), -1);
    assert_int_equal(agent_resend(&w.a, "a", E_NONE), -1);
    int done = agent_resend(&w.a, "old", E_NONE); /* it was done before: its report again, nothing runs */
    tick(&w, 0);
    assert_int_equal(order_of(&w, ORDER_PACK)->job, done);
    assert_int_equal(order_of(&w, ORDER_START)->job, agent_find(&w.a, "a"));
}

static void a_report_is_sent_only_when_it_is_on_the_disk(void **state)
{
    (void)state;
    struct world w = online();
    int i = running(&w, "a");
    agent_ended(&w.a, i, E_NONE);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_REPORT), 0);
    agent_packed(&w.a, i, false);
    tick(&w, 100);
    assert_int_equal(ordered(&w, ORDER_PACK) + ordered(&w, ORDER_REPORT), 0);
    tick(&w, 5000);
    assert_int_equal(ordered(&w, ORDER_PACK), 1);
    agent_packed(&w.a, i, true);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_REPORT), 1);
    agent_answer(&w.a, CALL_REPORT, i, 200, 0);
    tick(&w, 0);
    assert_int_equal(w.a.job[i].state, JOB_DONE);
    assert_int_equal(w.got[0].kind, ORDER_SAVE); /* done on the disk first, then away with the entry */
    assert_int_equal(w.got[1].kind, ORDER_CLOSE);
}

static void a_report_follows_the_table_of_answers(void **state)
{
    (void)state;
    static const struct {
        int status;
        enum agent_job_state is;
        const char *why;
    } rows[] = {{200, JOB_DONE, NULL},      {404, JOB_LOST, "job_vanished"}, {409, JOB_LOST, "conflict"},
                {405, JOB_LOST, "refused"}, {500, JOB_UPLOADING, NULL},      {503, JOB_UPLOADING, NULL},
                {0, JOB_UPLOADING, NULL},   {401, JOB_UPLOADING, NULL},      {429, JOB_UPLOADING, NULL},
                {413, JOB_UPLOADING, NULL}, {422, JOB_UPLOADING, NULL},      {302, JOB_UPLOADING, NULL}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct world w = online();
        int i = uploading(&w, "a", E_NONE);
        agent_answer(&w.a, CALL_REPORT, i, rows[r].status, 0);
        assert_int_equal(w.a.job[i].state, rows[r].is);
        tick(&w, 0);
        if (rows[r].why)
            assert_string_equal(order_of(&w, ORDER_DEAD)->why, rows[r].why);
    }
}

static void a_result_that_is_too_large_is_tried_once_smaller_and_then_kept_aside(void **state)
{
    (void)state;
    static const int codes[] = {413, 422};
    for (size_t c = 0; c < 2; c++) {
        struct world w = online();
        int i = uploading(&w, "a", E_NONE);
        agent_answer(&w.a, CALL_REPORT, i, codes[c], 0);
        tick(&w, 0);
        assert_true(order_of(&w, ORDER_REPORT)->minimal);
        agent_answer(&w.a, CALL_REPORT, i, codes[c], 0);
        tick(&w, 0);
        assert_string_equal(order_of(&w, ORDER_DEAD)->why, "refused");
    }
}

static void what_may_pass_is_tried_three_times_here_before_it_is_told(void **state)
{
    (void)state;
    struct world w = online();
    int i = running(&w, "a");
    for (int attempt = 1; attempt < 3; attempt++) {
        agent_ended(&w.a, i, E_BACKEND);
        assert_int_equal(w.a.job[i].state, JOB_RETRY_WAIT);
        tick(&w, 1000);
        assert_int_equal(ordered(&w, ORDER_START), 0);
        tick(&w, 60000);
        assert_int_equal(ordered(&w, ORDER_START), 1);
        agent_running(&w.a, i);
    }
    agent_ended(&w.a, i, E_BACKEND);
    assert_int_equal(w.a.job[i].state, JOB_COLLECT);
    assert_int_equal(w.a.job[i].code, E_BACKEND);
}

static void a_job_that_waited_too_long_has_expired(void **state)
{
    (void)state;
    struct world w = online();
    running(&w, "a");
    running(&w, "b");
    struct agent_job j = job("c");
    int i = agent_assigned(&w.a, &j);
    assert_int_equal(agent_next_ms(&w.a) <= j.deadline_ms, 1);
    tick(&w, 900000);
    assert_int_equal(w.a.job[i].code, E_EXPIRED);
    assert_int_equal(w.a.job[i].state, JOB_COLLECT);
}

static void cancel_ends_what_runs_and_what_waits_and_not_what_is_over(void **state)
{
    (void)state;
    struct world w = online();
    int run = running(&w, "a");
    running(&w, "b");
    struct agent_job j = job("c");
    int waits = agent_assigned(&w.a, &j);
    assert_true(agent_cancel(&w.a, "a"));
    assert_true(agent_cancel(&w.a, "c"));
    assert_false(agent_cancel(&w.a, "nobody"));
    tick(&w, 0);
    assert_int_equal(order_of(&w, ORDER_STOP)->code, E_CANCELED);
    assert_int_equal(w.a.job[waits].code, E_CANCELED);
    agent_ended(&w.a, run, E_BACKEND); /* whatever it ended with: no other attempt */
    assert_int_equal(w.a.job[run].code, E_CANCELED);
    agent_packed(&w.a, run, true);
    assert_false(agent_cancel(&w.a, "a"));
    tick(&w, 0);
    agent_answer(&w.a, CALL_REPORT, run, 200, 0);
    assert_int_equal(w.a.job[run].state, JOB_CANCELED);
}

static void a_job_that_was_done_before_the_cancel_arrived_is_done(void **state)
{
    (void)state;
    struct world w = online();
    int i = running(&w, "a");
    assert_true(agent_cancel(&w.a, "a"));
    agent_ended(&w.a, i, E_NONE);
    assert_int_equal(w.a.job[i].code, E_NONE);
}

/* ---- drain and stop ---- */

static void drain_asks_for_nothing_finishes_what_it_has_and_resume_goes_on(void **state)
{
    (void)state;
    struct world w = online();
    struct agent_job j = job("a");
    agent_assigned(&w.a, &j);
    agent_drain(&w.a, true);
    assert_int_equal(w.a.state, AGENT_DRAINING);
    agent_answer(&w.a, CALL_POLL, -1, 204, 0);
    agent_answer(&w.a, CALL_HEARTBEAT, -1, 200, 0);
    tick(&w, 10000);
    assert_int_equal(ordered(&w, ORDER_POLL), 0);
    assert_int_equal(ordered(&w, ORDER_START), 1);
    agent_drain(&w.a, false);
    tick(&w, 0);
    assert_int_equal(w.a.state, AGENT_ONLINE);
    assert_int_equal(ordered(&w, ORDER_POLL), 1);
}

static void a_stop_waits_for_what_runs_then_ends_it_and_keeps_it_for_the_next_start(void **state)
{
    (void)state;
    struct world w = online();
    int i = running(&w, "a");
    agent_stop(&w.a);
    tick(&w, 1000);
    assert_int_equal(ordered(&w, ORDER_STOP) + ordered(&w, ORDER_EXIT), 0);
    tick(&w, 59000);
    assert_int_equal(order_of(&w, ORDER_STOP)->code, E_SHUTDOWN);
    agent_ended(&w.a, i, E_SHUTDOWN);
    assert_int_equal(w.a.job[i].state, JOB_RETRY_WAIT);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_START), 0);
    assert_int_equal(ordered(&w, ORDER_EXIT), 1);
    assert_int_equal(ordered(&w, ORDER_HEARTBEAT), 1);
    assert_string_equal(agent_states[w.a.state].says, "OFFLINE");
}

static void a_stop_with_nothing_to_do_ends_at_once_and_says_goodbye(void **state)
{
    (void)state;
    struct world w = online();
    agent_answer(&w.a, CALL_HEARTBEAT, -1, 200, 0);
    agent_stop(&w.a);
    tick(&w, 0);
    assert_int_equal(ordered(&w, ORDER_HEARTBEAT), 2); /* draining, and offline */
    assert_int_equal(ordered(&w, ORDER_EXIT), 1);
}

/* ---- recovery ---- */

static void every_state_that_a_crash_leaves_goes_on_as_the_table_says(void **state)
{
    (void)state;
    static const struct {
        enum agent_job_state was;
        bool restartable, report, entry;
        int crashes;
        enum agent_job_state is;
        enum node_code code;
    } rows[] = {
        {JOB_FREE, false, false, false, 0, JOB_ACKED, E_NONE},
        {JOB_ACKED, false, false, false, 0, JOB_ACKED, E_NONE},
        {JOB_PREP, false, false, false, 0, JOB_ACKED, E_NONE},
        {JOB_RETRY_WAIT, false, false, false, 0, JOB_ACKED, E_NONE},
        {JOB_RUNNING, true, false, false, 0, JOB_RETRY_WAIT, E_NONE},
        {JOB_RUNNING, false, false, false, 0, JOB_COLLECT, E_INTERRUPTED},
        {JOB_RUNNING, true, false, false, 2, JOB_COLLECT, E_CRASHLOOP},
        {JOB_RUNNING, false, true, false, 0, JOB_COLLECT, E_NONE}, /* its report was written: it had ended */
        {JOB_RUNNING, false, true, true, 0, JOB_UPLOADING, E_NONE},
        {JOB_COLLECT, true, true, false, 0, JOB_COLLECT, E_NONE},
        {JOB_COLLECT, true, false, false, 0, JOB_RETRY_WAIT, E_NONE},
        {JOB_COLLECT, false, true, true, 0, JOB_UPLOADING, E_NONE},
        {JOB_UPLOADING, false, true, true, 0, JOB_UPLOADING, E_NONE},
        {JOB_UPLOADING, false, true, false, 0, JOB_COLLECT, E_NONE},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct world w = new_world();
        struct agent_job found = job("a");
        found.state = rows[r].was;
        found.restartable = rows[r].restartable;
        found.crashes = rows[r].crashes;
        found.attempt = 1;
        int i = agent_found(&w.a, &found, rows[r].report, rows[r].entry);
        assert_true(i >= 0);
        assert_int_equal(w.a.job[i].state, rows[r].is);
        assert_int_equal(w.a.job[i].code, rows[r].code);
        assert_int_equal(w.a.job[i].slot, -1);
    }
}

static void what_is_over_is_left_alone(void **state)
{
    (void)state;
    for (int s = JOB_DONE; s < JOB_STATES; s++) {
        struct world w = new_world();
        struct agent_job found = job("a");
        found.state = (enum agent_job_state)s;
        assert_int_equal(agent_found(&w.a, &found, true, false), -1);
        assert_int_equal(agent_count(&w.a, ~(1U << JOB_FREE)), 0);
    }
}

static void what_expired_while_the_node_was_down_is_told_so(void **state)
{
    (void)state;
    static const enum agent_job_state was[] = {JOB_ACKED, JOB_RUNNING};
    for (size_t k = 0; k < 2; k++) {
        struct world w = new_world();
        struct agent_job found = job("a");
        found.state = was[k];
        found.deadline_ms = T0 - 1;
        int i = agent_found(&w.a, &found, false, false);
        assert_int_equal(w.a.job[i].code, E_EXPIRED);
    }
}

static void a_cancelled_job_does_not_rise_again(void **state)
{
    (void)state;
    struct world w = new_world();
    struct agent_job found = job("a");
    found.state = JOB_RUNNING;
    found.canceled = true;
    int i = agent_found(&w.a, &found, false, false);
    assert_int_equal(w.a.job[i].code, E_CANCELED);
}

static void only_listed_moves_are_legal(void **state)
{
    (void)state;
    assert_true(agent_job_may(JOB_RUNNING, JOB_COLLECT));
    assert_false(agent_job_may(JOB_ACKED, JOB_DONE));
    for (int s = JOB_DONE; s < JOB_STATES; s++)
        for (int to = 0; to < JOB_STATES; to++)
            assert_false(agent_job_may((enum agent_job_state)s, (enum agent_job_state)to));
    for (int s = JOB_ACKED; s < JOB_STATES; s++)
        assert_int_equal(agent_job_state_of(agent_job_states[s]), s);
    assert_int_equal(agent_job_state_of("WHAT"), JOB_FREE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_registers_then_tells_a_heartbeat_and_asks_for_work),
        cmocka_unit_test(a_coordinator_that_is_down_is_asked_again_later_and_later_up_to_a_minute),
        cmocka_unit_test(
            an_unreachable_coordinator_makes_it_degraded_and_a_sign_of_life_is_never_further_than_a_quarter_minute),
        cmocka_unit_test(a_coordinator_that_forgot_us_is_registered_with_once),
        cmocka_unit_test(a_refused_key_is_read_again_after_one_minute_and_then_every_five),
        cmocka_unit_test(a_new_key_is_tried_at_once),
        cmocka_unit_test(a_pause_rests_every_call_and_reports_come_first_after_it),
        cmocka_unit_test(a_body_that_is_not_understood_is_sent_once_more_as_the_least),
        cmocka_unit_test(a_poll_that_breaks_the_coordinator_makes_a_heartbeat_tell_why),
        cmocka_unit_test(it_asks_only_while_a_slot_is_free_and_queues_no_more_than_it_may),
        cmocka_unit_test(a_job_of_the_gpu_that_waits_blocks_no_other),
        cmocka_unit_test(a_gpu_job_on_a_node_without_gpus_fails_at_once),
        cmocka_unit_test(a_job_that_comes_twice_is_one),
        cmocka_unit_test(a_report_is_sent_only_when_it_is_on_the_disk),
        cmocka_unit_test(a_report_follows_the_table_of_answers),
        cmocka_unit_test(a_result_that_is_too_large_is_tried_once_smaller_and_then_kept_aside),
        cmocka_unit_test(what_may_pass_is_tried_three_times_here_before_it_is_told),
        cmocka_unit_test(a_job_that_waited_too_long_has_expired),
        cmocka_unit_test(cancel_ends_what_runs_and_what_waits_and_not_what_is_over),
        cmocka_unit_test(a_job_that_was_done_before_the_cancel_arrived_is_done),
        cmocka_unit_test(drain_asks_for_nothing_finishes_what_it_has_and_resume_goes_on),
        cmocka_unit_test(a_stop_waits_for_what_runs_then_ends_it_and_keeps_it_for_the_next_start),
        cmocka_unit_test(a_stop_with_nothing_to_do_ends_at_once_and_says_goodbye),
        cmocka_unit_test(every_state_that_a_crash_leaves_goes_on_as_the_table_says),
        cmocka_unit_test(what_is_over_is_left_alone),
        cmocka_unit_test(what_expired_while_the_node_was_down_is_told_so),
        cmocka_unit_test(a_cancelled_job_does_not_rise_again),
        cmocka_unit_test(only_listed_moves_are_legal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
