/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "auction/publish.h"
#include "auction/transition.h"
#include "base/timetext.h"

enum { NETUID = 1, TEMPO = 360 };

/* One poll a second with the same head; how many were made until the wait was over. */
static int polls_at(struct transition *t, int64_t head, int most)
{
    int polls = 0;
    for (; t->waiting && polls < most; polls++)
        transition_step(t, head);
    return polls;
}

/* The three scenarios of the reference's README, at real windows: 1020..1079, then 1080..1139. */
static void five_blocks_before_the_end_the_window_is_processed_now(void **state)
{
    (void)state;
    struct transition t = transition_begin(1075, NETUID, TEMPO);
    assert_false(t.waiting);
    assert_int_equal(t.window.start, 1020);
    transition_step(&t, 1080);
    assert_int_equal(t.waited_s, 0);
    assert_int_equal(t.window.start, 1020);
}

static void two_blocks_before_the_end_the_next_window_is_waited_for(void **state)
{
    (void)state;
    struct transition t = transition_begin(1078, NETUID, TEMPO);
    assert_true(t.waiting);
    assert_int_equal(polls_at(&t, 1078, 12), 12);
    assert_int_equal(polls_at(&t, 1079, 12), 12);
    assert_true(t.waiting);
    assert_int_equal(polls_at(&t, 1080, 12), 1);
    assert_true(t.detected);
    assert_false(t.timed_out);
    assert_int_equal(t.waited_s, 25);
    assert_int_equal(t.old_index, 0);
    assert_int_equal(t.window.index, 1);
    assert_int_equal(t.window.start, 1080);
    assert_int_equal(t.window.end, 1139);
    assert_int_equal(t.block, 1080);
}

static void slow_blocks_end_the_wait_after_48_seconds_with_the_old_window(void **state)
{
    (void)state;
    struct transition t = transition_begin(1079, NETUID, TEMPO);
    assert_int_equal(polls_at(&t, 1079, 100), 48);
    assert_true(t.timed_out);
    assert_false(t.detected);
    assert_int_equal(t.window.start, 1020);
    assert_int_equal(t.window.index, 0);
}

static void a_slow_last_block_that_comes_with_the_48th_poll_is_seen_and_said_to_be_late(void **state)
{
    (void)state;
    struct transition t = transition_begin(1077, NETUID, TEMPO);
    assert_int_equal(polls_at(&t, 1078, 47), 47);
    transition_step(&t, 1080);
    assert_true(t.detected && t.timed_out && !t.waiting);
    assert_int_equal(t.window.start, 1080);
}

static void skipped_blocks_lead_to_the_window_where_the_head_is(void **state)
{
    (void)state;
    struct transition t = transition_begin(1077, NETUID, TEMPO);
    transition_step(&t, 1084); /* nobody saw 1078..1083 */
    assert_true(t.detected);
    assert_int_equal(t.window.start, 1080);
    t = transition_begin(1077, NETUID, TEMPO);
    transition_step(&t, 1141); /* a whole window was slept through */
    assert_int_equal(t.window.start, 1140);
    t = transition_begin(1077, NETUID, TEMPO);
    transition_step(&t, 1077 + 361); /* the same index, an epoch later */
    assert_true(t.detected);
    assert_int_equal(t.window.index, 0);
    assert_int_equal(t.window.start, 1381);
}

static void a_head_that_falls_back_is_no_new_window(void **state)
{
    (void)state;
    struct transition t = transition_begin(1079, NETUID, TEMPO);
    transition_step(&t, 1077); /* reorganised: two blocks less */
    assert_true(t.waiting && !t.detected);
    transition_step(&t, 1012); /* another endpoint, far behind, in the window before */
    assert_true(t.waiting && !t.detected);
    assert_int_equal(t.window.start, 1020);
    transition_step(&t, NOT_KNOWN); /* and one that does not answer */
    assert_int_equal(t.block, 1012);
    transition_step(&t, 1080);
    assert_true(t.detected);
    assert_int_equal(t.waited_s, 4);
    transition_step(&t, 1079); /* over is over */
    assert_int_equal(t.window.start, 1080);
}

static void the_wait_begins_with_three_blocks_left(void **state)
{
    (void)state;
    static const struct {
        int64_t block;
        bool waits;
    } rows[] = {{1075, false}, {1076, false}, {1077, true}, {1078, true}, {1079, true},
                {1080, false}, {1377, false}, {1378, true}, {1380, true}, {1381, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(transition_begin(rows[i].block, NETUID, TEMPO).waiting, rows[i].waits);
}

static void the_epoch_of_the_subnet_may_turn_while_waiting(void **state)
{
    (void)state;
    struct transition t = transition_begin(1440, NETUID, TEMPO);
    transition_step(&t, 1441); /* a new epoch of the subnet begins here */
    assert_true(t.detected);
    assert_int_equal(t.window.start, 1441);
    assert_int_equal(t.window.end, 1500);
}

/* ---- publish or not ----------------------------------------------------------------------------------------------- */

static struct publish_facts usual(void)
{
    return (struct publish_facts){.text = "2;b;BTC,1=0.1:1",
                                  .workers = 1,
                                  .known = true,
                                  .record = bytes_of("2;b;BTC,1=0.1:1"),
                                  .record_block = 1000,
                                  .head = 1010};
}

static enum publish_why why(struct publish_facts f, bool publish)
{
    struct publish_advice a = publish_decide(&f);
    assert_int_equal(a.publish, publish);
    return a.why;
}

static void an_unchanged_and_fresh_commitment_is_not_published_again(void **state)
{
    (void)state;
    struct publish_facts f = usual();
    assert_int_equal(why(f, false), PUBLISH_UNCHANGED);
    f.head = 1000 + 359; /* 4308 s */
    assert_int_equal(why(f, false), PUBLISH_UNCHANGED);
    assert_int_equal(publish_decide(&f).age_s, 4308);
    f.head = 900; /* a lagging endpoint: it cannot be older than nothing */
    assert_int_equal(why(f, false), PUBLISH_UNCHANGED);
    assert_int_equal(publish_decide(&f).age_s, 0);
}

static void seventy_two_minutes_make_it_stale(void **state)
{
    (void)state;
    struct publish_facts f = usual();
    f.head = 1000 + 360;
    assert_int_equal(why(f, true), PUBLISH_STALE);
    assert_int_equal(publish_decide(&f).age_s, 4320);
    f.record_block = NOT_KNOWN;
    assert_int_equal(why(f, false), PUBLISH_UNCHANGED);
    assert_int_equal(publish_decide(&f).age_s, NOT_KNOWN);
}

static void another_text_none_or_an_unreadable_one_is_published_over(void **state)
{
    (void)state;
    struct publish_facts f = usual();
    f.record = bytes_of("2;b;BTC,1=0.1:2");
    assert_int_equal(why(f, true), PUBLISH_CHANGED);
    f.record = (struct bytes){0};
    assert_int_equal(why(f, true), PUBLISH_CHANGED);
    assert_int_equal(publish_decide(&f).age_s, NOT_KNOWN);
    f.record = (struct bytes){"2;b;BTC,1=0.1:1\xff", 16}; /* the whole record counts, its suffix too */
    assert_int_equal(why(f, true), PUBLISH_CHANGED);
    f = usual();
    f.known = false;
    assert_int_equal(why(f, true), PUBLISH_CHANGED);
}

static void force_publishes_whatever_the_chain_says(void **state)
{
    (void)state;
    struct publish_facts f = usual();
    f.force = true;
    assert_int_equal(why(f, true), PUBLISH_FORCED);
    f = usual();
    f.workers = 0;
    assert_int_equal(why(f, false), PUBLISH_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_blocks_before_the_end_the_window_is_processed_now),
        cmocka_unit_test(two_blocks_before_the_end_the_next_window_is_waited_for),
        cmocka_unit_test(slow_blocks_end_the_wait_after_48_seconds_with_the_old_window),
        cmocka_unit_test(a_slow_last_block_that_comes_with_the_48th_poll_is_seen_and_said_to_be_late),
        cmocka_unit_test(skipped_blocks_lead_to_the_window_where_the_head_is),
        cmocka_unit_test(a_head_that_falls_back_is_no_new_window),
        cmocka_unit_test(the_wait_begins_with_three_blocks_left),
        cmocka_unit_test(the_epoch_of_the_subnet_may_turn_while_waiting),
        cmocka_unit_test(an_unchanged_and_fresh_commitment_is_not_published_again),
        cmocka_unit_test(seventy_two_minutes_make_it_stale),
        cmocka_unit_test(another_text_none_or_an_unreadable_one_is_published_over),
        cmocka_unit_test(force_publishes_whatever_the_chain_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
